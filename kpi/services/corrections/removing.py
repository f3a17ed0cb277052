"""Wrong rows are deleted; what others refer to only with everything that hangs on it."""

from collections.abc import Callable, Mapping

from kpi.records.entity import Entity
from kpi.services.corrections.words import Act, InUse, listed
from kpi.store.corrections import contacts, conversation, finding, removing, scoped
from kpi.store.corrections.counting import recounting
from kpi.store.corrections.referring import referring
from kpi.store.store import Record

_REASON = "its interaction was deleted"
_WITH_EVERYTHING = "delete it with everything (--with-everything; over REST with_everything=true)"
_ADVICE = {
    "accounts": f"Merge it into the account it really is, or {_WITH_EVERYTHING}.",
    "contacts": f"Move them to the account they belong to, or {_WITH_EVERYTHING}.",
    "surveys": f"Delete its answers first, or {_WITH_EVERYTHING}.",
    "owners": "Hand their accounts over (`kpibot owner handover`); who once was asked or answered for stays.",
}


def remove(act: Act, entity: Entity, row: Record, *, everything: bool) -> Mapping[str, int]:
    """Delete a found row, whose account is locked; how many rows of what went. InUse says what refers to it, and what
    to do instead."""
    refers: Mapping[str, int] = {}
    if entity.name in _ADVICE:
        (key,) = entity.key
        refers = referring(act.tx, entity.name, _locked(act, entity, row))
        if refers and not (everything and entity.name != "owners"):
            raise InUse(f"“{row[key]}” has {listed(refers)}, so it is not deleted by itself. {_ADVICE[entity.name]}")
    _WAYS.get(entity.name, _row)(act, entity, row)
    return {entity.name: 1, **refers}


def _locked(act: Act, entity: Entity, row: Record) -> int:
    """The row's id; nobody adds what refers to it any more."""
    (key,) = entity.key
    if entity.name == "contacts":
        finding.lock_accounts(act.tx, contacts.places(act.tx, row[key]))
    (stored,) = finding.locked(act.tx, entity.name, row[key])
    return int(stored[f"{entity.name.removesuffix('s')}_id"])


def _row(act: Act, entity: Entity, row: Record) -> None:
    removing.remove_row(act.tx, entity, row)


def _owner(act: Act, entity: Entity, row: Record) -> None:
    scoped.drop(act.tx, "owner", _locked(act, entity, row), act.now)
    removing.remove_row(act.tx, entity, row)


def _account(act: Act, entity: Entity, row: Record) -> None:
    account_id = _locked(act, entity, row)
    with recounting(act.tx, act.zone.key) as recount:
        removing.empty_account(recount, account_id, act.now)
    removing.remove_account(act.tx, account_id, act.now)


def _contact(act: Act, entity: Entity, row: Record) -> None:
    contact_id = _locked(act, entity, row)
    with recounting(act.tx, act.zone.key) as recount:
        conversation.remove_all(recount, "contact_id", contact_id, act.now)
    removing.remove_contacts(act.tx, finding.standing(act.tx, entity, row))


def _survey(act: Act, entity: Entity, row: Record) -> None:
    with recounting(act.tx, act.zone.key) as recount:
        conversation.remove_survey(recount, _locked(act, entity, row), act.now)


def _messages(act: Act, entity: Entity, row: Record) -> None:
    removing.remove_messages(act.tx, entity, row)


def _interaction(act: Act, entity: Entity, row: Record) -> None:
    interaction_id = _locked(act, entity, row)
    with recounting(act.tx, act.zone.key) as recount:
        conversation.remove_interaction(recount, interaction_id, _REASON, act.now)


def _version(act: Act, _entity: Entity, row: Record) -> None:
    survey_id = finding.id_of(act.tx, "surveys", row["survey"]) if row["survey"] else None
    with recounting(act.tx, act.zone.key) as recount:
        conversation.remove_version(recount, row["reply"], survey_id)
    if survey_id is not None:
        conversation.reopen(act.tx, survey_id, act.now)


_WAYS: Mapping[str, Callable[[Act, Entity, Record], None]] = {
    "owners": _owner,
    "accounts": _account,
    "contacts": _contact,
    "messages": _messages,
    "interactions": _interaction,
    "surveys": _survey,
    "replies": _version,
}
"""All others are removed as they stand."""

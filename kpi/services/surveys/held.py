"""Answers of people nobody knows: kept apart until one of our people says who they are, then counted or let go."""

from collections.abc import Sequence
from datetime import datetime

from kpi.errors import KpiError
from kpi.model import Account, Actor, Contact, Message, Person
from kpi.policy import Policy
from kpi.services.surveys import answering
from kpi.services.surveys.words import Phrasing, Said, Stranger, Ways
from kpi.store import accounts, audit, contacts, held, surveys
from kpi.store.store import Record, Tx

COUNTED, DISCARDED = "counted", "discarded"
ALIKE = 3
"""How many of the account's contacts are suggested."""
_GONE = "Nobody waits to be mapped there any more; nothing was changed."


def put(tx: Tx, policy: Policy, survey: Record, actor: Actor, said: tuple[Said, datetime]) -> tuple[Record, bool]:
    """Keep what a stranger says to a locked survey; the row, and whether it says anything new.

    Closed and Scoreless as for anybody else.
    """
    what, now = said
    found = held.of_user(tx, survey["survey_id"], actor.user_id)
    answering.require_taken(policy, survey, (found, what), now)
    if found is not None and all(found[name] == value for name, value in what.given.items()):
        return found, False
    return held.put(tx, survey["survey_id"], actor, what.given, now), True


def introduce(tx: Tx, phrasing: Phrasing, ways: Ways, survey: Record, actor: Actor) -> Message | None:
    """Ask the account's manager, once a person, who this is; None where there is nobody to ask."""
    account = accounts.find(tx, survey["account_id"])
    told = ways.whom(account) if account else None
    if account is None or told is None:
        return None
    payload = phrasing.stranger(stranger(tx, account, actor))
    return Message("notice", "person", told, payload, f"stranger:{account.id}:{actor.user_id}")


def stranger(tx: Tx, account: Account, actor: Actor) -> Stranger:
    """Who it might be: by the names of the account's contacts, never by an address another company controls."""
    nameless = [each for each in accounts.contacts(tx, account.id) if each.slack_user_id is None and each.name]
    return Stranger(account, actor.user_id, actor.team_id, actor.name, tuple(_likest(actor.name, nameless)[:ALIKE]))


def mapped(tx: Tx, policy: Policy, account_id: int, someone: Actor, now: datetime) -> int:
    """Count what a user said while nobody knew them, as the contact of the account they are by now; how many answers.

    An answer keeps its own instant and is recorded now, so that figures of before tell it as late.
    """
    waiting = held.waiting(tx, account_id, someone.user_id)
    if not waiting:
        return 0
    contact = accounts.contact_of_user(tx, account_id, someone.user_id)
    contact = contact or accounts.add_contact(tx, account_id, Person(someone.user_id, someone.team_id, someone.name))
    for row in waiting:
        _count(tx, policy, row, contact, now)
        held.decide(tx, row["held_id"], (COUNTED, f"contact:{contact.id}"), now)
    return len(waiting)


def discard(tx: Tx, account_id: int, user_id: str, by: Actor, now: datetime) -> int:
    """Let go what a user said: they are no client of this account. Kept as discarded, counted nowhere."""
    waiting = held.waiting(tx, account_id, user_id)
    if not waiting:
        raise KpiError(_GONE)
    for row in waiting:
        held.decide(tx, row["held_id"], (DISCARDED, by.user_id), now)
    audit.add(tx, now, by.user_id, "answer.discard", f"account:{account_id}", after={"slack_user_id": user_id})
    return len(waiting)


def require_contact(tx: Tx, account_id: int, contact_id: int, user_id: str) -> None:
    """Raise KpiError unless a contact of the account may turn out to be this user."""
    found = accounts.find_contact(tx, contact_id)
    if found is None or found.account_id != account_id:
        raise KpiError(_GONE)
    if found.slack_user_id not in (None, user_id):
        raise KpiError(f"{found.name} is somebody else in Slack already; nothing was changed.")


def become(tx: Tx, contact_id: int, someone: tuple[str, str], by: Actor, now: datetime) -> None:
    """A stranger (user, organisation) is this contact: from now on by their Slack user."""
    contacts.become(tx, contact_id, someone, now)
    noted = dict(zip(("slack_user_id", "slack_team_id"), someone, strict=True))
    audit.add(tx, now, by.user_id, "contact.map", f"contact:{contact_id}", after=noted)


def _count(tx: Tx, policy: Policy, row: Record, contact: Contact, now: datetime) -> None:
    survey = surveys.get(tx, row["survey_id"], lock=True)
    if survey is None or row["score"] is None:
        return
    if answering.answer_of(tx, survey, contact) is not None:
        return  # they answered it by another way, as themselves
    given = {name: row[name] for name in ("score", "comment", "tags")}
    said = (contact, answering.respondent_name(contact), given)
    answering.first(tx, policy, survey, said, (row["answered_at"], now))


def _likest(name: str, known: Sequence[Contact]) -> list[Contact]:
    from rapidfuzz import fuzz  # only who meets strangers needs it

    scored = [(fuzz.token_sort_ratio(name.casefold(), each.name.casefold()), each) for each in known]
    return [each for score, each in sorted(scored, key=lambda pair: (-pair[0], pair[1].name)) if score > 0]

"""Accounts that are one, owners who hand over, people who change sides."""

from kpi.errors import KpiError
from kpi.services.corrections import naming
from kpi.services.corrections.words import Act, Done, Row, listed
from kpi.store.corrections import contacts, conversation, finding, merging, owners, scoped
from kpi.store.corrections.counting import recounting
from kpi.store.corrections.forgetting import forget
from kpi.store.store import Record

_MOVED_AWAY = "the contact moved to another account"
_NOBODY: Record = {"owner_id": None, "key": None, "name": "nobody"}
_TOLD = ("key", "name", *merging.FILLED)


def merge(act: Act, old: str, into: str) -> Done:
    """Everything of one account belongs to another, which means it from then on."""
    tx = act.tx
    gone, kept = finding.locked(tx, "accounts", old, into)
    if gone["account_id"] == kept["account_id"]:
        raise KpiError(f"“{old}” and “{into}” are the same account; there is nothing to merge.")
    merging.hold(tx, gone["account_id"])
    both = contacts.twins(tx, gone["account_id"], kept["account_id"])
    with recounting(tx, act.zone.key) as recount:
        for one, other in both:
            contacts.absorb(recount, one, other)
        moved = merging.absorb(recount, gone, kept)
        scoped.repoint(tx, "account", gone["account_id"], kept["account_id"], act.now)
    for one, other in both:
        forget(tx, "contacts", one, other["contact_id"])
    forget(tx, "accounts", gone, kept["account_id"])
    told = {name: gone[name] for name in _TOLD if gone[name] is not None}
    act.note("account.merge", f"account:{kept['account_id']}", before=told, after=moved)
    return Done(f"“{gone['key']}” is now part of “{kept['key']}” ({kept['name']}), and means it.", moved)


def assign(act: Act, account: str, owner: str | None) -> Done:
    """An account has another owner from now on, or none; what was answered so far stays with the one before."""
    (found,) = finding.locked(act.tx, "accounts", account)
    new = finding.locked(act.tx, "owners", owner)[0] if owner else _NOBODY
    owners.keep_answers(act.tx, found["account_id"], found["owner_id"])
    owners.assign(act.tx, found["account_id"], new["owner_id"])
    change = {"before": {"owner": owners.key(act.tx, found["owner_id"])}, "after": {"owner": new["key"]}}
    act.note("account.assign", f"account:{found['account_id']}", **change)
    return Done(f"{found['name']} is looked after by {new['name']} from now on.", {"accounts": 1})


def handover(act: Act, gone: str, into: str, *, people: bool) -> Done:
    """All accounts of one owner, and what they see to that is open, are another's; with `people` whom they manage."""
    tx = act.tx
    theirs = owners.accounts_of(tx, gone)
    finding.lock_accounts(tx, theirs)
    one, other = finding.locked(tx, "owners", gone, into)
    if one["owner_id"] == other["owner_id"]:
        raise KpiError(f"“{gone}” and “{into}” are the same owner; there is nothing to hand over.")
    for account_id in theirs:
        owners.keep_answers(tx, account_id, one["owner_id"])
        owners.assign(tx, account_id, other["owner_id"])
    moved = {"accounts": len(theirs), **owners.take_over_open(tx, one["owner_id"], other["owner_id"])}
    if people:
        above = one["manager_id"] if one["manager_id"] != other["owner_id"] else None
        moved["people they manage"] = owners.take_over_people(tx, one["owner_id"], other["owner_id"], above)
    act.note("owner.handover", f"owner:{one['owner_id']}", after={"into": other["key"], **moved})
    return Done(f"{other['name']} takes over from {one['name']}: {listed(moved) or 'there was nothing'}.", moved)


def move(act: Act, contact: str, account: str) -> Done:
    """A person belongs to another account from now on; what happened stays where it happened."""
    tx = act.tx
    _, row = naming.find(tx, Row("contacts", {"contact": contact}), act.zone)
    before, to = finding.locked(tx, "accounts", row["account"], account)
    (person,) = finding.locked(tx, "contacts", contact)
    if before["account_id"] == to["account_id"]:
        raise KpiError(f"“{contact}” belongs to “{to['key']}” already.")
    unasked = conversation.cancel_asking(tx, person["contact_id"], _MOVED_AWAY, act.now)
    _change_side(act, person, to["account_id"])
    change = {"before": {"account": before["key"]}, "after": {"account": to["key"], "cancelled": unasked}}
    act.note("contact.move", f"contact:{person['contact_id']}", **change)
    name = person["name"] or person["key"]
    return Done(f"{name} belongs to {to['name']} from now on.", {"contacts": 1, "cancelled surveys": unasked})


def _change_side(act: Act, person: Record, account_id: int) -> None:
    """Whoever is a contact there already stays that one."""
    there = contacts.of_user(act.tx, account_id, person["slack_user_id"]) if person["slack_user_id"] else None
    if there is None:
        contacts.move(act.tx, person["contact_id"], account_id, act.now)
        return
    with recounting(act.tx, act.zone.key) as recount:
        contacts.absorb(recount, person, there)
    forget(act.tx, "contacts", person, there["contact_id"])
    contacts.move(act.tx, there["contact_id"], account_id, act.now)

"""Who is in an account's channel: its contacts, and people from outside who are none."""

from collections.abc import Mapping, Sequence

from kpi.errors import KpiError
from kpi.model import Account, Actor, Person
from kpi.services.accounts import contacts
from kpi.services.accounts.saving import GONE, Saving
from kpi.services.accounts.words import Circle
from kpi.services.people import People
from kpi.store import accounts, audit, portfolio
from kpi.store.store import Tx

ADDED = "contact.add"


def drawn(tx: Tx, people: People, account: Account, seen: tuple[Sequence[str], Mapping[str, Person]]) -> Circle:
    """The circle of an account, from its channel's members and what is known of them (`seen`)."""
    members, known = seen
    stored = contacts.by_user(portfolio.contacts(tx, account.id))
    present = [known[user_id] for user_id in members if user_id in known]
    return Circle(
        account,
        account.channel_id or "",
        tuple(stored[one.user_id]["name"] or one.name for one in present if one.user_id in stored),
        tuple(one for one in present if one.user_id not in stored and is_stranger(people, one)),
        len(set(members) - set(known)),
    )


def is_stranger(people: People, someone: Person) -> bool:
    """Whether this is a person from outside."""
    return people.is_external(someone) and not (someone.is_bot or someone.is_deleted)


def joined(tx: Tx, saving: Saving, account_id: int, user_ids: Sequence[str], by: Actor) -> tuple[str, ...]:
    """Make these users contacts of an account; the names of those who were not, which are also all that audit notes.

    KpiError where one of them cannot be, and then none is.
    """
    account = portfolio.find(tx, account_id)
    if account is None:
        raise KpiError(GONE)
    ours = contacts.looking_after(tx, by)
    for user_id in user_ids:
        why = contacts.why_not(user_id, saving.people.get(user_id), ours)
        if why is not None:
            raise KpiError(why)
    stored = contacts.by_user(portfolio.contacts(tx, account_id))
    new = [user for user in dict.fromkeys(user_ids) if user not in stored or stored[user]["confirmed_at"] is None]
    people = tuple(saving.people[user_id] for user_id in new)
    saving.confirm(account, people)
    if people:
        noted = [{"name": one.name, "slack_user_id": one.user_id, "slack_team_id": one.team_id} for one in people]
        audit.add(tx, saving.now, by.user_id, ADDED, f"account:{account_id}", after={"contacts": noted})
    return tuple(one.name or one.user_id for one in people)


def account_of(tx: Tx, account_id: int) -> Account:
    """The account; KpiError when it is there no more."""
    found = accounts.find(tx, account_id)
    if found is None:
        raise KpiError(GONE)
    return found


def unseen(account: Account) -> Circle:
    """The circle of a channel nobody shows us."""
    return Circle(account, account.channel_id or "", (), (), is_seen=False)

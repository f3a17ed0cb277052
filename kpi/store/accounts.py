"""Accounts, their owners and their contacts."""

from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, Select, Table, Text, cast, func, or_, select, update

from kpi.model import Account, Contact, Owner, Person
from kpi.store.store import Record, Tx
from kpi.store.tables import account, account_alias, contact, contact_alias, owner, reply

Ref = int | str
"""What names a row from outside: our id, or the operator's key."""
MADE_BY_US = "slack:"
"""How the keys begin that we make for people nobody has named yet."""


def find(tx: Tx, ref: Ref) -> Account | None:
    """The account of this id or key; the key of one that was merged into another means that one."""
    return _one(tx, _called(account, account_alias, ref))


def by_channel(tx: Tx, channel_id: str) -> Account | None:
    """The account that shares this channel with us; None also when several do."""
    found = in_channel(tx, channel_id)
    return found[0] if len(found) == 1 else None


def in_channel(tx: Tx, channel_id: str) -> tuple[Account, ...]:
    """The accounts that share this channel with us, by name."""
    query = _accounts(tx).where(account.c.channel_id == channel_id)
    return tuple(account_of(row) for row in tx.rows(query.order_by(account.c.name, account.c.account_id)))


def listing(tx: Tx, search: str = "", limit: int = 1000) -> tuple[Account, ...]:
    """Accounts whose name or key contains `search`, by name."""
    query = _accounts(tx).order_by(func.lower(account.c.name), account.c.account_id).limit(limit)
    if search:
        query = query.where(or_(*(_contains(column, search) for column in (account.c.name, account.c.key))))
    return tuple(account_of(row) for row in tx.rows(query))


def lock(tx: Tx, account_id: int) -> bool:
    """Nobody else logs, answers or counts days for this account until the transaction ends; whether it is there."""
    query = select(account.c.account_id).where(tx.mine(account), account.c.account_id == account_id)
    return tx.value(query.with_for_update(key_share=True)) is not None


def find_owner(tx: Tx, ref: Ref) -> Owner | None:
    """The owner of this id or key."""
    condition = owner.c.owner_id == ref if isinstance(ref, int) else owner.c.key == ref
    row = tx.row(select(owner).where(tx.mine(owner), condition))
    return None if row is None else Owner(row["owner_id"], row["name"], row["slack_user_id"])


def find_contact(tx: Tx, ref: Ref) -> Contact | None:
    """The contact of this id or key; the key of one that was merged into another means that one."""
    row = tx.row(_contacts(tx).where(_called(contact, contact_alias, ref)))
    return None if row is None else contact_of(row)


def contacts(tx: Tx, account_id: int, search: str = "", limit: int = 1000) -> tuple[Contact, ...]:
    """An account's contacts by name, those whose name contains `search`."""
    query = _contacts(tx).where(contact.c.account_id == account_id).order_by(contact.c.name, contact.c.contact_id)
    found = tx.rows(query.where(_contains(contact.c.name, search)).limit(limit))
    return tuple(contact_of(row) for row in found)


def contact_of_user(tx: Tx, account_id: int, slack_user_id: str) -> Contact | None:
    """The contact a Slack user is at this account."""
    query = _contacts(tx).where(contact.c.account_id == account_id, contact.c.slack_user_id == slack_user_id)
    row = tx.row(query)
    return None if row is None else contact_of(row)


def contact_who_answered(tx: Tx, survey_id: int, slack_user_id: str) -> Contact | None:
    """The contact as whom a Slack user answered this survey, wherever they belong today."""
    theirs = (reply.c.workspace_id == contact.c.workspace_id, reply.c.contact_id == contact.c.contact_id)
    answered = select(reply.c.reply_id).where(*theirs, reply.c.survey_id == survey_id).exists()
    row = tx.row(_contacts(tx).where(contact.c.slack_user_id == slack_user_id, answered).limit(1))
    return None if row is None else contact_of(row)


def add_contact(tx: Tx, account_id: int, someone: Person) -> Contact:
    """A contact for a Slack user who spoke up; unconfirmed, and the same one however often they do."""
    key = f"{MADE_BY_US}{account_id}:{someone.team_id}:{someone.user_id}"
    values = {
        "key": key if find_contact(tx, key) is None else f"{key}:{uuid4().hex[:8]}",  # who had it belongs elsewhere now
        "account_id": account_id,
        "name": someone.name,
        "slack_user_id": someone.user_id,
        "slack_team_id": someone.team_id or None,
    }
    row = tx.insert_once(contact, values)
    found = contact_of(row) if row else contact_of_user(tx, account_id, someone.user_id)
    if found is None:
        raise RuntimeError(f"the contact's key {values['key']} belongs to somebody else")
    return found


def set_team(tx: Tx, contact_id: int, slack_team_id: str) -> None:
    """Remember a contact's organisation where it was not known."""
    condition = (contact.c.contact_id == contact_id, contact.c.slack_team_id.is_(None))
    tx.run(update(contact).where(tx.mine(contact), *condition).values(slack_team_id=slack_team_id))


def same_person(tx: Tx, contact_id: int) -> list[int]:
    """The contacts, at any account, that are this person: itself, and whoever is the same Slack user or has the same
    e-mail address as one of them.

    Nobody else decides about this person until the transaction ends.
    """
    found = _locked(tx, _alike(tx, {contact_id}))
    while (more := _alike(tx, set(found))) != set(found):
        found = _locked(tx, more)
    return found


def lock_people(tx: Tx, account_id: int) -> None:
    """Nobody else decides about the people of an account until the transaction ends; taken in one order by all."""
    theirs = select(contact.c.contact_id).where(tx.mine(contact), contact.c.account_id == account_id)
    found = {row["contact_id"] for row in tx.rows(theirs)}
    while (more := _alike(tx, found)) != found:
        found = more
    _locked(tx, found)


def _alike(tx: Tx, contact_ids: set[int]) -> set[int]:
    """These contacts, and those that share a Slack user or an e-mail address with one of them."""
    this = contact.alias("this")
    same = or_(
        contact.c.contact_id == this.c.contact_id,
        contact.c.slack_user_id == this.c.slack_user_id,
        func.lower(contact.c.email) == func.lower(this.c.email),
    )
    joined = select(contact.c.contact_id).join(this, this.c.workspace_id == contact.c.workspace_id)
    rows = tx.rows(joined.where(tx.mine(contact), this.c.contact_id.in_(contact_ids), same).distinct())
    return {row["contact_id"] for row in rows}


def _locked(tx: Tx, contact_ids: set[int]) -> list[int]:
    these = select(contact.c.contact_id).where(tx.mine(contact), contact.c.contact_id.in_(contact_ids))
    rows = tx.rows(these.order_by(contact.c.contact_id).with_for_update(key_share=True))
    return [row["contact_id"] for row in rows]


def _accounts(tx: Tx) -> Select[Any]:
    named_owner = (owner.c.name.label("owner_name"), owner.c.slack_user_id.label("owner_user"))
    same_owner = (owner.c.workspace_id == account.c.workspace_id) & (owner.c.owner_id == account.c.owner_id)
    return select(account, *named_owner).join(owner, same_owner, isouter=True).where(tx.mine(account))


def _contacts(tx: Tx) -> Select[Any]:
    return select(contact).where(tx.mine(contact))


def _called(table: Table, alias: Table, ref: Ref) -> ColumnElement[bool]:
    """The row of this id; else of this key, or of what the key was merged into."""
    row_id = table.c[f"{table.name}_id"]
    if isinstance(ref, int):
        return row_id == ref
    former = select(alias.c[row_id.name]).where(alias.c.workspace_id == table.c.workspace_id, alias.c.key == ref)
    return or_(table.c.key == ref, row_id.in_(former))


def _contains(column: Any, search: str) -> Any:
    return cast(column, Text).icontains(search, autoescape=True)


def _one(tx: Tx, condition: Any) -> Account | None:
    row = tx.row(_accounts(tx).where(condition))
    return None if row is None else account_of(row)


def account_of(row: Record) -> Account:
    """The account of a row that also has its owner's `owner_name` and `owner_user`."""
    held_by = Owner(row["owner_id"], row["owner_name"], row["owner_user"]) if row["owner_id"] else None
    return Account(row["account_id"], row["key"], row["name"], row["channel_id"], row["language"], held_by)


def contact_of(row: Record) -> Contact:
    """The contact of a row."""
    copied = ("account_id", "name", "slack_user_id", "slack_team_id", "language", "email")
    return Contact(
        id=row["contact_id"],
        opted_out=row["opted_out_at"] is not None,
        asked_less=row["asked_less_at"] is not None,
        **{name: row[name] for name in copied},
    )


def any_known(tx: Tx) -> bool:
    """Whether there is an account at all."""
    return tx.value(select(account.c.account_id).where(tx.mine(account)).limit(1)) is not None

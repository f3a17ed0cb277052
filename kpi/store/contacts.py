"""What contacts wish, and who counts as known at an account."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, literal, or_, select, update

from kpi.errors import KpiError
from kpi.store import accounts
from kpi.store.accounts import MADE_BY_US
from kpi.store.store import Tx
from kpi.store.tables import contact, feedback, interaction, reply, survey, workspace


@dataclass(frozen=True, slots=True)
class Changed:
    """A contact whose wish changed, and what it was."""

    contact_id: int
    before: Mapping[str, Any]


def is_known(tx: Tx, account_id: int, user_id: str, organisation: str) -> bool:
    """Whether somebody has named this user, or another of their organisation, as a contact of the account.

    An organisation of "" vouches for nobody: our own guests count one by one, for they may work for anybody.
    """
    return bool(tx.value(select(known(tx, literal(account_id), literal(user_id), literal(organisation)))))


def known(tx: Tx, account_id: Any, user_id: Any, organisation: Any) -> ColumnElement[bool]:
    """The same as a condition on columns. Ours never vouches, however it is called."""
    ours = select(workspace.c.workspace_id).where(
        workspace.c.workspace_id == contact.c.workspace_id, workspace.c.slack_team_id == organisation
    )
    colleague = and_(contact.c.slack_team_id == organisation, organisation != "", ~ours.exists())
    theirs = or_(contact.c.slack_user_id == user_id, colleague)
    here = (tx.mine(contact), contact.c.account_id == account_id)
    return select(contact.c.contact_id).where(*here, theirs, named()).exists()


def askable(tx: Tx, account_id: int) -> list[int]:
    """The contacts of an account who may be asked by name: the named ones and their colleagues, no strangers."""
    other = contact.alias("other")
    query = select(other.c.contact_id).where(
        other.c.workspace_id == tx.workspace_id,
        other.c.account_id == account_id,
        known(tx, other.c.account_id, other.c.slack_user_id, func.coalesce(other.c.slack_team_id, ""))
        | ~other.c.key.startswith(MADE_BY_US, autoescape=True),
    )
    return [row["contact_id"] for row in tx.rows(query.order_by(other.c.contact_id))]


def change_wish(tx: Tx, contact_id: int, columns: Mapping[str, datetime | None]) -> list[Changed]:
    """Write a person's wish to every contact they are; those it was not there before."""
    changed = []
    for each in accounts.same_person(tx, contact_id):
        this = (tx.mine(contact), contact.c.contact_id == each)
        row = tx.row(select(contact.c.asked_less_at, contact.c.opted_out_at).where(*this)) or {}
        if any((row[name] is None) != (value is None) for name, value in columns.items()):
            tx.run(update(contact).where(*this).values(**columns))
            changed.append(Changed(each, {name: _written(value) for name, value in row.items()}))
    return changed


def become(tx: Tx, contact_id: int, user: tuple[str, str], now: datetime) -> None:
    """A contact is this Slack user (id, organisation), as one of our people said.

    One that was made when the user spoke up goes, and its wishes stay. KpiError where that one has a history.
    """
    this = (tx.mine(contact), contact.c.contact_id == contact_id)
    account_id = tx.value(select(contact.c.account_id).where(*this))
    made = accounts.contact_of_user(tx, account_id, user[0])
    wishes: Mapping[str, Any] = {}
    if made is not None and made.id != contact_id:
        wishes = _without(tx, made.id)
    values = {"slack_user_id": user[0], "slack_team_id": user[1], "confirmed_at": now}
    tx.run(update(contact).where(*this).values(**wishes, **values))


def _without(tx: Tx, contact_id: int) -> Mapping[str, Any]:
    """Remove a contact that nothing names; its wishes."""
    for table in (survey, reply, interaction, feedback):
        if tx.value(select(table.c.contact_id).where(tx.mine(table), table.c.contact_id == contact_id).limit(1)):
            raise KpiError(
                "They are a contact with a history of their own already; docs/corrections.md merges the two."
            )
    this = (tx.mine(contact), contact.c.contact_id == contact_id)
    wishes = tx.row(select(contact.c.asked_less_at, contact.c.opted_out_at).where(*this)) or {}
    tx.run(delete(contact).where(*this))
    return {name: at for name, at in wishes.items() if at is not None}


def named() -> ColumnElement[bool]:
    """Contacts that somebody named; not those made for people who spoke up, until one of our people confirms them."""
    ours = contact.c.key.startswith(MADE_BY_US, autoescape=True)
    return or_(contact.c.confirmed_at.is_not(None), ~ours)


def _written(value: datetime | None) -> str | None:
    return value.isoformat() if value else None

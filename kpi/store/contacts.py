"""What contacts wish, and who counts as known at an account."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, or_, select, update

from kpi.model import Actor
from kpi.store import accounts
from kpi.store.store import Tx
from kpi.store.tables import contact

MADE_BY_US = "slack:"
"""How the keys begin of contacts made for people who spoke up."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A contact whose wish changed, and what it was."""

    contact_id: int
    before: Mapping[str, Any]


def is_known(tx: Tx, account_id: int, someone: Actor, home: str) -> bool:
    """Whether somebody has named this user, or another of their organisation, as a contact of the account.

    Our own organisation's guests count one by one: they may work for anybody.
    """
    theirs = contact.c.slack_user_id == someone.user_id
    if someone.team_id and someone.team_id != home:
        theirs = or_(theirs, contact.c.slack_team_id == someone.team_id)
    named = (contact.c.account_id == account_id, theirs, _named())
    return tx.value(select(contact.c.contact_id).where(tx.mine(contact), *named).limit(1)) is not None


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


def _named() -> ColumnElement[bool]:
    ours = contact.c.key.startswith(MADE_BY_US, autoescape=True)
    return or_(contact.c.confirmed_at.is_not(None), ~ours)


def _written(value: datetime | None) -> str | None:
    return value.isoformat() if value else None

"""Rows taken out of their tables, with all that hangs on them where that is wanted."""

from datetime import datetime

from sqlalchemy import ColumnElement, delete, select, update

from kpi.records.entity import Entity
from kpi.store.corrections import conversation, scoped
from kpi.store.corrections.counting import Recount
from kpi.store.corrections.finding import standing
from kpi.store.intake import PLANS
from kpi.store.store import Record, Tx
from kpi.store.tables import (
    account,
    account_alias,
    account_day,
    account_term,
    alert,
    contact,
    contact_alias,
    episode,
    feedback,
    interaction,
    offer,
    reply,
    revenue,
    survey,
    usage_day,
)

_OF_ACCOUNT = (account_term, revenue, offer, episode, usage_day, account_day, alert, account_alias)
_NAMING_CONTACTS = (interaction, survey, reply, feedback)


def remove_row(tx: Tx, entity: Entity, row: Record) -> None:
    """Remove a found row that nothing refers to."""
    tx.run(delete(PLANS[entity.name].table).where(standing(tx, entity, row)))


def remove_messages(tx: Tx, entity: Entity, row: Record) -> None:
    """From now on nobody knows how many messages there were on that day."""
    this, day = standing(tx, entity, row), account_day.c
    tx.run(update(account_day).where(this).values(from_client=None, from_us=None, messages_recorded_at=None))
    tx.run(delete(account_day).where(this, day.interactions + day.meetings + day.survey_answers == 0))


def empty_account(recount: Recount, account_id: int, now: datetime) -> None:
    """Remove all that happened at an account. What its people said at others stays, without their names."""
    conversation.remove_all(recount, "account_id", account_id, now)
    tx = recount.tx
    people = select(contact.c.contact_id).where(tx.mine(contact), contact.c.account_id == account_id)
    for table in _NAMING_CONTACTS:
        tx.run(update(table).where(tx.mine(table), table.c.contact_id.in_(people)).values(contact_id=None))


def remove_contacts(tx: Tx, which: ColumnElement[bool]) -> None:
    """Remove contacts nothing names any more."""
    people = select(contact.c.contact_id).where(tx.mine(contact), which)
    tx.run(delete(contact_alias).where(tx.mine(contact_alias), contact_alias.c.contact_id.in_(people)))
    tx.run(delete(contact).where(tx.mine(contact), which))


def remove_account(tx: Tx, account_id: int, now: datetime) -> None:
    """Remove an emptied account with its people, contracts, money and days."""
    remove_contacts(tx, contact.c.account_id == account_id)
    for table in _OF_ACCOUNT:
        tx.run(delete(table).where(tx.mine(table), table.c.account_id == account_id))
    scoped.drop(tx, "account", account_id, now)
    tx.run(delete(account).where(tx.mine(account), account.c.account_id == account_id))

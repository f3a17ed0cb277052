"""Everything a simulation replays, read in a few statements."""

from datetime import datetime

from sqlalchemy import select

from kpi.store.store import Record, Tx
from kpi.store.tables import account, account_term, contact, interaction, owner, person, survey


def interactions(tx: Tx, start: datetime, end: datetime) -> list[Record]:
    """Interactions that stand, of [start, end): account_id, contact_id, kind, tags, occurred_at; in order."""
    row = interaction.c
    standing = (row.withdrawn_at.is_(None), row.occurred_at >= start, row.occurred_at < end)
    query = select(row.account_id, row.contact_id, row.kind, row.tags, row.occurred_at)
    return tx.rows(query.where(tx.mine(interaction), *standing).order_by(row.occurred_at, row.interaction_id))


def accounts(tx: Tx) -> list[Record]:
    """All accounts, with their owner's key, name and Slack user."""
    holder = (owner.c.workspace_id == account.c.workspace_id) & (owner.c.owner_id == account.c.owner_id)
    named = (owner.c.key.label("owner"), owner.c.name.label("owner_name"), owner.c.slack_user_id.label("owner_user"))
    query = select(account, *named).select_from(account.outerjoin(owner, holder))
    return tx.rows(query.where(tx.mine(account)).order_by(account.c.account_id))


def contacts(tx: Tx) -> list[Record]:
    """All contacts, with their Slack user's zone."""
    user = (person.c.workspace_id == contact.c.workspace_id) & (person.c.slack_user_id == contact.c.slack_user_id)
    query = select(contact, person.c.timezone).select_from(contact.outerjoin(person, user))
    return tx.rows(query.where(tx.mine(contact)).order_by(contact.c.contact_id))


def terms(tx: Tx) -> list[Record]:
    """All terms, the first of each account first."""
    row = account_term.c
    query = select(row.account_id, row.starts_on, row.ends_on).where(tx.mine(account_term))
    return tx.rows(query.order_by(row.account_id, row.starts_on))


def asked(tx: Tx, start: datetime, end: datetime) -> list[Record]:
    """The questions really asked in [start, end): survey_id, account_id, contact_id, instrument, programme,
    channel_id (of those asked in it), at, is_planned."""
    row = survey.c
    query = select(row.survey_id, row.account_id, row.contact_id, row.instrument, row.programme, row.channel_id,
                   row.place, row.posted_at.label("at"))  # fmt: skip
    found = tx.rows(query.where(tx.mine(survey), row.posted_at >= start, row.posted_at < end).order_by(row.posted_at))
    return [{**each, "channel_id": None if each["place"] in ("dm", "link") else each["channel_id"], "is_planned": False}
            for each in found]  # fmt: skip

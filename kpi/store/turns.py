"""Whose turn it may be in a programme that asks by the calendar."""

from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on

from kpi.store.store import Record, Tx
from kpi.store.tables import account, account_term, contact, survey


def accounts_with_contacts(tx: Tx, day: date) -> list[int]:
    """The accounts that are clients on a day (by a term that covers it, or because none is known) and have contacts."""
    terms = (account_term.c.workspace_id == account.c.workspace_id) & (
        account_term.c.account_id == account.c.account_id
    )
    not_over = or_(account_term.c.ends_on.is_(None), account_term.c.ends_on > day)
    covering = select(account_term.c.term_id).where(terms, account_term.c.starts_on <= day, not_over)
    theirs = (contact.c.workspace_id == account.c.workspace_id) & (contact.c.account_id == account.c.account_id)
    query = select(account.c.account_id).where(
        tx.mine(account),
        select(contact.c.contact_id).where(theirs).exists(),
        or_(covering.exists(), ~select(account_term.c.term_id).where(terms).exists()),
    )
    return [row["account_id"] for row in tx.rows(query.order_by(account.c.account_id))]


def rounds(tx: Tx, account_id: int, programme: str) -> dict[int, Record]:
    """What a programme last did about each contact of an account: {contact: (state, reason, at)}."""
    at = func.coalesce(survey.c.posted_at, survey.c.due_at, survey.c.recorded_at).label("at")
    query = (
        select(survey.c.contact_id, survey.c.state, survey.c.reason, at)
        .ext(distinct_on(survey.c.contact_id))
        .where(tx.mine(survey), survey.c.account_id == account_id, survey.c.programme == programme)
        .where(survey.c.contact_id.is_not(None), survey.c.interaction_id.is_(None))
        .order_by(survey.c.contact_id, at.desc())
    )
    return {row["contact_id"]: row for row in tx.rows(query)}


def last_asked(tx: Tx, account_id: int, instrument: str) -> dict[int, Record]:
    """When each contact of an account was last asked with an instrument, whatever the programme."""
    query = select(survey.c.contact_id, func.max(survey.c.posted_at).label("at")).where(
        tx.mine(survey),
        survey.c.account_id == account_id,
        survey.c.instrument == instrument,
        survey.c.contact_id.is_not(None),
        survey.c.posted_at.is_not(None),
    )
    return {row["contact_id"]: row for row in tx.rows(query.group_by(survey.c.contact_id))}

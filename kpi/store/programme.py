"""How the survey programme went between two instants, and what clients wrote."""

from datetime import datetime

from sqlalchemy import func, select

from kpi.store.store import Record, Tx
from kpi.store.tables import account, contact, reply, survey


def counts(tx: Tx, start: datetime, end: datetime) -> dict[str, int]:
    """Surveys asked, answered, expired, cancelled and failed in [start, end), each at the instant it happened."""
    answered = select(func.count(reply.c.survey_id.distinct())).where(
        tx.mine(reply), reply.c.answered_at >= start, reply.c.answered_at < end
    )
    asked = select(func.count()).where(tx.mine(survey), survey.c.posted_at >= start, survey.c.posted_at < end)
    closed = select(survey.c.state, func.count().label("n")).where(
        tx.mine(survey), survey.c.closed_at >= start, survey.c.closed_at < end
    )
    found = {row["state"]: row["n"] for row in tx.rows(closed.group_by(survey.c.state))}
    ends = {state: found.get(state, 0) for state in ("expired", "cancelled", "failed")}
    return {"asked": tx.value(asked), "answered": tx.value(answered), **ends}


def suppressed(tx: Tx, start: datetime, end: datetime) -> dict[str, int]:
    """How many surveys were suppressed in [start, end), by reason, the commonest first."""
    in_time = (survey.c.recorded_at >= start, survey.c.recorded_at < end)
    query = select(survey.c.reason, func.count().label("n")).where(
        tx.mine(survey), survey.c.state == "suppressed", *in_time
    )
    rows = tx.rows(query.group_by(survey.c.reason).order_by(func.count().desc(), survey.c.reason))
    return {row["reason"]: row["n"] for row in rows}


def comments(tx: Tx, start: datetime, end: datetime, limit: int) -> list[Record]:
    """What clients wrote in [start, end), newest first: account_name, instrument, score, comment, edited_at."""
    same_account = (account.c.workspace_id == reply.c.workspace_id) & (account.c.account_id == reply.c.account_id)
    columns = (reply.c.instrument, reply.c.score, reply.c.comment, reply.c.edited_at)
    query = select(account.c.name.label("account_name"), *columns).join(account, same_account)
    written = (reply.c.comment.is_not(None), reply.c.edited_at >= start, reply.c.edited_at < end)
    newest = (reply.c.edited_at.desc(), reply.c.reply_id.desc())
    return tx.rows(query.where(tx.mine(reply), *written).order_by(*newest).limit(limit))


def of_account(tx: Tx, account_id: int, since: datetime) -> list[Record]:
    """The surveys of an account decided on since an instant, newest first, each with its contact's name."""
    whom = (contact.c.workspace_id == survey.c.workspace_id) & (contact.c.contact_id == survey.c.contact_id)
    told = (survey.c.state, survey.c.reason, survey.c.instrument, survey.c.recorded_at, survey.c.closed_at)
    query = select(*told, survey.c.declined_at, contact.c.name.label("contact_name")).select_from(
        survey.outerjoin(contact, whom)
    )
    recent = (survey.c.account_id == account_id, survey.c.recorded_at >= since)
    return tx.rows(
        query.where(tx.mine(survey), *recent).order_by(survey.c.recorded_at.desc(), survey.c.survey_id.desc())
    )

"""How the survey programme went between two instants, and what clients wrote."""

from datetime import datetime

from sqlalchemy import case, func, select

from kpi.store import anonymous
from kpi.store.store import Record, Tx
from kpi.store.tables import account, contact, reply, survey


def counts(tx: Tx, start: datetime, end: datetime) -> dict[str, int]:
    """Surveys asked, answered, expired, cancelled and failed in [start, end), each at the instant it happened.

    `skipped` are those of the cancelled that somebody called off by hand.
    """
    answered = select(func.count(reply.c.survey_id.distinct())).where(
        tx.mine(reply), reply.c.answered_at >= start, reply.c.answered_at < end
    )
    asked = select(func.count()).where(tx.mine(survey), survey.c.posted_at >= start, survey.c.posted_at < end)
    by_hand = func.count(survey.c.decided_by).label("by_hand")
    closed = select(survey.c.state, func.count().label("n"), by_hand).where(
        tx.mine(survey), survey.c.closed_at >= start, survey.c.closed_at < end
    )
    rows = tx.rows(closed.group_by(survey.c.state))
    found = {row["state"]: row["n"] for row in rows}
    ends = {state: found.get(state, 0) for state in ("expired", "cancelled", "failed")}
    ends["skipped"] = sum(row["by_hand"] for row in rows if row["state"] == "cancelled")
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
    """What clients wrote in [start, end), newest first: account_name, instrument, score, comment, edited_at.

    What was written without a name comes when five of its account have answered, and without its score.
    """
    same_account = (account.c.workspace_id == reply.c.workspace_id) & (account.c.account_id == reply.c.account_id)
    nameless = anonymous.answers(tx)
    is_named = nameless.c.reply_id.is_(None)
    written_at = case((is_named, reply.c.edited_at), else_=nameless.c.edited_at).label("edited_at")
    score = case((is_named, reply.c.score)).label("score")
    query = (
        select(account.c.name.label("account_name"), reply.c.instrument, score, reply.c.comment, written_at)
        .join(account, same_account)
        .join(nameless, nameless.c.reply_id == reply.c.reply_id, isouter=True)
    )
    written = (reply.c.comment.is_not(None), written_at >= start, written_at < end)
    newest = (written_at.desc(), case((is_named, reply.c.reply_id)).desc(), reply.c.comment)
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

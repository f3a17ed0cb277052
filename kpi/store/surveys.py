"""Surveys: what was asked of whom, when it is due, and what became of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, exists, func, select, update

from kpi.store.store import Record, Tx
from kpi.store.tables import delivery, survey

_BATCH = 200
_FIRST = (case((survey.c.instrument == "nps", 0), else_=1), survey.c.due_at, survey.c.survey_id)
_DECIDING = 7_265_013  # one number for "kpibot decides whom to ask"


def add(tx: Tx, values: Mapping[str, Any]) -> Record:
    """Store a survey."""
    return tx.insert(survey, values)


def get(tx: Tx, survey_id: int, *, lock: bool = False) -> Record | None:
    """One survey; with `lock` nobody else changes it until this transaction ends.

    Whoever also locks one of its deliveries locks the delivery first.
    """
    return _one(tx, survey.c.survey_id == survey_id, lock=lock)


def by_token(tx: Tx, token: str) -> Record | None:
    """The survey a button belongs to."""
    return _one(tx, survey.c.token == token)


def of_interaction(tx: Tx, interaction_id: int) -> Record | None:
    """The survey an interaction led to."""
    return _one(tx, survey.c.interaction_id == interaction_id)


def change(tx: Tx, survey_id: int, values: Mapping[str, Any]) -> None:
    """Set columns of one survey."""
    tx.run(update(survey).where(tx.mine(survey), survey.c.survey_id == survey_id).values(**values))


def decide_alone(tx: Tx) -> None:
    """Nobody else of this workspace decides to ask until the transaction ends: what the budget counts stands still.

    Taken last of all locks.
    """
    tx.run(select(func.pg_advisory_xact_lock(_DECIDING, tx.workspace_id)))


def due(tx: Tx, now: datetime) -> list[int]:
    """Scheduled surveys whose time has come and that nobody has queued yet, NPS first, then the oldest; a batch."""
    ready = (survey.c.state == "scheduled", survey.c.due_at <= now, ~_queued())
    query = select(survey.c.survey_id).where(tx.mine(survey), *ready).order_by(*_FIRST).limit(_BATCH)
    return [row["survey_id"] for row in tx.rows(query)]


def unreminded(tx: Tx, programme: str, posted_before: datetime, now: datetime) -> list[int]:
    """Open surveys of a programme that were asked in Slack and that nobody was reminded of; a batch of them."""
    ready = (survey.c.reminders == 0, survey.c.place.in_(("thread", "dm")), survey.c.message_ts.is_not(None))
    return _open(tx, programme, posted_before, now, *ready)


def uninvited(tx: Tx, of: tuple[str, bool], posted_before: datetime, now: datetime) -> list[int]:
    """Open surveys of a programme whose person got no link yet, (programme, True) those with a reminder only."""
    programme, reminded = of
    ready = (survey.c.invited_at.is_(None), survey.c.contact_id.is_not(None), survey.c.is_anonymous.is_(False))
    return _open(tx, programme, posted_before, now, *ready, survey.c.reminders >= int(reminded))


def claim_due(tx: Tx, survey_id: int) -> Record | None:
    """Lock a due survey for queueing; None when another worker has it or it is no longer due."""
    ready = (survey.c.survey_id == survey_id, survey.c.state == "scheduled", ~_queued())
    return tx.row(
        select(survey).where(tx.mine(survey), *ready).with_for_update(of=survey, skip_locked=True, key_share=True)
    )


def expire(tx: Tx, now: datetime) -> int:
    """Close the posted surveys nobody answered in time; how many. Answered ones end by their `expires_at` alone."""
    late = (survey.c.state == "posted", survey.c.expires_at <= now)
    values = {"state": "expired", "closed_at": survey.c.expires_at}
    return tx.run(update(survey).where(tx.mine(survey), *late).values(**values))


def forget_salts(tx: Tx, closed_before: datetime) -> None:
    """Nobody can be led back any more to what they answered without a name."""
    over = (survey.c.salt.is_not(None), survey.c.expires_at < closed_before)
    tx.run(update(survey).where(tx.mine(survey), *over).values(salt=None))


def fail_unknown(tx: Tx, due_before: datetime, reason: str, now: datetime) -> int:
    """Give up surveys due before an instant whose delivery nobody could confirm; how many there were."""
    in_doubt = _queued(delivery.c.state == "unknown")
    late = (survey.c.state == "scheduled", survey.c.due_at <= due_before, in_doubt)
    return tx.run(update(survey).where(tx.mine(survey), *late).values(state="failed", reason=reason, closed_at=now))


def _open(
    tx: Tx, programme: str, posted_before: datetime, now: datetime, *conditions: ColumnElement[bool]
) -> list[int]:
    waiting = (survey.c.state == "posted", survey.c.posted_at <= posted_before, survey.c.expires_at > now)
    query = select(survey.c.survey_id).where(tx.mine(survey), *waiting, survey.c.programme == programme, *conditions)
    return [row["survey_id"] for row in tx.rows(query.order_by(survey.c.posted_at).limit(_BATCH))]


def _queued(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """A message of the survey was queued, one that meets the conditions."""
    return exists().where(
        delivery.c.workspace_id == survey.c.workspace_id,
        delivery.c.survey_id == survey.c.survey_id,
        delivery.c.kind.in_(("survey", "invitation")),
        *conditions,
    )


def _one(tx: Tx, condition: ColumnElement[bool], *, lock: bool = False) -> Record | None:
    query = select(survey).where(tx.mine(survey), condition)
    return tx.row(query.with_for_update(key_share=True) if lock else query)

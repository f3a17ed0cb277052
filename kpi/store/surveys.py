"""Surveys: what was asked of whom, when it is due, and what became of it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Interval, and_, exists, func, literal, or_, select, update

from kpi.store import accounts
from kpi.store.store import Record, Tx
from kpi.store.tables import delivery, survey

_ASKED = ("scheduled", "posted", "answered", "expired")
_BATCH = 200
_UNPUNCTUAL = timedelta(minutes=15)


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


def asks_near(tx: Tx, account_id: int, contact_id: int | None, due_at: datetime, floor: timedelta) -> bool:
    """Whether somebody would be asked twice within `floor`.

    A question to a person counts at every account; a question to nobody in particular is one to the whole account.
    """
    asked_at = _asked_at()
    near = and_(asked_at > due_at - floor, asked_at < due_at + floor, survey.c.state.in_(_ASKED))
    return _any(tx, near, _whom(tx, account_id, contact_id))


def asked_since(tx: Tx, this: Record, since: datetime) -> bool:
    """Whether somebody a survey would ask was, or may have been, asked by another after `since`, or is being asked."""
    on_its_way = _queued(or_(delivery.c.state.in_(("queued", "sending")), delivery.c.finished_at > since))
    asked = or_(
        and_(survey.c.posted_at.is_not(None), _asked_at() > since), and_(survey.c.state == "scheduled", on_its_way)
    )
    other = survey.c.survey_id != this["survey_id"]
    return _any(tx, asked, other, _whom(tx, this["account_id"], this["contact_id"]))


def due(tx: Tx, now: datetime) -> list[int]:
    """Scheduled surveys whose time has come and that nobody has queued yet, oldest first, a batch of them."""
    ready = (survey.c.state == "scheduled", survey.c.due_at <= now, ~_queued())
    query = select(survey.c.survey_id).where(tx.mine(survey), *ready).order_by(survey.c.due_at).limit(_BATCH)
    return [row["survey_id"] for row in tx.rows(query)]


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


def fail_unknown(tx: Tx, due_before: datetime, reason: str, now: datetime) -> int:
    """Give up surveys due before an instant whose delivery nobody could confirm; how many there were."""
    in_doubt = _queued(delivery.c.state == "unknown")
    late = (survey.c.state == "scheduled", survey.c.due_at <= due_before, in_doubt)
    return tx.run(update(survey).where(tx.mine(survey), *late).values(state="failed", reason=reason, closed_at=now))


def _whom(tx: Tx, account_id: int, contact_id: int | None) -> ColumnElement[bool]:
    to_account = survey.c.account_id == account_id
    if contact_id is None:
        return to_account
    persons = accounts.same_person(tx, contact_id)
    return or_(survey.c.contact_id.in_(persons), and_(to_account, survey.c.contact_id.is_(None)))


def _asked_at() -> ColumnElement[datetime]:
    """When it was due, unless it was posted much later: a few minutes of a late tick do not shift the next question."""
    return func.greatest(survey.c.due_at, survey.c.posted_at - literal(_UNPUNCTUAL, Interval))


def _any(tx: Tx, *conditions: ColumnElement[bool]) -> bool:
    return bool(tx.value(select(select(survey.c.survey_id).where(tx.mine(survey), *conditions).exists())))


def _queued(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """A message of the survey was queued, one that meets the conditions."""
    return exists().where(
        delivery.c.workspace_id == survey.c.workspace_id,
        delivery.c.survey_id == survey.c.survey_id,
        delivery.c.kind == "survey",
        *conditions,
    )


def _one(tx: Tx, condition: ColumnElement[bool], *, lock: bool = False) -> Record | None:
    query = select(survey).where(tx.mine(survey), condition)
    return tx.row(query.with_for_update(key_share=True) if lock else query)

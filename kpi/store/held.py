"""Answers that wait until somebody says whose they are."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select, update

from kpi.model import Actor
from kpi.store import contacts
from kpi.store.store import Record, Tx
from kpi.store.tables import held_answer, survey

_ASKED = (survey.c.workspace_id == held_answer.c.workspace_id) & (survey.c.survey_id == held_answer.c.survey_id)


def of_user(tx: Tx, survey_id: int, user_id: str) -> Record | None:
    """What a user said to a survey, whatever was decided of it."""
    same = (held_answer.c.survey_id == survey_id, held_answer.c.slack_user_id == user_id)
    return tx.row(select(held_answer).where(tx.mine(held_answer), *same))


def put(tx: Tx, survey_id: int, someone: Actor, said: Mapping[str, Any], now: datetime) -> Record:
    """Keep an answer, or what is newly said of it; in a transaction that holds the survey's lock."""
    found = of_user(tx, survey_id, someone.user_id)
    if found is None:
        whose = {"slack_user_id": someone.user_id, "slack_team_id": someone.team_id, "name": someone.name}
        return tx.insert(held_answer, {"survey_id": survey_id, **whose, **said, "answered_at": now, "edited_at": now})
    this = (tx.mine(held_answer), held_answer.c.held_id == found["held_id"])
    row = tx.row(update(held_answer).where(*this).values(**said, edited_at=now).returning(held_answer))
    return row or found


def waiting(tx: Tx, account_id: int, user_id: str) -> list[Record]:
    """A user's undecided answers to an account's surveys, the oldest first, locked."""
    undecided = _of_account(account_id, user_id).where(tx.mine(held_answer), held_answer.c.verdict.is_(None))
    return tx.rows(undecided.order_by(held_answer.c.held_id).with_for_update(of=held_answer))


def counted(tx: Tx, account_id: int, user_id: str) -> int:
    """How many of a user's answers to an account's surveys were counted after all."""
    return len(
        tx.rows(_of_account(account_id, user_id).where(tx.mine(held_answer), held_answer.c.verdict == "counted"))
    )


def known_by_now(tx: Tx) -> list[tuple[int, Actor]]:
    """Accounts and users with undecided answers of theirs whom somebody has named since, or a colleague of theirs."""
    whose = (held_answer.c.slack_user_id, held_answer.c.slack_team_id, held_answer.c.name)
    known = contacts.known(tx, survey.c.account_id, held_answer.c.slack_user_id, held_answer.c.slack_team_id)
    query = select(survey.c.account_id, *whose).join(survey, _ASKED)
    rows = tx.rows(query.where(tx.mine(held_answer), held_answer.c.verdict.is_(None), known).distinct())
    return [(row["account_id"], Actor(*(row[column.name] for column in whose))) for row in rows]


def decide(tx: Tx, held_id: int, verdict: tuple[str, str], now: datetime) -> None:
    """Write down what became of an answer, and by whom."""
    word, by = verdict
    this = (tx.mine(held_answer), held_answer.c.held_id == held_id)
    tx.run(update(held_answer).where(*this).values(verdict=word, decided_by=by, decided_at=now))


def _of_account(account_id: int, user_id: str) -> Select[Any]:
    theirs = (survey.c.account_id == account_id, held_answer.c.slack_user_id == user_id)
    return select(held_answer).join(survey, _ASKED).where(*theirs)

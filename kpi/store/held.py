"""Answers that wait until somebody says whose they are."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from kpi.model import Actor
from kpi.store import contacts
from kpi.store.store import Record, Tx
from kpi.store.tables import held_answer, survey


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


def waiting(tx: Tx, account_id: int, user_id: str | None = None) -> list[Record]:
    """An account's undecided answers, of one user where one is named; the oldest first, locked."""
    asked = (survey.c.workspace_id == held_answer.c.workspace_id) & (survey.c.survey_id == held_answer.c.survey_id)
    query = select(held_answer).join(survey, asked).where(tx.mine(held_answer), survey.c.account_id == account_id)
    if user_id is not None:
        query = query.where(held_answer.c.slack_user_id == user_id)
    undecided = query.where(held_answer.c.verdict.is_(None)).order_by(held_answer.c.held_id)
    return tx.rows(undecided.with_for_update(of=held_answer))


def known_by_now(tx: Tx) -> list[tuple[int, Actor]]:
    """Accounts and users with undecided answers of theirs whom somebody has named since, or a colleague of theirs."""
    asked = (survey.c.workspace_id == held_answer.c.workspace_id) & (survey.c.survey_id == held_answer.c.survey_id)
    whose = (held_answer.c.slack_user_id, held_answer.c.slack_team_id, held_answer.c.name)
    known = contacts.known(tx, survey.c.account_id, held_answer.c.slack_user_id, held_answer.c.slack_team_id)
    query = select(survey.c.account_id, *whose).join(survey, asked)
    rows = tx.rows(query.where(tx.mine(held_answer), held_answer.c.verdict.is_(None), known).distinct())
    return [(row["account_id"], Actor(*(row[column.name] for column in whose))) for row in rows]


def decide(tx: Tx, held_id: int, verdict: tuple[str, str], now: datetime) -> None:
    """Write down what became of an answer, and by whom."""
    word, by = verdict
    this = (tx.mine(held_answer), held_answer.c.held_id == held_id)
    tx.run(update(held_answer).where(*this).values(verdict=word, decided_by=by, decided_at=now))

"""A portfolio of a size people have: some hundred accounts and thousands of answers."""

import random
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, text

from kpi.store import tables
from kpi.store.store import Store

ACCOUNTS = 200
ANSWERS_EACH = 10
DAYS = (1, 80)
EARLIER_DAYS = (100, 170)


def fill(store: Store, now: datetime) -> list[int]:
    """Insert the accounts with as many answers in the last 90 days as in the 90 before; the scores of the last 90."""
    chance = random.Random(7)  # noqa: S311 the same portfolio every time
    accounts = [{"key": f"client-{number}", "name": f"Client {number}"} for number in range(ACCOUNTS)]
    late = [_answer(chance, now, number, DAYS) for number in range(ACCOUNTS * ANSWERS_EACH)]
    early = [_answer(chance, now, number, EARLIER_DAYS) for number in range(ACCOUNTS * ANSWERS_EACH)]
    with store.transaction() as tx:
        whose = {"workspace_id": tx.workspace_id}
        tx.connection.execute(insert(tables.account), [whose | account for account in accounts])
        tx.connection.execute(insert(tables.reply), [whose | answer for answer in late + early])
        # What PostgreSQL does by itself within a minute, so that it plans as it would the next day.
        tx.connection.execute(text("ANALYZE"))
    return [answer["score"] for answer in late]


def _answer(chance: random.Random, now: datetime, number: int, days: tuple[int, int]) -> dict[str, Any]:
    moment = now - timedelta(days=chance.uniform(*days))
    return {
        "account_id": 1 + number % ACCOUNTS,
        "instrument": "csat",
        "respondent": f"person {number}",
        "score": chance.choices((1, 2, 3, 4, 5), (4, 6, 12, 38, 40))[0],
        "answered_at": moment,
        "edited_at": moment,
        "recorded_at": moment,
    }

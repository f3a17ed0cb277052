"""Whose worker has died: what counts is what a look finds, not how old a sign of life is."""

import asyncio
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

from procrastinate import App
from procrastinate.exceptions import ConnectorException

from bot.clock import utc_now
from bot.sweep import DatabaseTime, Silence, Sweep

BORN = datetime(2026, 6, 1, tzinfo=UTC)


def test_a_worker_is_dead_when_look_after_look_finds_no_new_sign_of_life() -> None:
    silence = Silence()
    signs = [{1: BORN + timedelta(seconds=look), 2: BORN, 3: BORN} for look in range(7)]
    signs[3][3] = signs[4][3] = signs[5][3] = signs[6][3] = BORN + timedelta(seconds=3)
    assert [silence.look(heard) for heard in signs] == [[], [], [], [], [], [2], [2]]


def test_signs_of_life_that_are_old_because_all_stood_still_make_nobody_dead() -> None:
    silence = Silence()
    for again in range(3):
        heard = {1: BORN + timedelta(minutes=again), 2: BORN + timedelta(minutes=again)}
        assert [silence.look(heard) for _ in range(5)] == [[]] * 5


@dataclass
class Away:
    """A database with one worker that gives no sign; at some looks it is away. `silent` is what each look came to."""

    away: deque[bool]
    silent: list[list[int]] = field(default_factory=list)

    async def execute_query_one_async(self, _query: str) -> Mapping[str, Any]:
        if self.away.popleft():
            raise ConnectorException
        return {"now": utc_now(), "workers": [7], "heard": [BORN]}

    async def execute_query_all_async(self, _query: str, **arguments: Any) -> list[Mapping[str, Any]]:
        self.silent.append(arguments["silent"])
        return []


def test_a_database_that_was_away_lets_everybody_begin_anew() -> None:
    database = Away(deque([*[False] * 5, True, *[False] * 6]))

    async def sweep() -> None:
        app = cast("App", SimpleNamespace(connector=database, tasks={}))
        try:
            await Sweep(app, 0.01, DatabaseTime()).run()
        except IndexError:  # no look is left
            return

    asyncio.run(sweep())
    assert database.silent == [[]] * 10 + [[7]]


def test_a_job_waits_by_the_databases_clock_whatever_this_machines_says() -> None:
    time = DatabaseTime()
    assert abs(time.after(60) - datetime.now(UTC) - timedelta(seconds=60)) < timedelta(seconds=1)
    time.note(datetime.now(UTC) - timedelta(hours=1))
    assert abs(time.after(60) - datetime.now(UTC) + timedelta(minutes=59)) < timedelta(seconds=1)

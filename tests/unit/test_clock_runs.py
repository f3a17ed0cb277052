"""One run of a tick at a time, late rather than never, and none twice to make up for those that were missed."""

import asyncio
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from time import monotonic

from apscheduler.triggers.base import BaseTrigger

from bot.clock import Clock, every


class Nightly(BaseTrigger):  # type: ignore[misc]  # APScheduler 3 ships no types
    """Strikes in a moment, and then not again for a day."""

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        return now + (timedelta(seconds=0.1) if previous_fire_time is None else timedelta(days=1))


class Often(BaseTrigger):  # type: ignore[misc]  # APScheduler 3 ships no types
    """Strikes twenty times a second and, like a wall clock's, knows of every time that was missed."""

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        return (previous_fire_time or now) + timedelta(seconds=0.05)


def test_a_tick_that_takes_long_is_not_run_beside_itself_and_does_not_keep_the_clock_from_stopping() -> None:
    began: list[float] = []
    release = threading.Event()

    def slow() -> None:
        began.append(monotonic())
        release.wait(5)

    async def live() -> None:
        clock = Clock({"slow": (every(0.05), slow)})
        clock.start()
        await _until(lambda: len(began) == 1)
        await asyncio.sleep(0.5)
        clock.stop()
        release.set()

    asyncio.run(live())
    assert len(began) == 1


def test_runs_missed_while_nothing_could_run_are_not_made_up_for() -> None:
    runs: list[float] = []

    async def live() -> int:
        clock = Clock({"often": (Often(), lambda: runs.append(monotonic()))})
        clock.start()
        await _until(lambda: len(runs) > 0)
        threading.Event().wait(1)
        before = len(runs)
        await _until(lambda: len(runs) > before)
        await asyncio.sleep(0.2)
        clock.stop()
        return len(runs) - before

    assert asyncio.run(live()) < 12, "four in the time that passed since, not the twenty before"


def test_a_tick_whose_moment_passed_while_nothing_could_run_is_run_late() -> None:
    runs: list[float] = []

    async def live() -> None:
        clock = Clock({"nightly": (Nightly(), lambda: runs.append(monotonic()))})
        clock.start()
        threading.Event().wait(1.3)
        await _until(lambda: len(runs) == 1)
        clock.stop()

    asyncio.run(live())


def test_a_clock_that_never_ran_is_young_and_can_be_stopped() -> None:
    clock = Clock({})
    clock.stop()
    assert clock.age_seconds() < 10


async def _until(holds: Callable[[], bool]) -> None:
    deadline = monotonic() + 10
    while not holds():
        assert monotonic() < deadline
        await asyncio.sleep(0.01)

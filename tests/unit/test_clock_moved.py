"""Somebody sets the machine's clock: no tick waits for an instant that has moved away."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from time import monotonic

import pytest
from apscheduler.triggers.base import BaseTrigger

from bot.clock import Clock, every, utc_now


class Wall:
    """The machine's clock, set forward or back."""

    ahead = timedelta()

    def __call__(self) -> datetime:
        return utc_now() + self.ahead


@pytest.mark.parametrize("hours", [-1, 1, -24 * 365])
def test_after_the_clock_was_set_every_tick_runs_again_at_once(hours: int) -> None:
    runs: list[float] = []
    wall = Wall()

    async def live() -> None:
        clock = Clock({"hourly": (every(3600), lambda: runs.append(monotonic()))}, wall)
        clock.start()
        await _until(lambda: len(runs) == 1)
        wall.ahead += timedelta(hours=hours)
        await _until(lambda: len(runs) == 2)
        await asyncio.sleep(1.2)
        clock.stop()

    asyncio.run(live())
    assert len(runs) == 2


def test_what_fell_due_while_the_clock_was_set_forward_is_still_done() -> None:
    runs: list[float] = []
    wall = Wall()

    async def live() -> None:
        clock = Clock({"nightly": (Overdue(), lambda: runs.append(monotonic()))}, wall)
        clock.start()
        wall.ahead += timedelta(hours=1)
        await _until(lambda: len(runs) == 1)
        clock.stop()

    asyncio.run(live())
    assert len(runs) == 1


class Overdue(BaseTrigger):  # type: ignore[misc]  # APScheduler 3 ships no types
    """Strikes two seconds after the start, and asked anew only tomorrow."""

    def __init__(self) -> None:
        self.asked = 0

    def get_next_fire_time(self, _previous: datetime | None, now: datetime) -> datetime:
        """APScheduler's question."""
        self.asked += 1
        return now + (timedelta(seconds=2) if self.asked == 1 else timedelta(days=1))


async def _until(holds: Callable[[], bool]) -> None:
    deadline = monotonic() + 10
    while not holds():
        assert monotonic() < deadline
        await asyncio.sleep(0.01)

"""Somebody sets the machine's clock: no tick waits for an instant that has moved away."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from time import monotonic

import pytest

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


async def _until(holds: Callable[[], bool]) -> None:
    deadline = monotonic() + 10
    while not holds():
        assert monotonic() < deadline
        await asyncio.sleep(0.01)

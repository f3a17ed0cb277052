"""People answer at a steady rate while PostgreSQL goes away twice: what was acked is stored, the rest was told so."""

import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest

from tests.bots import eventually
from tests.crew import crew
from tests.crowd import Clicks, Crowd, gathered
from tests.own_server import OwnServer, own_server
from tests.world import new_world


def restarted(server: OwnServer, after_seconds: float) -> None:
    """Killed with -9 after a while, and as long again after that stopped as an operator stops it."""
    for how in (signal.SIGKILL, signal.SIGINT):
        Event().wait(after_seconds)
        server.end(how)


@pytest.mark.parametrize(
    ("people", "questions", "per_second", "replicas"),
    [(30, 8, 30, 2), pytest.param(500, 20, 100, 4, marks=[pytest.mark.slow, pytest.mark.timeout(1800)])],
)
def test_every_acked_click_is_stored_and_every_other_was_told_to_try_again(
    tmp_path: Path, people: int, questions: int, per_second: float, replicas: int
) -> None:
    with (
        own_server(tmp_path) as server,
        new_world(server.url, tmp_path) as world,
        crew(world, replicas) as at_work,
        ThreadPoolExecutor(1) as pool,
    ):
        crowd = gathered(world, people, questions)
        clicks = crowd.clicks()
        restarting = pool.submit(restarted, server, len(clicks) / per_second / 3)
        seconds = crowd.answer(clicks, per_second)
        restarting.result()
        world.reconnect()
        assert crowd.lost() == set()
        figures = f"{len(crowd.stored())} stored, {sum(crowd.acked.values())} acked in {seconds:.0f} s"
        assert len(crowd.stored()) > len(clicks) / 4, figures
        patience = max(90, len(clicks) / 20)
        eventually(lambda: _again(crowd, clicks, per_second) == [], "everybody to have tried again", seconds=patience)
        at_work.settled(patience)
        assert len(crowd.stored()) == crowd.counted() == len(clicks)


def _again(crowd: Crowd, clicks: Clicks, per_second: float) -> Clicks:
    """Whoever has no answer stored clicks again; who that was."""
    stored = crowd.stored()
    unstored = [(question, person) for question, person in clicks if (question["channel"], person) not in stored]
    crowd.answer(unstored, per_second)
    return unstored

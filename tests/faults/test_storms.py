"""Much at once, before four replicas: each digest due is posted once, and a storm of 429s loses and repeats nothing."""

from collections.abc import Iterator
from itertools import pairwise
from threading import Event

import pytest

from tests.bots import eventually
from tests.crew import Crew, crew
from tests.world import UNHURRIED, World

POST = "chat.postMessage"
PAUSE_SECONDS = 3


@pytest.fixture(scope="module")
def at_work(world: World) -> Iterator[Crew]:
    with crew(world, 4, **UNHURRIED) as made:
        yield made


def test_fifty_digests_due_at_once_are_fifty_posts(at_work: Crew) -> None:
    world = at_work.world
    due = [world.team_channel() for _ in range(50)]
    for channel in due:
        world.digest_falls_due(channel)
    eventually(lambda: all(at_work.said(channel) for channel in due), "every digest", seconds=90)
    at_work.settled()
    assert [len(at_work.said(channel)) for channel in due] == [1] * 50
    assert world.rows("SELECT state, count(*)::int AS n FROM digest_run GROUP BY state") == [
        {"state": "posted", "n": 50}
    ]
    assert len(world.control.calls(POST)) == 50


@pytest.mark.parametrize("seconds", [10, pytest.param(60, marks=[pytest.mark.slow, pytest.mark.timeout(300)])])
def test_story_14_a_storm_of_429s_loses_nothing_and_each_gate_is_tried_once_a_pause(
    at_work: Crew, seconds: int
) -> None:
    world = at_work.world
    storm = {"kind": "rate_limited", "retry_after": PAUSE_SECONDS, "times": 100_000}
    world.control.post("faults", method=POST, **storm)
    clients, due = [world.client() for _ in range(4)], [world.team_channel() for _ in range(8)]
    for client in clients:
        world.log(client)
    for channel in due:
        world.digest_falls_due(channel)
    Event().wait(seconds)
    world.control.post("faults", clear=True)
    eventually(lambda: all(at_work.said(channel) for channel in due), "every digest", seconds=60)
    assert [len(world.questions(client)) for client in clients if world.question(client)] == [1] * 4
    at_work.settled()
    assert [len(at_work.said(channel)) for channel in due] == [1] * 8
    for channel in (*due, *(client.channel for client in clients)):
        tried = [call["at"] for call in world.control.calls(POST) if call["args"].get("channel") == channel]
        assert len(tried) <= 2 + seconds / PAUSE_SECONDS
        assert all(later - earlier >= PAUSE_SECONDS for earlier, later in pairwise(tried)), tried

"""By our clock it is an hour earlier or later of a sudden, under replicas at work: nothing is posted twice or lost."""

from collections.abc import Iterator
from functools import partial

import pytest

from tests.bots import eventually
from tests.crew import Crew
from tests.doomed import Fate, live_by_another_clock
from tests.replicas import together
from tests.world import UNHURRIED, World

HOUR = 3600


@pytest.fixture(scope="module")
def at_work(world: World) -> Iterator[Crew]:
    fate = Fate(world.folder / "jumps")
    fate.set_clock(0)
    with together(world.program("both", **UNHURRIED), fate, 2, live_by_another_clock) as replicas:
        made = Crew(world, fate, replicas)
        made.listen()
        world.client()
        yield made


def digest(world: World, minutes: int) -> str:
    """A channel whose digest falls due so many minutes from now."""
    channel = world.team_channel()
    world.digest_falls_due(channel, 60 * minutes)
    return channel


@pytest.mark.parametrize("hours", [1, -1])
def test_a_digest_is_posted_once_whichever_way_the_clock_is_set(at_work: Crew, hours: int) -> None:
    world = at_work.world
    channel = digest(world, 30)
    for ahead in (hours, 0, 1, -1, 1):
        at_work.fate.set_clock(ahead * HOUR)
        other = digest(world, ahead * 60 - 1)
        eventually(partial(at_work.said, other), "a digest that falls due by the clock as it is now")
    at_work.settled()
    assert len(at_work.said(channel)) == 1
    assert [row["state"] for row in world.deliveries(channel, "digest")] == ["sent"]


@pytest.mark.parametrize("hours", [1, -1])
def test_questions_and_answers_go_on(at_work: Crew, hours: int) -> None:
    world = at_work.world
    at_work.fate.set_clock(hours * HOUR)
    client = world.client()
    question = world.asked(client)
    world.click(question, 2, client.person)
    at_work.fate.set_clock(0)
    assert world.click(question, 5, client.person)["ack"]["error"] is None
    at_work.settled()
    assert [reply["score"] for reply in world.replies(client)] == [5]
    assert len(world.questions(client)) == 1


def test_a_pause_slack_asked_for_ends_when_it_ends_although_the_clock_was_set_back(at_work: Crew) -> None:
    world, client = at_work.world, at_work.world.client()
    at_work.fate.set_clock(HOUR)
    world.control.post("faults", method="chat.postMessage", channel=client.channel, kind="rate_limited", retry_after=2)
    world.log(client)
    eventually(
        lambda: [c for c in world.control.calls("chat.postMessage") if c["outcome"] == "rate_limited"], "a pause"
    )
    at_work.fate.set_clock(0)
    assert world.question(client, seconds=10)

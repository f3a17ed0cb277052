"""Slack takes our token back while we run: it shows, nothing goes round in circles, and all is well with it back."""

from collections.abc import Iterator
from threading import Event
from typing import Any

import httpx
import pytest

from tests.bots import eventually
from tests.crew import Crew, crew
from tests.world import UNHURRIED, World

POST = "chat.postMessage"


@pytest.fixture(scope="module")
def at_work(world: World) -> Iterator[Crew]:
    with crew(world, 1, **UNHURRIED) as made:
        yield made


@pytest.fixture
def world_again(at_work: Crew) -> Iterator[World]:
    """With the token given back afterwards, and the bot there again."""
    yield at_work.world
    at_work.world.control.post("revoke", revoked=False)
    at_work.listen()


def health(at_work: Crew) -> dict[str, Any]:
    """What `/readyz` says of Slack."""
    found: dict[str, Any] = httpx.get(f"{at_work.replicas[0].url}/readyz", trust_env=False).json()
    return dict(found["checks"]["slack"])


def refused(world: World) -> int:
    """How many calls came to nothing because of the token."""
    return len([call for call in world.control.calls() if call["outcome"] == "token_revoked"])


def states(world: World) -> list[dict[str, Any]]:
    """The messages that were not sent, oldest first, and what became of them."""
    return world.rows("SELECT kind, state FROM delivery WHERE state NOT IN ('sent', 'superseded') ORDER BY delivery_id")


def test_a_clients_click_is_kept_the_loss_shows_and_is_asked_about_once_in_a_while(
    at_work: Crew, world_again: World
) -> None:
    world, client = world_again, world_again.client()
    question = world.asked(client)
    world.control.post("revoke")
    at_work.listen()
    assert world.click(question, 4, client.person)["ack"]["error"] is None
    assert [reply["score"] for reply in world.replies(client)] == [4]
    eventually(lambda: not health(at_work)["ok"], "/readyz to say so")
    assert "token_revoked" in health(at_work)["reason"]
    at_work.settled()
    before = refused(world)
    for _ in range(20):
        health(at_work)
    assert refused(world) - before <= 1

    world.control.post("revoke", revoked=False)
    world.click(question, 5, client.person)
    eventually(lambda: health(at_work)["ok"], "/readyz to be well again")


def test_what_could_not_be_said_ends_and_so_does_the_notice_of_it(at_work: Crew, world_again: World) -> None:
    world, client = world_again, world_again.client()
    world.control.post("faults", method=POST, channel=client.channel, kind="rate_limited", retry_after=2)
    world.log(client)
    eventually(lambda: not world.control.get("state")["faults"], "the question to be held up")
    world.control.post("revoke")
    eventually(lambda: [each for each in states(world) if each["kind"] == "notice"], "the notice")
    at_work.settled()
    ended = states(world)[-2:]
    assert ended == [{"kind": "survey", "state": "dead"}, {"kind": "notice", "state": "dead"}]
    before = refused(world)
    Event().wait(2)  # ten ticks
    assert (refused(world), states(world)[-2:]) == (before, ended)


def test_a_digest_waits_for_the_token_to_come_back(at_work: Crew, world_again: World) -> None:
    world, channel = world_again, "C0SALES"
    world.control.post("revoke")
    world.digest_falls_due(channel)
    eventually(lambda: refused(world) and world.deliveries(channel, "digest"), "the digest to be tried")
    world.control.post("revoke", revoked=False)
    eventually(lambda: at_work.said(channel), "the digest", seconds=60)
    at_work.settled()
    assert len(at_work.said(channel)) == 1

"""Slack drops, refuses or slows our messages while two replicas work on one database."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.bots import eventually, started
from tests.world import UNHURRIED, Client, Message, World


@pytest.fixture(scope="module", autouse=True)
def replicas(world: World) -> Iterator[None]:
    both = [world.program(transport, **UNHURRIED).launch() for transport in ("both", "http")]
    with started(*both) as (first, _):
        world.speak(first, "socket")
        yield


def state(world: World, client: Client, wanted: str) -> dict[str, Any]:
    """The delivery of the only question, once it is in this state."""

    def look() -> list[dict[str, Any]]:
        return [row for row in world.deliveries(client.channel) if row["state"] == wanted]

    (found,) = eventually(look, f"a delivery that is {wanted}")
    return found


def posts(world: World, client: Client) -> list[dict[str, Any]]:
    return [call for call in world.control.calls("chat.postMessage") if call["args"].get("channel") == client.channel]


def fault(world: World, client: Client, kind: str, **more: Any) -> None:
    world.control.post("faults", method="chat.postMessage", channel=client.channel, kind=kind, **more)


def notice(world: World, client: Client) -> Message:
    return world.told("U0ANNA", f"<#{client.channel}>")


def test_story_16_a_message_taken_and_then_not_confirmed_is_sent_again_only_on_a_humans_word(world: World) -> None:
    client = world.client()
    fault(world, client, "accept_then_drop")
    world.log(client)
    state(world, client, "unknown")
    told = notice(world, client)
    assert "may or may not have arrived" in told["text"]
    assert len(world.questions(client)) == 1

    world.press(told, "resend_delivery", "U0ANNA")
    eventually(lambda: len(world.questions(client)) == 2, "the question sent again")
    world.press(told, "resend_delivery", "U0ANNA")
    eventually(lambda: len(world.whispered(told["channel"], "U0ANNA")) == 2, "an answer to each press")
    assert "already" in world.whispered(told["channel"], "U0ANNA")[-1]["text"]
    assert len(posts(world, client)) == 2
    assert [row["state"] for row in world.deliveries(client.channel)] == ["unknown", "sent"]


def test_pressing_resend_many_times_at_once_sends_one_message(world: World) -> None:
    client = world.client()
    fault(world, client, "accept_then_drop")
    world.log(client)
    told = notice(world, client)
    with ThreadPoolExecutor(5) as pool:
        list(pool.map(lambda _: world.press(told, "resend_delivery", "U0ANNA"), range(5)))
    eventually(lambda: len(world.whispered(told["channel"], "U0ANNA")) >= 5, "an answer to each press")
    eventually(lambda: world.deliveries(client.channel)[-1]["state"] == "sent", "the question sent again")
    assert len(world.questions(client)) == 2


def test_an_answer_to_a_message_in_doubt_shows_that_it_arrived(world: World) -> None:
    client = world.client()
    fault(world, client, "accept_then_drop")
    world.log(client)
    state(world, client, "unknown")
    world.click(world.question(client), 4, client.person)
    assert [reply["score"] for reply in world.replies(client)] == [4]
    told = notice(world, client)
    before = [each for each in world.control.messages(told["channel"]) if each.get("ephemeral_to") == "U0ANNA"]
    world.press(told, "resend_delivery", "U0ANNA")
    said = world.whispered(told["channel"], "U0ANNA", at_least=len(before) + 1)
    assert said[-1]["text"] == "It did arrive after all; nothing was sent again."
    assert len(world.questions(client)) == 1


@pytest.mark.parametrize("kind", ["http_500", "drop_before_accept"])
def test_a_message_slack_failed_on_is_not_sent_again_by_itself(world: World, kind: str) -> None:
    client = world.client()
    fault(world, client, kind)
    world.log(client)
    state(world, client, "unknown")
    notice(world, client)
    assert [call["outcome"] for call in posts(world, client)] == [kind]


def test_a_message_slack_will_never_take_reaches_a_human_with_the_reason(world: World) -> None:
    client = world.client()
    fault(world, client, "error", error="missing_scope")
    world.log(client)
    state(world, client, "dead")
    told = notice(world, client)
    assert "lacks a permission" in told["text"]
    world.press(told, "resend_delivery", "U0ANNA")
    world.click(world.question(client), 5, client.person)
    assert [reply["score"] for reply in world.replies(client)] == [5]
    assert len(posts(world, client)) == 2


def test_retry_after_is_obeyed_by_every_replica_and_holds_back_no_other_channel(world: World) -> None:
    limited, free = world.client(), world.client()
    fault(world, limited, "rate_limited", retry_after=3)
    world.log(limited)
    for colleague in limited.people[1:3]:
        world.log(limited, world.contact(limited.account_id, colleague))
    eventually(lambda: posts(world, limited), "the call that is refused")
    world.log(free)
    world.question(free)
    eventually(lambda: len(world.questions(limited)) == 3, "all three questions")
    refused, *later = posts(world, limited)
    assert refused["outcome"] == "rate_limited"
    assert [call["outcome"] for call in later] == ["ok"] * 3
    assert later[0]["at"] - refused["at"] >= 3
    assert posts(world, free)[0]["at"] < later[0]["at"]

"""A Slack that does not draw charts gets the same message plainer, once; what it takes is remembered."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest

from bot.blocks.chart import line_chart
from bot.blocks.grid import Number, data_table, strip
from bot.blocks.parts import section
from bot.queue import Again
from bot.slack import Slack
from kpi.model import Message
from kpi.services.capability import Capability
from kpi.store.store import Store
from sandbox.client import Control
from sandbox.server import Sandbox, SandboxConfig, start
from tests.post_room import PostRoom

POST = "chat.postMessage"
DRAWN = ["data_visualization", "data_table", "layout"]
DIGEST = Message(
    *("digest", "internal", "C0TEAM"),
    {
        "text": "CSAT is 91.3%.",
        "blocks": [
            section("*CSAT is 91.3%*"),
            strip("This month", [("CSAT", "91.3%"), ("NPS", "41")]),
            line_chart("CSAT by month", ["Aug", "Sep"], {"CSAT": [88, 91.26]}, "percent"),
            data_table("Churn by account", ["Account", "Churn"], [["Acme", Number(1.3, "1.3%")]]),
        ],
    },
    "digest:1",
)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with start(SandboxConfig(pace=None)) as running:
        yield running


@pytest.fixture
def room(sandbox: Sandbox, store: Store) -> Iterator[PostRoom]:
    with Control(sandbox.url) as control:
        control.post("reset")
        yield PostRoom(store, Slack("xoxb-sandbox", sandbox.api_url, send_timeout=1, ask_timeout=1), control)


def kinds(room: PostRoom, number: int = -1) -> list[str]:
    return [block["type"] for block in room.control.messages("C0TEAM")[number]["blocks"]]


def say(room: PostRoom, message: Message = DIGEST) -> int:
    """Queue it and run its job for as long as it comes back; how often Slack was called."""
    before, delivery_id = len(room.control.calls(POST)), room.say(message)
    for _ in range(5):
        if room.state(delivery_id) != "queued":
            break
        with suppress(Again):
            room.deliver(delivery_id)
    assert room.state(delivery_id) == "sent"
    return len(room.control.calls(POST)) - before


def next_digest(number: int) -> Message:
    return replace(DIGEST, dedupe_key=f"digest:{number}")


def test_a_slack_that_draws_gets_the_whole_message_and_that_is_remembered(room: PostRoom) -> None:
    assert room.capability.rung() == "unknown"
    assert say(room) == 1
    assert kinds(room) == ["section", "layout", "data_visualization", "data_table"]
    assert room.capability.rung() == "native"


def test_one_that_draws_only_plain_tables_gets_them_once_and_at_once_the_next_time(room: PostRoom) -> None:
    room.control.post("refuses", blocks=DRAWN)
    assert say(room) == 2
    assert len(room.control.messages("C0TEAM")) == 1
    assert kinds(room) == ["section", "section", "section", "table", "section"]
    assert room.capability.rung() == "table"
    assert say(room, next_digest(2)) == 1
    assert kinds(room) == ["section", "section", "section", "table", "section"]
    assert room.capability.rung() == "table"


def test_one_that_draws_nothing_is_reached_on_the_third_try(room: PostRoom) -> None:
    room.control.post("refuses", blocks=[*DRAWN, "table"])
    assert say(room) == 3
    (message,) = room.control.messages("C0TEAM")
    assert {block["type"] for block in message["blocks"]} == {"section"}
    assert "91.26" in str(message["blocks"])
    assert room.capability.rung() == "text"


def test_a_message_refused_on_every_rung_is_dead_after_three_calls_and_teaches_nothing(room: PostRoom) -> None:
    room.fail(POST, "error", error="invalid_blocks", times=9)
    delivery_id = room.say(DIGEST)
    assert [room.wait(delivery_id) for _ in range(2)] == [0, 0]
    room.deliver(delivery_id)
    assert (room.state(delivery_id), room.row(delivery_id)["error"]) == ("dead", "invalid_blocks")
    assert len(room.control.calls(POST)) == 3
    assert room.capability.rung() == "unknown"


@pytest.mark.parametrize("code", ["invalid_blocks_format", "unsupported_block_type", "msg_blocks_too_long"])
def test_whatever_slack_calls_blocks_it_does_not_take_a_lower_rung_is_tried(room: PostRoom, code: str) -> None:
    room.fail(POST, "error", error=code)
    assert say(room) == 2
    assert room.capability.rung() == "table"


def test_a_refusal_that_is_not_about_blocks_is_final(room: PostRoom) -> None:
    room.fail(POST, "error", error="is_archived")
    delivery_id = room.say(DIGEST)
    room.deliver(delivery_id)
    assert (room.state(delivery_id), room.row(delivery_id)["error"]) == ("dead", "is_archived")
    assert len(room.control.calls(POST)) == 1


def test_a_plain_message_that_is_refused_is_dead_at_once(room: PostRoom) -> None:
    room.fail(POST, "error", error="invalid_blocks")
    delivery_id = room.say(replace(DIGEST, payload={"text": "x", "blocks": [section("x")]}))
    room.deliver(delivery_id)
    assert room.state(delivery_id) == "dead"


@pytest.mark.parametrize("kind", ["accept_then_drop", "drop_before_accept"])
def test_in_doubt_on_a_lower_rung_it_is_not_said_again(room: PostRoom, kind: str) -> None:
    room.control.post("refuses", blocks=DRAWN)
    delivery_id = room.say(DIGEST)
    room.wait(delivery_id)
    room.fail(POST, kind)
    for _ in range(3):
        room.deliver(delivery_id)
    assert room.state(delivery_id) == "unknown"
    assert len(room.control.calls(POST)) == 2
    assert room.capability.rung() == "unknown"


def test_a_worker_that_comes_back_late_does_not_put_a_settled_message_down(room: PostRoom) -> None:
    delivery_id = room.say(DIGEST)
    claim = room.deliveries.claim(delivery_id)
    assert claim is not None
    assert room.deliveries.claim(delivery_id) is None  # another worker finds it in mid-attempt and gives it up
    room.deliveries.lower(claim, "table", "invalid_blocks")
    assert room.state(delivery_id) == "unknown"


def test_after_thirty_days_the_full_message_is_tried_afresh(room: PostRoom) -> None:
    room.control.post("refuses", blocks=DRAWN)
    say(room)
    room.now.move(days=29)
    assert room.capability.rung() == "table"
    room.now.move(days=1)
    assert room.capability.rung() == "unknown"
    room.control.post("refuses", blocks=[])
    assert say(room, next_digest(2)) == 1
    assert room.capability.rung() == "native"


def test_a_slack_that_still_refuses_after_thirty_days_is_remembered_for_thirty_more(room: PostRoom) -> None:
    room.control.post("refuses", blocks=DRAWN)
    say(room)
    room.now.move(days=31)
    assert say(room, next_digest(2)) == 2
    room.now.move(days=29)
    assert room.capability.rung() == "table"


def test_a_process_reads_what_another_learnt_within_a_minute(room: PostRoom) -> None:
    ours: Capability = room.capability
    assert ours.rung() == "unknown"
    say(room)
    assert ours.rung() == "unknown"
    room.now.move(minutes=1)
    assert ours.rung() == "native"


def test_a_full_answer_for_one_persons_eyes_teaches_the_same(room: PostRoom) -> None:
    more: dict[str, Any] = {"method": "chat.postEphemeral", "user_id": "U0ANNA", "kind": "answer", "audience": "person"}
    say(room, replace(DIGEST, **more))
    assert room.control.messages("C0TEAM")[0]["ephemeral_to"] == "U0ANNA"
    assert room.capability.rung() == "native"

"""A picture arrives once, where its figures may be seen, and in words for whoever does not see it."""

import struct
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from math import inf, nan
from typing import Any

import httpx
import pytest

from bot import pictures
from bot.outcomes import Ambiguous, Limited, Rejected, Unsent
from bot.pictures import Line, alt_text, line_of
from bot.slack import SHARE_FILE, Picture, Slack
from kpi.model import Message
from kpi.store.store import Store
from sandbox.client import Control
from sandbox.server import Sandbox, SandboxConfig, start
from tests.post_room import PostRoom

DAYS = [f"{day} Sep" for day in range(1, 31)]
LINE = Line("CSAT by day", "percent", DAYS, [80 + day % 7 for day in range(29)] + [None], target=85)
READY = Picture("kpi-1", "CSAT by day", "CSAT by day: 1 Sep 80", "*CSAT*", b"\x89PNG not really")
SHOWN = Message("picture", "person", "U0ANNA", pictures.payload(LINE, "*CSAT is 84%*"), "picture:1", method=SHARE_FILE)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with start(SandboxConfig()) as running:
        yield running


@pytest.fixture
def control(sandbox: Sandbox) -> Iterator[Control]:
    with Control(sandbox.url) as control:
        control.post("reset")
        yield control


@pytest.fixture
def slack(sandbox: Sandbox) -> Slack:
    return Slack("xoxb-sandbox", sandbox.api_url, send_timeout=1, ask_timeout=1)


@pytest.fixture
def room(slack: Slack, control: Control, store: Store) -> PostRoom:
    return PostRoom(store, slack, control)


@pytest.mark.parametrize("place", ["C0TEAM", "U0ANNA"])
def test_it_stands_in_the_channel_or_in_the_persons_direct_messages(
    slack: Slack, control: Control, sandbox: Sandbox, place: str
) -> None:
    slack.share(place, READY)
    (message,) = control.messages(place)
    (file,) = message["files"]
    assert (message["text"], file["title"]) == ("*CSAT*", "CSAT by day")
    assert (file["name"], file["alt_txt"]) == ("kpi-1.png", "CSAT by day: 1 Sep 80")
    assert httpx.get(f"{sandbox.url}/_file/{file['id']}", trust_env=False).content == READY.content
    page = httpx.get(sandbox.url, params={"user": "U0ANNA", "channel": message["channel"]}, trust_env=False).text
    assert f'<img src="/_file/{file["id"]}" alt="CSAT by day: 1 Sep 80"' in page


@pytest.mark.parametrize("method", ["conversations.open", "files.getUploadURLExternal"])
@pytest.mark.parametrize("kind", ["accept_then_drop", "drop_before_accept", "http_500"])
def test_what_breaks_before_the_last_call_was_certainly_not_sent(
    slack: Slack, control: Control, method: str, kind: str
) -> None:
    control.post("faults", method=method, kind=kind)
    with pytest.raises(Unsent):
        slack.share("U0ANNA", READY)
    assert control.messages("U0ANNA") == []
    slack.share("U0ANNA", READY)
    assert len(control.messages("U0ANNA")) == 1


def test_only_the_last_call_can_leave_it_in_doubt(slack: Slack, control: Control) -> None:
    control.post("faults", method=SHARE_FILE, kind="accept_then_drop")
    with pytest.raises(Ambiguous):
        slack.share("C0TEAM", READY)
    assert len(control.messages("C0TEAM")) == 1


def test_slacks_no_and_not_now_are_told_as_for_messages(slack: Slack, control: Control) -> None:
    control.post("faults", method="files.getUploadURLExternal", kind="error", error="missing_scope")
    with pytest.raises(Rejected, match="missing_scope"):
        slack.share("C0TEAM", READY)
    control.post("faults", method=SHARE_FILE, kind="rate_limited", retry_after=7)
    with pytest.raises(Limited):
        slack.share("C0TEAM", READY)


def test_the_words_for_a_picture_carry_its_figures() -> None:
    words = alt_text(Line("NPS by month", "points", ["Aug", "Sep", "Oct"], [41, None, -3.25], target=40))
    assert words == "NPS by month (points): Aug 41; Oct -3.25. Target 40."
    assert alt_text(Line("NPS", "", ["Aug"], [None])) == "NPS: no values."


def test_too_many_figures_for_the_words_leave_the_ends_and_extremes() -> None:
    words = alt_text(Line("CSAT", "percent", [f"day {n}" for n in range(400)], list(range(400))))
    assert words == "CSAT (percent): 400 values; first day 0 0; last day 399 399; lowest day 0 0; highest day 399 399."


def test_a_delivery_keeps_the_figures_and_gives_back_the_same_line(room: PostRoom) -> None:
    kept = room.row(room.say(SHOWN))["payload"]
    assert line_of(kept["picture"]) == replace(LINE, low=[], high=[])


def test_a_bound_without_end_is_kept_as_a_gap(room: PostRoom) -> None:
    line = replace(LINE, low=[3.0] * 30, high=[inf, nan, *[9.0] * 28])
    kept = room.row(room.say(replace(SHOWN, payload=pictures.payload(line, "*Waits*"))))["payload"]
    assert kept["picture"]["high"][:3] == [None, None, 9.0]


def test_nothing_draws_before_the_first_picture() -> None:
    started = "import sys, bot.app, bot.cli, bot.pictures; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", started], check=False).returncode == 0


def test_a_line_of_thirty_days_is_drawn_and_delivered_once(room: PostRoom, sandbox: Sandbox) -> None:
    delivery_id = room.say(SHOWN)
    for _ in range(2):
        room.deliver(delivery_id)
    (message,) = room.control.messages("U0ANNA")
    content = httpx.get(f"{sandbox.url}/_file/{message['files'][0]['id']}", trust_env=False).content
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", content[16:24]) == (1200, 750)
    assert message["files"][0]["alt_txt"].startswith("CSAT by day (percent): 1 Sep 80; 2 Sep 81;")
    assert room.state(delivery_id) == "sent"


def test_a_picture_never_goes_into_an_externally_shared_channel(room: PostRoom) -> None:
    delivery_id = room.say(replace(SHOWN, audience="internal", channel_id="C0ACME"))
    room.deliver(delivery_id)
    assert room.state(delivery_id) == "dead"
    assert room.control.calls(SHARE_FILE) == []


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"values": [None] * 30},
        {"low": [70.0] * 30, "high": [None, *[95.0] * 29]},
        {"low": [None] * 30, "high": [None] * 30},
        {"title": "Costs $5 and $6 <b>", "unit": "€", "target": None},
        {"labels": ["one"], "values": [1.0]},
    ],
)
def test_any_line_becomes_the_same_bytes_twice(change: dict[str, Any]) -> None:
    line = replace(LINE, **change)
    assert pictures.png(line) == pictures.png(line)

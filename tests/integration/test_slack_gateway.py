"""What became of a call to Slack is said exactly: sent, certainly not sent, refused, or nobody can say."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from bot.outcomes import Ambiguous, Limited, Rejected, Unsent
from bot.slack import Slack
from sandbox.client import Control
from sandbox.server import Sandbox, SandboxConfig, start
from tests.rude_server import RudeServer, answer, free_port

HELLO = {"channel": "C0TEAM", "text": "How was it?"}
TOKEN = "xoxb-sandbox"
POST = "chat.postMessage"


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
def slack(sandbox: Sandbox, control: Control) -> Slack:
    return gateway(sandbox.api_url)


def gateway(api_url: str, token: str = TOKEN) -> Slack:
    return Slack(token, api_url, send_timeout=1, ask_timeout=1)


def error(code: str, **more: Any) -> bytes:
    return json.dumps({"ok": False, "error": code, **more}).encode()


def limited(header: str = "") -> bytes:
    return answer(error("ratelimited"), status="429 Too Many Requests", header=header)


def test_a_message_is_posted_once_and_its_ts_comes_back(slack: Slack, control: Control) -> None:
    ts = slack.send(POST, HELLO)
    (message,) = control.messages("C0TEAM")
    assert (message["ts"], message["text"]) == (ts, "How was it?")


def test_blocks_arrive_as_they_were_given(slack: Slack, control: Control) -> None:
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "*ä* & <b>"}}]
    slack.send(POST, {**HELLO, "blocks": blocks})
    assert control.messages("C0TEAM")[0]["blocks"][0]["text"]["text"] == "*ä* & <b>"


def test_an_ephemeral_message_gives_its_ts_too(slack: Slack, control: Control) -> None:
    assert slack.send("chat.postEphemeral", {**HELLO, "user": "U0ANNA"})


def test_a_connection_lost_after_slack_took_the_message_is_in_doubt_and_posts_once(
    slack: Slack, control: Control
) -> None:
    control.post("faults", method=POST, kind="accept_then_drop")
    with pytest.raises(Ambiguous):
        slack.send(POST, HELLO)
    assert len(control.messages("C0TEAM")) == 1
    assert len(control.calls(POST)) == 1


def test_a_connection_lost_before_slack_took_the_message_is_in_doubt_and_not_repeated(
    slack: Slack, control: Control
) -> None:
    control.post("faults", method=POST, kind="drop_before_accept")
    with pytest.raises(Ambiguous):
        slack.send(POST, HELLO)
    assert control.messages("C0TEAM") == []
    assert len(control.calls(POST)) == 1


def test_an_answer_that_comes_too_late_is_in_doubt(slack: Slack, control: Control) -> None:
    control.post("faults", method=POST, kind="slow", seconds=1.5)
    with pytest.raises(Ambiguous):
        slack.send(POST, HELLO)


@pytest.mark.parametrize(
    ("kind", "posted"),
    [("truncated", 1), ("not_json", 1), ("accept_then_hang", 1), ("http_503", 0), ("http_500", 0)],
)
def test_whatever_else_slack_may_answer_is_in_doubt_and_not_repeated(
    slack: Slack, control: Control, kind: str, posted: int
) -> None:
    control.post("faults", method=POST, kind=kind, seconds=1.5)
    with pytest.raises(Ambiguous):
        slack.send(POST, {**HELLO, "text": kind})
    assert [message["text"] for message in control.messages("C0TEAM")].count(kind) == posted
    assert [call["args"]["text"] for call in control.calls(POST)].count(kind) == 1


@pytest.mark.parametrize("host", ["127.0.0.1:{port}", "nobody-is-called-this.invalid"])
def test_a_slack_that_cannot_be_reached_has_certainly_not_got_it(host: str) -> None:
    slack = gateway(f"http://{host.format(port=free_port())}/api/")
    with pytest.raises(Unsent, match="cannot be reached"):
        slack.send(POST, HELLO)


@pytest.mark.parametrize(
    ("reply", "seconds"),
    [
        pytest.param(limited("Retry-After: 7"), 7, id="seconds"),
        pytest.param(limited("retry-after: 7.5"), 7.5, id="half a second and small letters"),
        pytest.param(limited(), 30, id="nothing said"),
        pytest.param(limited("Retry-After: soon"), 30, id="garbage"),
        pytest.param(limited("Retry-After: Wed, 21 Oct 2026 07:28:00 GMT"), 30, id="a date"),
        pytest.param(limited("Retry-After: nan"), 30, id="not a number"),
        pytest.param(limited("Retry-After: inf"), 30, id="for ever"),
        pytest.param(limited("Retry-After: 99999999999"), 3600, id="huge"),
        pytest.param(limited("Retry-After: -5"), 1, id="negative"),
        pytest.param(limited("Retry-After: 0"), 1, id="zero"),
        pytest.param(answer(b"slow down", status="429 Too Many Requests", header="Retry-After: 7"), 7, id="no JSON"),
        pytest.param(answer(error("ratelimited"), header="Retry-After: 7"), 7, id="said with status 200"),
        pytest.param(answer(error("rate_limited")), 30, id="the other spelling"),
    ],
)
def test_a_rate_limit_says_how_long_to_wait_whatever_the_header(reply: bytes, seconds: float) -> None:
    with RudeServer(reply) as server, pytest.raises(Limited) as wait:
        gateway(server.api_url).send(POST, HELLO)
    assert wait.value.seconds == seconds
    assert server.requests == 1


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(answer(b"Internal Server Error", status="500 Internal Server Error"), id="500"),
        pytest.param(answer(error("channel_not_found"), status="502 Bad Gateway"), id="502 with JSON"),
        pytest.param(answer(error("service_unavailable"), status="503 Service Unavailable"), id="503"),
        pytest.param(answer(b"", status="404 Not Found"), id="404"),
        pytest.param(answer(b'{"ok": true, "ts": "17'), id="JSON cut short"),
        pytest.param(answer(b'{"ok": true, "ts": "17', length=400), id="body cut short"),
        pytest.param(answer(b"<html><body>Maintenance</body></html>", header="Content-Type: text/html"), id="HTML"),
        pytest.param(answer(b""), id="empty body"),
        pytest.param(answer(b"{}"), id="empty object"),
        pytest.param(answer(b"null"), id="null"),
        pytest.param(answer(b"[1, 2]"), id="list"),
        pytest.param(answer(b'"ok"'), id="string"),
        pytest.param(answer(b"7"), id="number"),
        pytest.param(answer(b'{"ok": false}'), id="failed without a word"),
        pytest.param(answer(b'{"ok": false, "error": null}'), id="failed with no word"),
        pytest.param(answer(b'{"ok": false, "error": ""}'), id="failed with an empty word"),
        pytest.param(answer(b'{"ok": false, "error": {"code": 1}}'), id="failed with an object"),
        pytest.param(answer(b"\xff\xfe\xfa"), id="no text"),
        pytest.param(
            answer(b"{}", status="500 Oops", header="Content-Type: text/plain; charset=klingon"), id="charset"
        ),
        pytest.param(
            answer(b"", status="302 Found", header="Location: /api/chat.postMessage"), id="redirect to itself"
        ),
        pytest.param(answer(error("internal_error")), id="internal_error"),
        pytest.param(answer(error("fatal_error")), id="fatal_error"),
        pytest.param(answer(error("request_timeout")), id="request_timeout"),
        pytest.param(b"", id="nothing"),
        pytest.param(b"NOT HTTP AT ALL\r\n\r\n", id="no HTTP"),
        pytest.param(None, id="silence"),
    ],
)
def test_an_answer_nobody_can_read_is_in_doubt(reply: bytes | None) -> None:
    with RudeServer(reply) as server, pytest.raises(Ambiguous):
        gateway(server.api_url).send(POST, HELLO)


@pytest.mark.parametrize(
    "code",
    ["channel_not_found", "is_archived", "not_in_channel", "invalid_auth", "invalid_blocks", "a_code_of_next_year"],
)
def test_what_slack_refuses_for_good_carries_slacks_word_for_it(slack: Slack, control: Control, code: str) -> None:
    control.post("faults", method=POST, kind="error", error=code)
    with pytest.raises(Rejected) as refusal:
        slack.send(POST, HELLO)
    assert refusal.value.code == code


@pytest.mark.parametrize("code", ["service_unavailable", "team_added_to_org"])
def test_what_slack_cannot_do_just_now_may_be_tried_again(slack: Slack, control: Control, code: str) -> None:
    control.post("faults", method=POST, kind="error", error=code)
    with pytest.raises(Unsent) as failure:
        slack.send(POST, HELLO)
    assert not isinstance(failure.value, Limited)


def test_a_modal_that_does_not_open_is_no_failure_of_the_listener(slack: Slack, control: Control) -> None:
    assert not slack.open_view("1.2.not-a-trigger", {"type": "modal"})
    control.post("faults", method="views.open", kind="drop_before_accept")
    assert not slack.open_view("1.2", {"type": "modal"})
    assert not gateway(f"http://127.0.0.1:{free_port()}/api/").open_view("1.2", {"type": "modal"})

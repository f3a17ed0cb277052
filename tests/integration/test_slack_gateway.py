"""What became of a call to Slack is said exactly: sent, certainly not sent, refused, or nobody can say."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from bot.installation import Installation
from bot.outcomes import Ambiguous, Limited, Rejected, Unsent
from bot.payloads import installation
from bot.slack import Slack
from bot.slack_call import ASK_AGAIN_SECONDS, Standing
from bot.web import checks
from kpi.errors import KpiError
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


def test_a_token_taken_back_is_known_after_the_next_call_until_one_succeeds(slack: Slack, control: Control) -> None:
    slack.send(POST, HELLO)
    assert slack.refused() is None
    control.post("revoke", error="account_inactive")
    with pytest.raises(Rejected, match="account_inactive"):
        slack.send(POST, HELLO)
    assert checks.slack(slack) == {
        "ok": False, "reason": "Slack refuses SLACK_BOT_TOKEN (account_inactive); see docs/slack-setup.md."
    }  # fmt: skip
    calls = len(control.calls())
    assert slack.refused() == "account_inactive"
    assert len(control.calls()) == calls
    control.post("revoke", revoked=False)
    slack.send(POST, HELLO)
    assert checks.slack(slack)["ok"]


def test_a_refused_token_is_tried_again_by_one_caller_after_half_a_minute() -> None:
    standing = Standing()
    standing.note("token_revoked")
    assert not standing.ask_again()
    standing.at -= ASK_AGAIN_SECONDS + 1
    assert [standing.ask_again() for _ in range(3)] == [True, False, False]
    standing.note(None)
    standing.at -= ASK_AGAIN_SECONDS + 1
    assert not standing.ask_again()


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


@pytest.mark.parametrize(
    "body",
    [
        {"team": {"id": "T0HOME00"}, "user": {"team_id": "T0CLIENT"}},
        {"user": {"team_id": "T0HOME00"}},
        {},
        {"team": {"id": "T0CLIENT"}, "enterprise": {"id": "E0ACME"}, "view": {"app_installed_team_id": "T0HOME00"}},
        {"team": None, "view": {"app_installed_team_id": "T0SISTER", "bot_id": "B0KPIBOT"}},
    ],
)
def test_requests_for_our_installation_are_authorized_whoever_clicked(slack: Slack, body: dict[str, Any]) -> None:
    granted = slack.authorize(installation(body))
    assert granted is not None
    assert (granted.team_id, granted.bot_token, granted.bot_user_id) == ("T0HOME00", TOKEN, "U0KPIBOT")


@pytest.mark.parametrize(
    "body",
    [
        {"team": {"id": "T0OTHER0"}, "user": {"team_id": "T0HOME00"}},
        {"user": {"team_id": "T0CLIENT"}},
        {"team": None, "enterprise": {"id": "E0ACME"}, "user": {"team_id": "T0HOME00"}},
        {"team": {"id": "T0HOME00"}, "view": {"app_installed_team_id": "T0OTHER0", "bot_id": "B0OTHER"}},
    ],
)
def test_requests_for_another_installation_are_not(slack: Slack, body: dict[str, Any]) -> None:
    assert slack.authorize(installation(body)) is None


GRID = [{"id": "T0HOME00", "enterprise_id": "E0NORTH"}, {"id": "T0SISTER", "enterprise_id": "E0NORTH"}]
SUE = {"id": "U0SUE", "team_id": "T0SISTER", "real_name": "Sue Sister"}


def test_whoever_belongs_to_our_enterprise_belongs_to_our_organisation(slack: Slack, control: Control) -> None:
    control.post("world", teams=[*GRID, {"id": "T0CLIENT", "enterprise_id": "E0ACME"}], users=[SUE])
    found = {user_id: slack.person(user_id) for user_id in ("U0SUE", "U0ANNA", "U0CARLA", "U0OTTO")}
    assert {user_id: person and person.team_id for user_id, person in found.items()} == {
        "U0SUE": "T0HOME00", "U0ANNA": "T0HOME00", "U0CARLA": "T0CLIENT", "U0OTTO": "T0OTHER0"
    }  # fmt: skip
    assert slack.is_on_grid()


def test_installed_for_a_whole_enterprise_the_enterprise_is_home(slack: Slack, control: Control) -> None:
    control.post("world", teams=[{**GRID[0], "org_wide": True}, GRID[1]], users=[SUE])
    assert slack.home_team() == "E0NORTH"
    ours: list[dict[str, Any]] = [
        {"team": None, "enterprise": {"id": "E0NORTH"}, "user": {"team_id": "T0CLIENT"}},
        {"team_id": "T0SISTER", "enterprise_id": "E0NORTH"},
        {"team_id": "T0CLIENT", "authorizations": [{"team_id": None, "enterprise_id": "E0NORTH"}]},
    ]
    for body in ours:
        assert slack.authorize(installation(body)) is not None
    assert slack.authorize(installation({"team": None, "enterprise": {"id": "E0ACME"}})) is None
    told = slack.person("U0SUE")
    assert told is not None
    assert told.team_id == "E0NORTH"


def test_slack_is_asked_who_we_are_once_however_many_requests_come_at_once(slack: Slack, control: Control) -> None:
    with ThreadPoolExecutor(16) as people:
        granted = list(people.map(lambda _: slack.authorize(Installation("T0HOME00")), range(200)))
    assert all(granted)
    assert len(control.calls("auth.test")) == 1


def test_a_slack_that_was_away_is_asked_again_who_we_are(slack: Slack, control: Control) -> None:
    control.post("faults", method="auth.test", kind="http_500")
    with pytest.raises(KpiError, match="cannot be reached"):
        slack.home()
    assert slack.home_team() == "T0HOME00"


def test_a_refused_token_is_named_with_where_to_get_a_new_one(sandbox: Sandbox, control: Control) -> None:
    with pytest.raises(KpiError, match=r"SLACK_BOT_TOKEN \(invalid_auth\).*slack-setup"):
        gateway(sandbox.api_url, "xoxb-revoked").home()


@pytest.mark.parametrize("body", [b'{"ok": true}', b'{"ok": true, "team_id": 7, "user_id": "U"}', b"[1]"])
def test_an_absurd_auth_test_is_slack_not_being_reached(body: bytes) -> None:
    with RudeServer(answer(body)) as server, pytest.raises(KpiError, match="cannot be reached"):
        gateway(server.api_url).home()

"""What reaches us over HTTP is Slack's or it is turned away; whatever it is, it never makes us stumble."""

import json
import threading
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import pytest
from fastapi import FastAPI
from httpx import Response
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult

from bot.errors import spoken
from bot.payloads import action_value, actor, channel_of, installation
from bot.web import slack_events
from kpi.errors import KpiError
from tests.app_client import AppClient
from tests.seal import signature

SECRET = "a secret only Slack knows"
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
COMMAND = urlencode({"command": "/kpi", "text": "csat", "user_id": "U0ANNA", "team_id": "T0HOME00"}).encode()
OURS = AuthorizeResult(enterprise_id=None, team_id="T0HOME00", bot_token="xoxb-x", bot_user_id="U0KPIBOT")
IGNORED = {"type": "event_callback", "event": {"type": "channel_shared", "channel": "C0ACME"}, "team_id": "T0HOME00"}


@dataclass
class Door:
    """The app behind HTTP, with what its listeners heard."""

    authorize: Callable[[], AuthorizeResult] = field(default=lambda: OURS)
    heard: list[Any] = field(default_factory=list)

    def __post_init__(self) -> None:
        web = FastAPI()
        web.include_router(slack_events.router(self.bolt(), SECRET))
        self.client = AppClient(web)

    def bolt(self) -> App:
        bolt = App(signing_secret=SECRET, process_before_response=True, authorize=self.authorize)
        hear = spoken(self.hear)
        bolt.command("/kpi")(hear)
        bolt.shortcut("log_interaction")(hear)
        bolt.action("score")(hear)
        bolt.view("form")(hear)
        bolt.event("channel_shared")(hear)
        return bolt

    def hear(self, body: dict[str, Any], ack: Any) -> None:
        self.heard.append((threading.current_thread().name, actor(body), channel_of(body), action_value(body)))
        installation(body)
        ack()

    def post(self, body: bytes, kind: str | None = FORM, *, at: str | None = None, sign: bool = True) -> Response:
        """A request signed as Slack does, at this timestamp (default now)."""
        timestamp = str(int(time.time())) if at is None else at
        return self.send(body, kind, timestamp, signature(SECRET, body, timestamp) if sign else "v0=wrong")

    def send(self, body: bytes, kind: str | None, timestamp: str, signed: str) -> Response:
        headers = {"x-slack-request-timestamp": timestamp.encode(), "x-slack-signature": signed.encode()}
        typed = {"content-type": kind.encode()} if kind else {}
        return self.client.post("/slack/events", content=body, headers={**headers, **typed})


def nobody_knows_us() -> AuthorizeResult:
    raise KpiError("Slack cannot be reached; please try again.")


def payload(value: Any) -> bytes:
    return urlencode({"payload": json.dumps(value)}).encode()


@pytest.fixture
def door() -> Door:
    return Door()


def test_a_signed_command_is_heard_on_a_thread_of_its_own_and_acked(door: Door) -> None:
    assert door.post(COMMAND).status_code == 200
    ((thread, who, *_),) = door.heard
    assert (who.user_id, who.team_id) == ("U0ANNA", "T0HOME00")
    assert thread != threading.current_thread().name


def test_a_press_a_form_and_an_event_are_heard_too(door: Door) -> None:
    user = {"id": "U0CARLA", "team_id": "T0CLIENT"}
    press = {"type": "block_actions", "user": user, "actions": [{"action_id": "score", "type": "button", "value": "5"}]}
    form = {"type": "view_submission", "user": user, "view": {"type": "modal", "callback_id": "form"}}
    assert door.post(payload(press)).status_code == 200
    assert door.post(payload(form)).status_code == 200
    assert door.post(json.dumps(IGNORED).encode(), JSON).status_code == 200
    assert [heard[3] for heard in door.heard] == ["5", "", ""]


def test_slacks_question_whether_the_address_is_ours_is_answered(door: Door) -> None:
    answer = door.post(json.dumps({"type": "url_verification", "challenge": "c1"}).encode(), JSON)
    assert (answer.status_code, answer.json()) == (200, {"challenge": "c1"})


def test_what_is_not_signed_is_not_heard(door: Door) -> None:
    now = str(int(time.time()))
    assert door.client.post("/slack/events", content=COMMAND).status_code == 401
    assert door.send(COMMAND, FORM, now, "").status_code == 401
    assert door.post(COMMAND, sign=False).status_code == 401
    assert door.send(COMMAND + b"x", FORM, now, signature(SECRET, COMMAND, now)).status_code == 401
    assert door.heard == []


@pytest.mark.parametrize("seconds", [-301, -3600, 301, 10**9])
def test_a_request_recorded_earlier_or_dated_later_is_not_heard_again(door: Door, seconds: int) -> None:
    assert door.post(COMMAND, at=str(int(time.time()) + seconds)).status_code == 401
    assert door.heard == []


@pytest.mark.parametrize(
    "timestamp",
    ["", "now", "-1", "1.5", "1e9", " 17", "٣٤٥", "²", "0x10", "9" * 400, "9" * 5000, "inf", "nan", "1_000", "\x00"],
)
def test_a_timestamp_that_is_none_is_turned_away(door: Door, timestamp: str) -> None:
    assert door.post(COMMAND, at=timestamp).status_code == 401


@pytest.mark.parametrize("signed", ["v0=é", "v0=" + "0" * 10_000, "\x7f", "v1=abc", "é"])
def test_a_signature_that_is_none_is_turned_away(door: Door, signed: str) -> None:
    assert door.send(COMMAND, FORM, str(int(time.time())), signed).status_code == 401


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        pytest.param(b"{", JSON, id="JSON cut short"),
        pytest.param(b"[1, 2]", JSON, id="JSON list"),
        pytest.param(b'"text"', JSON, id="JSON string"),
        pytest.param(b"null", JSON, id="JSON null"),
        pytest.param(b"[" * 200_000, JSON, id="JSON without end"),
        pytest.param(b'{"a":' * 100_000, JSON, id="objects without end"),
        pytest.param(b"payload=%7Bnot+json", FORM, id="payload that is no JSON"),
        pytest.param(b"payload=%5B1%5D", FORM, id="payload that is a list"),
        pytest.param(b"payload=7", FORM, id="payload that is a number"),
        pytest.param(b"payload=" + b"%5B" * 100_000, FORM, id="payload without end"),
        pytest.param(b'{"team": "T0HOME00", "user": 7, "type": []}', JSON, id="words where objects belong"),
    ],
)
def test_what_slack_would_not_send_is_turned_away(door: Door, body: bytes, kind: str) -> None:
    answer = door.post(body, kind)
    assert answer.status_code in (400, 404)
    assert door.heard == []


@pytest.mark.parametrize("body", [b"\xff\xfe\x00", b"text=\xc3\x28", b'{"a": "\xed\xa0\x80"}'])
def test_bytes_that_are_no_text_are_turned_away(door: Door, body: bytes) -> None:
    assert door.post(body).status_code in (400, 401)


def test_a_form_that_asks_for_nothing_we_know_is_not_found(door: Door) -> None:
    assert door.post(b"a=1&b=2").status_code == 404
    assert door.post(b"").status_code == 404
    assert door.post(COMMAND.replace(b"kpi", b"api")).status_code == 404


def test_a_command_without_content_type_is_still_understood(door: Door) -> None:
    assert door.post(COMMAND, None).status_code == 200


def test_a_huge_body_is_turned_away_before_it_is_read_to_its_end(door: Door) -> None:
    sent: list[int] = []

    async def endless() -> AsyncIterator[bytes]:
        for number in range(100):
            sent.append(number)
            yield b"x" * 50_000

    assert door.client.post("/slack/events", content=b"x" * 2_000_000).status_code == 413
    assert door.client.post("/slack/events", content=endless()).status_code == 413
    assert len(sent) < 25
    assert door.heard == []


def test_the_largest_body_we_take_is_read_whole(door: Door) -> None:
    body = COMMAND + b"&text=" + b"x" * (slack_events.LARGEST_BODY - len(COMMAND) - 6)
    assert door.post(body).status_code == 200


def test_while_slack_cannot_say_who_we_are_requests_are_to_be_offered_again() -> None:
    door = Door(authorize=nobody_knows_us)
    assert door.post(COMMAND).status_code == 503


def test_an_empty_secret_opens_no_door() -> None:
    with pytest.raises(ValueError, match="anybody speak as Slack"):
        slack_events.router(Door().bolt(), "  ")


NAMES = """type user team id view actions channel container event authorizations command text team_id user_id channel_id
    callback_id action_id enterprise is_enterprise_install message state function_data bot_access_token payload value
    response_url trigger_id"""
KINDS = """block_actions view_submission view_closed shortcut message_action event_callback /kpi channel_shared score
    form log_interaction T0HOME00 true url_verification app_rate_limited interactive_message dialog_submission ssl_check
    block_suggestion function_executed"""
WORDS, TEXTS = st.sampled_from(NAMES.split()), st.sampled_from(KINDS.split())
LEAVES = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), TEXTS, st.text(max_size=8))
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(WORDS, inner, max_size=6)),
    max_leaves=25,
)
OBJECTS = st.dictionaries(WORDS, VALUES, min_size=1, max_size=9)
FUZZ = settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


@FUZZ
@given(body=OBJECTS, as_form=st.booleans())
@example(body={"type": "block_actions", "actions": [], "user": None}, as_form=True)
@example(body={"type": "event_callback", "event": None}, as_form=False)
@example(body={"type": "view_submission", "view": None, "team": []}, as_form=True)
def test_no_signed_json_makes_us_stumble(door: Door, body: dict[str, Any], as_form: bool) -> None:
    answer = door.post(payload(body), FORM) if as_form else door.post(json.dumps(body).encode(), JSON)
    assert answer.status_code in (200, 400, 401, 404)


@FUZZ
@given(fields=st.dictionaries(WORDS, st.one_of(TEXTS, st.text(max_size=20)), max_size=8))
def test_no_signed_form_makes_us_stumble(door: Door, fields: dict[str, str]) -> None:
    body = urlencode(fields, errors="replace").encode()
    assert door.post(body).status_code in (200, 400, 401, 404)


@FUZZ
@given(body=st.binary(max_size=200), kind=st.sampled_from([None, FORM, JSON, "text/plain", "multipart/form-data", "x"]))
def test_no_bytes_make_us_stumble(door: Door, body: bytes, kind: str | None) -> None:
    assert door.post(body, kind).status_code in (200, 400, 401, 404)

"""Whatever goes wrong in a listener, the person who asked is told in words, and Slack gets its acknowledgement."""

import json
import re
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from slack_bolt import Ack, App, BoltRequest, BoltResponse
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient
from structlog.testing import capture_logs

from bot.errors import spoken
from kpi.errors import KpiError, Misfilled, Refused, UnknownWord
from kpi.store.store import Unreachable
from tests.bots import eventually
from tests.rude_server import RudeServer, answer

OURS = AuthorizeResult(enterprise_id=None, team_id="T0HOME00", bot_token="xoxb-x", bot_user_id="U0KPIBOT")
NO_COMMENT = "An answer needs a score."
APOLOGY = re.compile(r"Sorry, something went wrong on our side\. Please try again; reference [0-9a-f]{8}\.")
COMMAND = {"command": "/kpi", "text": "csat", "user_id": "U0ANNA", "team_id": "T0HOME00"}
PRESS = {"type": "block_actions", "user": {"id": "U0ANNA"}, "actions": [{"action_id": "act", "type": "button"}]}
SHORTCUT = {"type": "shortcut", "callback_id": "log", "user": {"id": "U0ANNA"}, "trigger_id": "1.2"}
COMMENT, SCORE = ({"type": "input", "block_id": name} for name in ("comment", "score"))


def form(*blocks: dict[str, Any]) -> dict[str, Any]:
    return {"type": "view_submission", "view": {"type": "modal", "callback_id": "form", "blocks": list(blocks)}}


def dispatch(listener: Callable[..., None], body: dict[str, Any], api_url: str = "http://127.0.0.1:1/") -> BoltResponse:
    """What a Bolt app that has only this listener acknowledges."""
    client = WebClient(base_url=api_url, retry_handlers=[], timeout=2)
    app = App(client=client, process_before_response=True, authorize=lambda: OURS, signing_secret="secret")
    guarded = spoken(listener)
    app.command("/kpi")(guarded)
    app.action("act")(guarded)
    app.shortcut("log")(guarded)
    app.view("form")(guarded)
    app.options("menu")(guarded)
    app.event("channel_shared")(guarded)
    return app.dispatch(BoltRequest(body=body, mode="socket_mode"))


def failing(fault: Exception) -> Callable[..., None]:
    def listener(ack: Ack) -> None:
        raise fault

    return listener


def said(acknowledged: BoltResponse) -> dict[str, Any]:
    assert acknowledged.status == 200
    words: dict[str, Any] = json.loads(acknowledged.body)
    return words


def test_a_listener_gets_what_it_names_and_nothing_more() -> None:
    heard: list[Any] = []

    def listener(desk: str, ack: Ack, body: dict[str, Any]) -> None:
        heard.append((desk, body["text"]))
        ack(text="92 %")

    assert dispatch(partial(listener, "front desk"), COMMAND).body == "92 %"
    assert dispatch(partial(listener, desk="back desk"), COMMAND).body == "92 %"
    assert heard == [("front desk", "csat"), ("back desk", "csat")]


@pytest.mark.parametrize(
    "fault", [KpiError("No."), Refused("No."), UnknownWord("No.", ("csat",)), Misfilled("x", "No.")]
)
def test_a_fault_the_person_can_mend_is_answered_to_a_command_as_it_is_for_their_eyes_only(fault: KpiError) -> None:
    assert said(dispatch(failing(fault), COMMAND)) == {"text": "No.", "response_type": "ephemeral"}


def test_a_crash_is_a_plain_apology_with_a_reference_found_again_in_the_log() -> None:
    with capture_logs() as logged:
        text = said(dispatch(failing(ZeroDivisionError("secret detail")), COMMAND))["text"]
    assert APOLOGY.fullmatch(text)
    assert [line["reference"] for line in logged if line["event"] == "listener_failed"] == [text[-9:-1]]


def test_a_fault_in_a_press_is_said_to_the_person_alone_below_the_message_that_stays() -> None:
    with RudeServer(answer(b"ok")) as server:
        acknowledged = dispatch(failing(KpiError("Too late.")), {**PRESS, "response_url": server.api_url})
        words = json.loads(server.bodies.get(timeout=5))
    assert acknowledged.status == 200
    assert words == {"text": "Too late.", "response_type": "ephemeral", "replace_original": False}


@pytest.mark.parametrize("body", [SHORTCUT, {**PRESS, "trigger_id": "1.2"}])
def test_a_fault_where_there_is_no_channel_opens_a_note(body: dict[str, Any]) -> None:
    with RudeServer(answer(b'{"ok": true}')) as server:
        assert dispatch(failing(KpiError("Not for guests.")), body, server.api_url).status == 200
        opened = json.loads(server.bodies.get(timeout=5))
    assert opened["trigger_id"] == "1.2"
    assert opened["view"]["blocks"][0]["text"]["text"] == "Not for guests."


AWAY = "http://127.0.0.1:1/"


@pytest.mark.parametrize(
    ("body", "api_url"),
    [
        ({**PRESS, "response_url": AWAY}, ""),
        ({**PRESS, "response_url": {"no": "url"}}, ""),
        ({**PRESS, "response_url": "nowhere"}, ""),
        (SHORTCUT, AWAY),
    ],
)
def test_words_that_cannot_be_said_are_no_second_fault_and_the_log_has_why(body: dict[str, Any], api_url: str) -> None:
    with capture_logs() as logged:
        assert dispatch(failing(KpiError("Too late.")), body, api_url).status == 200
        eventually(lambda: [line for line in logged if line["event"] == "words_not_said"], "the reason", seconds=5)


@pytest.mark.parametrize(
    "body",
    [
        {"type": "event_callback", "event": {"type": "channel_shared", "channel": "C0ACME"}},
        {"type": "block_suggestion", "action_id": "menu", "value": "ac"},
    ],
)
def test_where_nobody_can_be_told_the_request_is_still_acknowledged(body: dict[str, Any]) -> None:
    assert dispatch(failing(ValueError("crash")), body).status == 200


def test_an_event_is_left_to_slack_while_the_database_is_away_so_that_it_comes_again() -> None:
    event = {"type": "event_callback", "event": {"type": "channel_shared", "channel": "C0ACME"}}
    assert dispatch(failing(Unreachable("The database is away.")), event).status == 503


@pytest.mark.parametrize(
    ("fault", "blocks", "place"),
    [
        (KpiError(NO_COMMENT), [{"type": "section"}, COMMENT, SCORE], "comment"),
        (Misfilled("score", NO_COMMENT), [COMMENT, SCORE], "score"),
        (Misfilled("elsewhere", NO_COMMENT), [COMMENT, SCORE], "comment"),
    ],
)
def test_a_fault_in_a_form_stands_below_its_field_and_keeps_what_was_typed(
    fault: KpiError, blocks: list[dict[str, Any]], place: str
) -> None:
    assert said(dispatch(failing(fault), form(*blocks))) == {"response_action": "errors", "errors": {place: NO_COMMENT}}


def test_several_faults_stand_below_their_fields_at_once_and_those_of_no_field_are_left_out() -> None:
    fault = Misfilled("score", "Too high.", comment=NO_COMMENT, elsewhere="Lost.")
    errors = {"score": "Too high.", "comment": NO_COMMENT}
    assert said(dispatch(failing(fault), form(COMMENT, SCORE))) == {"response_action": "errors", "errors": errors}


@pytest.mark.parametrize("blocks", [(), ({"type": "section"},), (None,), ({"type": "input"},)])
def test_a_fault_in_a_form_without_fields_replaces_it(blocks: tuple[Any, ...]) -> None:
    words = said(dispatch(failing(KpiError("Gone. " * 2000)), form(*blocks)))
    assert words["response_action"] == "update"
    assert len(words["view"]["blocks"][0]["text"]["text"]) == 3000
    assert len(words["view"]["title"]["text"]) <= 24


def test_a_crash_in_a_form_says_sorry_in_the_form() -> None:
    assert APOLOGY.fullmatch(said(dispatch(failing(KeyError("x")), form(COMMENT)))["errors"]["comment"])


def test_a_listener_that_fails_after_its_ack_still_tells_the_person() -> None:
    def listener(ack: Ack) -> None:
        ack(text="half an answer")
        raise KpiError("The other half is missing.")

    assert said(dispatch(listener, COMMAND))["text"] == "The other half is missing."

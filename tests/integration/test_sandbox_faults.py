"""Faults on demand and what Slack does when things go wrong: lost connections, limits, spent response urls."""

import time
from contextlib import ExitStack
from dataclasses import replace
from http.client import RemoteDisconnected
from typing import Any

import httpx
import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook import WebhookClient
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from sandbox.client import Control, ControlError
from sandbox.server import Sandbox, SandboxConfig, start
from tests.integration.sandbox_bench import actions, button, web_client

CONFIG = SandboxConfig()


def test_accept_then_drop_stores_the_message_and_answers_nothing(client: WebClient, control: Control) -> None:
    control.post("faults", method="chat.postMessage", kind="accept_then_drop")
    with pytest.raises(RemoteDisconnected):
        client.chat_postMessage(channel="C0TEAM", text="once")
    assert [message["text"] for message in control.messages("C0TEAM")] == ["once"]
    assert control.calls("chat.postMessage")[0]["fault"] == "accept_then_drop"


def test_a_client_that_retries_after_accept_then_drop_posts_twice(slack: Sandbox, control: Control) -> None:
    control.post("faults", method="chat.postMessage", kind="accept_then_drop")
    WebClient("xoxb-sandbox", base_url=slack.api_url).chat_postMessage(channel="C0TEAM", text="twice")
    assert len(control.messages("C0TEAM")) == 2


def test_drop_before_accept_stores_nothing(client: WebClient, control: Control) -> None:
    control.post("faults", method="chat.postMessage", kind="drop_before_accept")
    with pytest.raises(RemoteDisconnected):
        client.chat_postMessage(channel="C0TEAM", text="never")
    assert control.messages("C0TEAM") == []
    assert client.chat_postMessage(channel="C0TEAM", text="now")["ok"]


def test_rate_limits_say_how_long_to_wait_and_end_after_their_times(client: WebClient, control: Control) -> None:
    control.post("faults", method="chat.postMessage", kind="rate_limited", times=2, retry_after=30)
    for _ in range(2):
        with pytest.raises(SlackApiError) as limited:
            client.chat_postMessage(channel="C0TEAM", text="x")
        assert limited.value.response.status_code == 429
        assert limited.value.response.headers["Retry-After"] == "30"
        assert limited.value.response["error"] == "ratelimited"
    assert client.chat_postMessage(channel="C0TEAM", text="x")["ok"]


def test_a_fault_can_be_meant_for_one_channel(client: WebClient, control: Control) -> None:
    control.post("faults", method="chat.postMessage", kind="error", error="fatal_error", channel="C0ACME")
    assert client.chat_postMessage(channel="C0TEAM", text="fine")["ok"]
    with pytest.raises(SlackApiError, match="fatal_error"):
        client.chat_postMessage(channel="C0ACME", text="x")


def test_faults_are_used_in_the_order_they_were_queued_and_can_be_cleared(client: WebClient, control: Control) -> None:
    control.post("faults", method="*", kind="error", error="first")
    control.post("faults", method="*", kind="error", error="second")
    control.post("faults", method="*", kind="error", error="third", times=9)
    for expected in ("first", "second"):
        with pytest.raises(SlackApiError, match=expected):
            client.auth_test()
    control.post("faults", clear=True)
    assert client.auth_test()["ok"]


def test_a_server_error_is_http_500(client: WebClient, slack: Sandbox, control: Control) -> None:
    control.post("faults", method="auth.test", kind="http_500")
    answer = httpx.post(f"{slack.api_url}auth.test", headers={"Authorization": "Bearer xoxb-sandbox"})
    assert answer.status_code == 500


def test_a_slow_answer_comes_late_and_complete(client: WebClient, control: Control) -> None:
    control.post("faults", method="chat.postMessage", kind="slow", seconds=0.2)
    began = time.monotonic()
    assert client.chat_postMessage(channel="C0TEAM", text="late")["ok"]
    assert time.monotonic() - began >= 0.2


def test_an_unknown_kind_of_fault_is_refused(control: Control) -> None:
    with pytest.raises(ControlError, match="kind"):
        control.post("faults", method="*", kind="earthquake")
    with pytest.raises(ControlError, match="times"):
        control.post("faults", method="*", kind="slow", times=0)


def response_url(control: Control, act: str = "command", **body: Any) -> str:
    """The response url of an act nobody acknowledges."""
    asked = body or {"channel": "C0TEAM", "user": "U0ANNA", "command": "/kpi"}
    assert control.post(act, **asked)["ack"]["error"] == "dispatch_failed"
    return str(control.get("log")["deliveries"][-1]["payload"]["response_url"])


def test_a_response_url_answers_its_user_or_the_channel_five_times(control: Control) -> None:
    webhook = WebhookClient(response_url(control))
    assert webhook.send(text="for you").body == "ok"
    assert webhook.send(text="for all", response_type="in_channel").status_code == 200
    mine, everyones = control.messages("C0TEAM")
    assert mine["ephemeral_to"] == "U0ANNA"
    assert "ephemeral_to" not in everyones
    assert webhook.send(text="").status_code == 400
    assert [webhook.send(text="x").status_code for _ in range(3)] == [200, 200, 404]


def test_a_response_url_replaces_and_deletes_the_message_it_came_from(control: Control, client: WebClient) -> None:
    sent = client.chat_postMessage(channel="C0ACME", text="?", blocks=[actions(button("go"))])
    click = {"channel": "C0ACME", "user": "U0CARLA", "messageTs": sent["ts"], "action": "go"}
    webhook = WebhookClient(response_url(control, "interact", **click))
    webhook.send(text="answered", replace_original=True)
    assert [(m["text"], m["ts"]) for m in control.messages("C0ACME")] == [("answered", sent["ts"])]
    webhook.send(delete_original=True)
    assert control.messages("C0ACME") == []


def test_a_response_url_grows_too_old() -> None:
    with start(replace(CONFIG, response_url_seconds=0.0)) as hasty, Control(hasty.url) as control:
        late = WebhookClient(response_url(control)).send(text="late")
    assert late.status_code == 404
    assert "expired_url" in str(late.body)


def socket_url(slack: Sandbox) -> str:
    return str(web_client(slack, "xapp-sandbox").apps_connections_open(app_token="xapp-sandbox")["url"])


def test_a_socket_says_hello_and_its_ticket_works_once(slack: Sandbox, control: Control) -> None:
    url = socket_url(slack)
    with connect(url) as socket:
        assert '"type": "hello"' in str(socket.recv(timeout=5))
        assert control.get("state")["sockets"] == 1
    with pytest.raises(InvalidStatus, match="403"), connect(url):
        pass


def test_sockets_are_told_why_they_are_closed(slack: Sandbox, control: Control) -> None:
    with connect(socket_url(slack)) as socket:
        socket.recv(timeout=5)
        assert control.post("disconnect", reason="warning")["dropped"] == 1
        assert '"reason": "warning"' in str(socket.recv(timeout=5))
    assert control.get("state")["sockets"] == 0


def test_an_app_has_ten_sockets_at_most(slack: Sandbox, control: Control) -> None:
    with ExitStack() as held:
        for _ in range(10):
            held.enter_context(connect(socket_url(slack))).recv(timeout=5)
        with pytest.raises(SlackApiError, match="too_many_websockets"):
            socket_url(slack)


def test_events_nobody_subscribed_to_are_not_sent() -> None:
    with start(replace(CONFIG, events=frozenset({"message.groups"}))) as slack, Control(slack.url) as control:
        assert control.post("message", channel="C0TEAM", user="U0ANNA", text="x")["ack"] is None
        assert control.post("message", channel="C0LEADS", user="U0ANNA", text="x")["ack"]["error"] == "dispatch_failed"

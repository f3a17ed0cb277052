"""Calls that are done while their answer is spoilt, late or never comes, and limits that last for a while."""

from typing import Any

import httpx
import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox.client import Control, ControlError
from sandbox.server import Sandbox, SandboxConfig
from tests.bots import eventually

CONFIG = SandboxConfig(pace=None)
POST = "chat.postMessage"
HELLO: dict[str, Any] = {"channel": "C0TEAM", "text": "Hello"}


def raw(slack: Sandbox, **more: Any) -> httpx.Response:
    return httpx.post(f"{slack.api_url}{POST}", json=HELLO, headers={"Authorization": "Bearer xoxb-sandbox"}, **more)


@pytest.mark.parametrize(
    ("kind", "status", "posted"),
    [("truncated", 200, 1), ("not_json", 200, 1), ("http_500", 500, 0), ("http_503", 503, 0)],
)
def test_an_answer_is_spoilt_although_the_call_was_done_or_fails_and_it_was_not(
    slack: Sandbox, control: Control, kind: str, status: int, posted: int
) -> None:
    control.post("faults", method=POST, kind=kind)
    answer = raw(slack)
    assert answer.status_code == status
    with pytest.raises(ValueError, match=r"Expecting|Unterminated"):
        answer.json()
    assert len(control.messages("C0TEAM")) == posted
    assert control.calls(POST)[0]["fault"] == kind
    assert raw(slack).json()["ok"]


def test_what_hangs_was_done_before_and_is_cut_off_after_its_seconds(slack: Sandbox, control: Control) -> None:
    control.post("faults", method=POST, kind="accept_then_hang", seconds=0.3)
    with pytest.raises(httpx.RemoteProtocolError):
        raw(slack)
    assert len(control.messages("C0TEAM")) == 1
    assert control.calls(POST)[0]["ms"] >= 300


def test_what_hangs_can_be_seen_done_while_its_caller_still_waits(slack: Sandbox, control: Control) -> None:
    control.post("faults", method=POST, kind="accept_then_hang", seconds=0.6)
    with pytest.raises(httpx.ReadTimeout):
        raw(slack, timeout=0.3)
    assert control.calls(POST)[0]["outcome"] == "accept_then_hang"
    assert len(control.messages("C0TEAM")) == 1


def test_a_call_that_is_refused_anyway_is_refused_before_its_answer_is_spoilt(
    client: WebClient, control: Control
) -> None:
    control.post("faults", method=POST, kind="truncated")
    with pytest.raises(SlackApiError, match="channel_not_found"):
        client.chat_postMessage(channel="C0NOWHERE", text="x")


def test_a_storm_of_limits_lasts_for_its_time_whatever_is_called(client: WebClient, control: Control) -> None:
    control.post("faults", method=POST, kind="rate_limited", for_seconds=0.4, retry_after=7)
    for _ in range(5):
        with pytest.raises(SlackApiError) as limited:
            client.chat_postMessage(**HELLO)
        assert limited.value.response.headers["Retry-After"] == "7"
    assert client.auth_test()["ok"]
    eventually(lambda: not control.get("state")["faults"] or passes(client), "the end of the storm", seconds=5)
    assert client.chat_postMessage(**HELLO)["ok"]


def passes(client: WebClient) -> bool:
    try:
        return bool(client.chat_postMessage(**HELLO)["ok"])
    except SlackApiError:
        return False


def test_a_time_that_makes_no_sense_is_refused(control: Control) -> None:
    with pytest.raises(ControlError, match="for_seconds"):
        control.post("faults", method="*", kind="rate_limited", for_seconds=0)

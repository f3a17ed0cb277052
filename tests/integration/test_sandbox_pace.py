"""The local Slack asks an app to wait that posts faster than Slack takes messages."""

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox.client import Control, ControlError
from sandbox.limits import Pace, Rate
from sandbox.pace import Pacer
from sandbox.seed import seed_world
from sandbox.server import SandboxConfig

CONFIG = SandboxConfig(pace=Pace(channel=Rate(0.1, 2), workspace=Rate(0.1, 3), ephemeral=Rate(0.5, 1)))
POST, WHISPER = "chat.postMessage", "chat.postEphemeral"


def said(client: WebClient, channel: str) -> None:
    client.chat_postMessage(channel=channel, text="Hello")


def asked_to_wait(client: WebClient, method: str = POST, **args: str) -> int:
    with pytest.raises(SlackApiError) as refusal:
        client.api_call(method, json={"channel": "C0ACME", "text": "Hello", **args})
    response = refusal.value.response
    assert (response.status_code, response.data) == (429, {"ok": False, "error": "ratelimited"})
    return int(response.headers["Retry-After"])


def test_a_channel_takes_a_small_burst_and_then_says_how_long_to_wait(client: WebClient, control: Control) -> None:
    for _ in range(2):
        said(client, "C0ACME")
    assert asked_to_wait(client) in (9, 10)
    assert [call["outcome"] for call in control.calls(POST)] == ["ok", "ok", "ratelimited"]
    assert len(control.messages("C0ACME")) == 2


def test_the_workspace_as_a_whole_asks_to_wait_and_another_channel_does_not_help(client: WebClient) -> None:
    for channel in ("C0ACME", "C0GLOBEX", "C0TEAM"):
        said(client, channel)
    assert asked_to_wait(client, channel="C0SALES") in (9, 10)


def test_a_person_is_one_place_by_name_and_by_conversation(client: WebClient) -> None:
    opened = client.conversations_open(users="U0ANNA")["channel"]["id"]
    said(client, "U0ANNA")
    said(client, opened)
    assert asked_to_wait(client, channel="U0ANNA") > 0


def test_words_for_one_persons_eyes_are_counted_by_themselves(client: WebClient) -> None:
    client.chat_postEphemeral(channel="C0ACME", user="U0CARLA", text="Thanks")
    assert asked_to_wait(client, WHISPER, user="U0CARLA") in (1, 2)
    said(client, "C0ACME")


def test_the_pace_is_switched_off_and_on_while_it_runs(client: WebClient, control: Control) -> None:
    assert control.post("pace", on=False) == {"ok": True, "paced": False}
    for _ in range(5):
        said(client, "C0ACME")
    control.post("pace", on=True)
    assert control.get("state")["paced"] is True
    for _ in range(2):
        said(client, "C0ACME")
    assert asked_to_wait(client) > 0
    with pytest.raises(ControlError, match="true or false"):
        control.post("pace")


def outcomes(pacer: Pacer, clock: list[float], times: list[float], channels: int = 1) -> int:
    """How many of the calls at these instants get through."""
    world, passed = seed_world(), 0
    for number, at in enumerate(times):
        clock[0] = at
        passed += not pacer.retry_after(world, POST, {"channel": f"C{number % channels}"})
    return passed


def test_in_the_long_run_a_channel_takes_one_a_second_and_the_workspace_eight() -> None:
    clock = [0.0]
    hurry = [number / 50 for number in range(50 * 60)]
    pace = Pace()
    assert outcomes(Pacer(pace, lambda: clock[0]), clock, hurry) == 60 + pace.channel.burst - 1
    assert outcomes(Pacer(pace, lambda: clock[0]), clock, hurry, 500) == 60 * 8 + pace.workspace.burst - 1


def test_whoever_keeps_the_pace_is_never_asked_to_wait() -> None:
    clock = [0.0]
    steady = [number / 8 for number in range(8 * 60)]
    assert outcomes(Pacer(Pace(), lambda: clock[0]), clock, steady, 8) == len(steady)


def test_a_call_that_came_too_fast_costs_nothing() -> None:
    clock = [0.0]
    pacer, world = Pacer(Pace(channel=Rate(1, 1)), lambda: clock[0]), seed_world()
    assert [pacer.retry_after(world, POST, {"channel": "C0ACME"}) for _ in range(20)] == [0] + [1] * 19
    clock[0] = 1.0
    assert pacer.retry_after(world, POST, {"channel": "C0ACME"}) == 0

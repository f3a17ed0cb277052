"""Coming into a channel and looking for an option, as the app hears of them over either transport."""

from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.client import Control, ControlError
from sandbox.server import Sandbox, SandboxConfig, start
from tests.integration.sandbox_bench import TRANSPORTS, Bench, connected, modal, question, web_client

FIND = question("found", {"type": "external_select", "action_id": "find", "min_query_length": 0}, optional=True)


@pytest.fixture(scope="module", params=TRANSPORTS)
def running(request: pytest.FixtureRequest) -> Iterator[tuple[Sandbox, Bench, Control]]:
    with (
        start(SandboxConfig()) as slack,
        Control(slack.url) as control,
        connected(Bench(slack), slack, request.param) as bench,
    ):
        yield slack, bench, control


@pytest.fixture
def bench(running: tuple[Sandbox, Bench, Control]) -> Bench:
    running[1].heard.queue.clear()
    return running[1]


@pytest.fixture
def control(running: tuple[Sandbox, Bench, Control]) -> Control:
    running[2].post("reset")
    return running[2]


def members(control: Control, channel: str) -> list[str]:
    (found,) = [each["members"] for each in control.get("state")["channels"] if each["id"] == channel]
    return list(found)


@pytest.fixture
def form(running: tuple[Sandbox, Bench, Control], control: Control, bench: Bench) -> str:
    """A modal with a select whose options the app loads, open for Anna."""
    control.post("command", channel="C0TEAM", user="U0ANNA", command="/kpi", text="x")
    shown = web_client(running[0]).views_open(trigger_id=bench.next()["trigger_id"], view=modal(FIND))
    return str(shown["view"]["id"])


def test_the_app_hears_that_it_was_invited_and_by_whom(control: Control, bench: Bench) -> None:
    outcome = control.post("join", channel="C0NOBOT", user="U0KPIBOT", inviter="U0ANNA")
    assert outcome["ack"]["error"] is None
    assert "U0KPIBOT" in members(control, "C0NOBOT")
    event = bench.next()["event"]
    told = {name: event.get(name) for name in ("type", "user", "channel", "channel_type", "team", "inviter")}
    assert told == {
        "type": "member_joined_channel",
        "user": "U0KPIBOT",
        "channel": "C0NOBOT",
        "channel_type": "C",
        "team": "T0HOME00",
        "inviter": "U0ANNA",
    }


def test_somebody_who_comes_by_themselves_has_no_inviter(control: Control, bench: Bench) -> None:
    control.post("join", channel="C0ACME", user="U0HEAD")
    event = bench.next()["event"]
    assert (event["user"], "inviter" in event) == ("U0HEAD", False)


def test_the_app_hears_of_nobody_where_it_is_not_and_of_nobody_twice(control: Control, bench: Bench) -> None:
    assert control.post("join", channel="C0NOBOT", user="U0GUEST")["event_id"] is None
    assert control.post("join", channel="C0TEAM", user="U0ANNA")["event_id"] is None
    assert bench.heard.empty()


@pytest.mark.parametrize(
    ("act", "status"),
    [
        ({"channel": "C0NOWHERE", "user": "U0ANNA"}, 404),
        ({"channel": "C0TEAM", "user": "U0CARLA"}, 403),
        ({"channel": "C0SECRET", "user": "U0BEN", "inviter": "U0ANNA"}, 403),
        ({"channel": "C0TEAM", "user": "U0GONE"}, 403),
    ],
)
def test_who_may_not_come_in_is_refused(control: Control, act: dict[str, Any], status: int) -> None:
    with pytest.raises(ControlError) as refusal:
        control.post("join", **act)
    assert refusal.value.status == status


def test_what_is_typed_into_a_select_reaches_the_app_with_the_form_around_it(
    control: Control, bench: Bench, form: str
) -> None:
    outcome = control.post("suggest", viewId=form, user="U0ANNA", action="find", value="wat")
    assert [option["value"] for option in outcome["options"]] == ["wat"]
    body = bench.next()
    assert (body["type"], body["action_id"], body["block_id"], body["value"]) == (
        "block_suggestion",
        "find",
        "found",
        "wat",
    )
    assert body["view"]["id"] == form


def test_more_options_than_slack_takes_are_none(control: Control, form: str) -> None:
    outcome = control.post("suggest", viewId=form, user="U0ANNA", action="find", value="many")
    assert outcome["options"] == []
    assert "no more than 100 items" in outcome["ack"]["error"]
    assert control.post("suggest", viewId=form, user="U0ANNA", action="find", value="nothing")["ack"]["error"] is None


@pytest.mark.parametrize("wrong", [{"user": "U0BEN"}, {"action": "submit"}, {"viewId": "V0"}])
def test_only_the_selects_of_ones_own_form_can_be_searched(control: Control, form: str, wrong: dict[str, str]) -> None:
    with pytest.raises(ControlError):
        control.post("suggest", **{"viewId": form, "user": "U0ANNA", "action": "find", **wrong})

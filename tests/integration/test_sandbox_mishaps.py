"""Deliveries that go wrong on demand: twice, late, in another order, lost, signed by a wrong clock or a wrong hand."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest

from sandbox.client import Control, ControlError
from sandbox.server import Sandbox, SandboxConfig, start
from tests.integration.sandbox_bench import TRANSPORTS, Bench, connected

CONFIG = SandboxConfig(retry_delays_seconds=(0.1, 0.1))
EVENT = "events_api"


@pytest.fixture(scope="module", params=TRANSPORTS)
def running(request: pytest.FixtureRequest) -> Iterator[tuple[Sandbox, Bench, Control]]:
    with start(CONFIG) as slack, Control(slack.url) as control, connected(Bench(slack), slack, request.param) as bench:
        assert request.param == "http" or control.connected(wait=5)
        yield slack, bench, control


@pytest.fixture
def at_rest(running: tuple[Sandbox, Bench, Control]) -> Control:
    _, bench, control = running
    control.post("faults", clear=True)
    while not bench.heard.empty():
        bench.heard.get_nowait()
    return control


def write(control: Control, text: str) -> dict[str, Any]:
    return control.post("message", channel="C0TEAM", user="U0ANNA", text=text)


def heard(running: tuple[Sandbox, Bench, Control], count: int) -> list[str]:
    """The texts of the messages the app heard of, in order."""
    return [running[1].heard.get(timeout=5)["event"]["text"] for _ in range(count)]


def test_what_is_duplicated_arrives_twice_under_one_id(
    running: tuple[Sandbox, Bench, Control], at_rest: Control
) -> None:
    at_rest.post("faults", delivery=EVENT, kind="duplicated")
    event_id = write(at_rest, "twice")["event_id"]
    bodies = [running[1].heard.get(timeout=5) for _ in range(2)]
    assert [body["event_id"] for body in bodies] == [event_id] * 2
    write(at_rest, "once")
    assert heard(running, 1) == ["once"]


def test_what_is_reordered_arrives_after_the_next_one(
    running: tuple[Sandbox, Bench, Control], at_rest: Control
) -> None:
    at_rest.post("faults", delivery=EVENT, kind="reordered", seconds=5)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(write, at_rest, "first")
        while at_rest.get("state")["faults"]:
            Event().wait(0.01)
        write(at_rest, "second")
        assert first.result()["ack"]["error"] is None
    assert heard(running, 2) == ["second", "first"]


def test_what_nothing_follows_is_held_no_longer_than_said(
    running: tuple[Sandbox, Bench, Control], at_rest: Control
) -> None:
    at_rest.post("faults", delivery="*", kind="reordered", seconds=0.05)
    write(at_rest, "alone")
    at_rest.post("faults", delivery="*", kind="late", seconds=0.05)
    write(at_rest, "late")
    assert heard(running, 2) == ["alone", "late"]


def test_an_event_that_is_lost_is_sent_again(running: tuple[Sandbox, Bench, Control], at_rest: Control) -> None:
    at_rest.post("faults", delivery=EVENT, kind="lost", times=2)
    assert write(at_rest, "again")["ack"]["error"] == "dispatch_failed"
    assert heard(running, 1) == ["again"]


@pytest.mark.parametrize(("kind", "seconds"), [("skewed", -400), ("skewed", 400), ("forged", 0)])
def test_a_wrong_signature_is_refused_over_http_and_no_matter_over_the_socket(
    running: tuple[Sandbox, Bench, Control], at_rest: Control, kind: str, seconds: float
) -> None:
    at_rest.post("faults", delivery="slash_commands", kind=kind, seconds=seconds)
    told = at_rest.post("command", channel="C0TEAM", user="U0ANNA", command="/kpi", text="")
    over_http = at_rest.get("state")["events_url"] is not None
    assert told["ack"]["status"] == (401 if over_http else 200)


def test_a_mishap_nobody_knows_is_refused(at_rest: Control) -> None:
    with pytest.raises(ControlError, match="kind"):
        at_rest.post("faults", delivery=EVENT, kind="eaten")
    with pytest.raises(ControlError, match="delivery"):
        at_rest.post("faults", delivery="pigeon", kind="late")
    assert at_rest.get("state")["faults"] == []

"""Socket Mode's life with the real client: told to reconnect it comes back, and nothing is lost on the way."""

from collections.abc import Iterator

import pytest

from sandbox.client import Control
from sandbox.server import Sandbox, SandboxConfig, start
from tests.integration.sandbox_bench import Bench, connected

CONFIG = SandboxConfig(ack_seconds=1.0, retry_delays_seconds=(0.5, 0.5, 0.5))


@pytest.fixture(scope="module")
def running() -> Iterator[tuple[Sandbox, Bench, Control]]:
    with start(CONFIG) as slack, Control(slack.url) as control, connected(Bench(slack), slack, "socket") as bench:
        assert control.connected(wait=5)
        yield slack, bench, control


def test_an_app_told_to_refresh_its_connection_comes_back_at_once(running: tuple[Sandbox, Bench, Control]) -> None:
    _, bench, control = running
    before = len(control.calls("apps.connections.open"))
    assert control.post("disconnect")["dropped"] == 1
    control.calls("apps.connections.open", at_least=before + 1, wait=10)
    assert control.connected(wait=5)
    outcome = control.post("command", channel="C0TEAM", user="U0ANNA", command="/kpi", text="csat")
    assert outcome["ack"]["error"] is None
    assert bench.next()["text"] == "csat"


def test_an_event_while_no_socket_is_open_is_delivered_by_a_retry(running: tuple[Sandbox, Bench, Control]) -> None:
    _, bench, control = running
    control.post("disconnect")
    control.post("message", channel="C0TEAM", user="U0ANNA", text="are you there?")
    assert bench.next()["event"]["text"] == "are you there?"


def test_resetting_the_world_keeps_the_app_connected(running: tuple[Sandbox, Bench, Control]) -> None:
    _, _, control = running
    assert control.connected(wait=10)
    control.post("reset")
    assert control.connected(wait=0)
    assert control.calls() == []

"""The socket to Slack ends at once when the bot is told to stop, and nothing reconnects behind its back."""

from concurrent.futures import ThreadPoolExecutor
from time import monotonic

from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from bot.web.slack_socket import Socket
from sandbox.client import Control
from sandbox.server import SandboxConfig, start
from tests.bots import eventually


def bolt(api_url: str) -> App:
    here = AuthorizeResult(
        enterprise_id=None, team_id="T0HOME00", bot_token="xoxb-sandbox", bot_id="B1", bot_user_id="U1"
    )
    return App(client=WebClient(base_url=api_url), process_before_response=True, authorize=lambda **_: here)


def test_an_idle_socket_ends_at_once_and_stays_ended() -> None:
    with start(SandboxConfig()) as slack, Control(slack.url) as control:
        socket = Socket(bolt(slack.api_url), "xapp-sandbox")
        socket.watch()
        assert control.connected(wait=10)
        began = monotonic()
        socket.stop()
        assert monotonic() - began < 2
        socket.watch()
        assert len(control.calls("apps.connections.open")) == 1
        assert not control.connected(wait=0)


def test_a_connection_being_made_when_it_is_stopped_does_not_outlive_it() -> None:
    with start(SandboxConfig()) as slack, Control(slack.url) as control, ThreadPoolExecutor(1) as pool:
        socket = Socket(bolt(slack.api_url), "xapp-sandbox")
        control.post("faults", method="apps.connections.open", kind="slow", seconds=1)
        connecting = pool.submit(socket.watch)
        assert control.calls("apps.connections.open", at_least=1, wait=10)
        socket.stop()
        connecting.result(timeout=10)
        eventually(lambda: control.get("sockets") == [], "nobody to be connected")
        socket.watch()
        assert not control.connected(wait=0.5)


def test_one_that_never_connected_can_be_stopped() -> None:
    with start(SandboxConfig()) as slack:
        Socket(bolt(slack.api_url), "xapp-sandbox").stop()


def watched(socket: Socket) -> bool:
    socket.watch()
    return True


def test_story_13_one_that_slack_has_forgotten_is_replaced_although_it_is_open() -> None:
    with start(SandboxConfig()) as slack, Control(slack.url) as control:
        socket = Socket(bolt(slack.api_url), "xapp-sandbox", silent_seconds=0.5)
        socket.watch()
        assert control.connected(wait=10)
        assert control.post("sockets", kind="half_open")["forgotten"] == 1
        assert not control.connected(wait=0)
        eventually(lambda: watched(socket) and control.connected(wait=0), "another connection")
        socket.stop()


def test_a_storm_of_refreshes_ends_in_one_connection() -> None:
    with start(SandboxConfig()) as slack, Control(slack.url) as control:
        socket = Socket(bolt(slack.api_url), "xapp-sandbox")
        socket.watch()
        assert control.connected(wait=10)
        assert control.post("sockets", kind="refresh_storm", times=5, every=0.1)["dropped"] >= 1
        assert control.connected(wait=10)
        eventually(lambda: len(control.get("sockets")) == 1, "one connection and no more")
        socket.stop()

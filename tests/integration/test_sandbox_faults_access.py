"""Tokens taken back and sockets forgotten, as Slack may do at any time."""

from contextlib import ExitStack

import pytest
from slack_sdk import WebClient
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from sandbox.client import Control, ControlError
from sandbox.server import Sandbox, SandboxConfig
from tests.integration.sandbox_bench import refused, web_client

CONFIG = SandboxConfig(pace=None, ack_seconds=0.5)
ASKED = {"channel": "C0TEAM", "user": "U0ANNA", "command": "/kpi"}


def joined(slack: Sandbox, held: ExitStack) -> ClientConnection:
    """A socket that was greeted; it answers no ping of its own accord and is not missed when it is gone."""
    opened = web_client(slack, "xapp-sandbox").apps_connections_open(app_token="xapp-sandbox")
    socket = held.enter_context(connect(str(opened["url"]), ping_interval=None, close_timeout=0.1))
    assert '"type": "hello"' in str(socket.recv(timeout=5))
    return socket


@pytest.mark.parametrize("error", ["token_revoked", "account_inactive"])
def test_a_revoked_bot_token_opens_nothing_until_it_is_given_back(
    slack: Sandbox, client: WebClient, control: Control, error: str
) -> None:
    with ExitStack() as held:
        socket = joined(slack, held)
        assert control.post("revoke", error=error) == {"ok": True, "revoked": {"bot": error}, "dropped": 1}
        assert '"reason": "link_disabled"' in str(socket.recv(timeout=5))
        for method in ("auth.test", "chat.postMessage", "users.info", "views.open"):
            assert refused(client, method) == error
        joined(slack, held)
    control.post("revoke", revoked=False)
    assert client.auth_test()["ok"]


def test_an_app_token_taken_back_opens_no_socket(slack: Sandbox, client: WebClient, control: Control) -> None:
    control.post("revoke", app=True, bot=False)
    assert refused(web_client(slack, "xapp-sandbox"), "apps.connections.open") == "token_revoked"
    assert client.auth_test()["ok"]
    assert control.get("state")["revoked"] == {"app": "token_revoked"}


def test_a_token_somebody_else_made_up_is_still_wrong_when_ours_is_revoked(slack: Sandbox, control: Control) -> None:
    control.post("revoke")
    assert refused(web_client(slack, "xoxb-wrong"), "auth.test") == "invalid_auth"
    with pytest.raises(ControlError, match="because"):
        control.post("revoke", because="of reasons")


def test_a_forgotten_socket_stays_open_deaf_and_dumb_while_a_new_one_works(slack: Sandbox, control: Control) -> None:
    with ExitStack() as held:
        socket = joined(slack, held)
        assert control.post("sockets", kind="half_open") == {"ok": True, "forgotten": 1}
        assert control.post("command", **ASKED)["ack"]["error"] == "dispatch_failed"
        assert not socket.ping().wait(timeout=0.3)
        with pytest.raises(TimeoutError):
            socket.recv(timeout=0)
        fresh = joined(slack, held)
        assert control.post("command", **ASKED)["ack"]["error"] == "operation_timeout"
        assert '"type": "slash_commands"' in str(fresh.recv(timeout=5))
        assert fresh.ping().wait(timeout=5)


def test_what_was_on_its_way_when_a_socket_was_forgotten_does_not_wake_it(slack: Sandbox, control: Control) -> None:
    with ExitStack() as held:
        sockets = [joined(slack, held) for _ in range(5)]
        for socket in sockets:
            for _ in range(200):
                socket.send("{}")
        assert control.post("sockets", kind="half_open")["forgotten"] == 5
        assert [socket.ping().wait(timeout=0.1) for socket in sockets] == [False] * 5


def test_a_storm_of_refreshes_closes_each_socket_as_it_comes(slack: Sandbox, control: Control) -> None:
    with ExitStack() as held:
        sockets = [joined(slack, held) for _ in range(3)]
        assert control.post("sockets", kind="refresh_storm", times=2, every=0.01)["dropped"] == 3
        for socket in sockets:
            assert '"reason": "refresh_requested"' in str(socket.recv(timeout=5))
            with pytest.raises(ConnectionClosed):
                socket.recv(timeout=5)


def test_a_trouble_of_sockets_that_nobody_knows_is_refused(control: Control) -> None:
    with pytest.raises(ControlError, match="kind"):
        control.post("sockets", kind="earthquake")
    with pytest.raises(ControlError, match="times"):
        control.post("sockets", kind="refresh_storm", times=0)

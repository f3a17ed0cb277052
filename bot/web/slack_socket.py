"""Slack over Socket Mode: the same listeners behind a websocket, with a watchdog for the one that went silent."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPException
from socket import SHUT_RDWR
from threading import Condition
from time import monotonic, time
from typing import Any

import structlog
from slack_bolt import App
from slack_bolt.adapter.socket_mode.internals import run_bolt_app, send_response
from slack_sdk.errors import SlackClientError
from slack_sdk.socket_mode.builtin import SocketModeClient
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

log = structlog.get_logger(__name__)

PING_SECONDS = 10
PONG_LIMIT_SECONDS = 30
QUIET_LIMIT_SECONDS = 30 * 60
DRAIN_SECONDS = 3


class _Client(SocketModeClient):
    """Slack's client; a connection it was just making when it was closed does not outlive it."""

    def connect(self) -> None:
        """Make a connection in the place of the present one, unless it was closed."""
        if not self.closed:
            super().connect()
        if self.closed:  # connecting has set anew what closing had set
            self.auto_reconnect_enabled = False
            self.current_session_state.terminated = True
            self.disconnect()


class Socket:
    """A Socket Mode connection that can be watched, and that ends without dropping what it has begun."""

    def __init__(self, bolt: App, app_token: str, silent_seconds: float = PONG_LIMIT_SECONDS) -> None:
        self.app = bolt
        self.client = _Client(app_token, bolt.logger, bolt.client, ping_interval=PING_SECONDS, proxy=bolt.client.proxy)
        self.client.socket_mode_request_listeners.append(self.handle)
        self._silent_seconds = silent_seconds
        self._busy = 0
        self._draining = False
        self._idle = Condition()
        self._last_message = self._last_pong = monotonic()
        self._pong: float | None = None
        self.client.on_message_listeners.append(self._heard)

    def handle(self, client: BaseSocketModeClient, req: SocketModeRequest) -> None:
        """Run the listener and send its ack. While draining nothing new is begun: Slack offers it elsewhere."""
        if self._draining:
            return
        with self._counted():
            started = time()
            send_response(client, req, run_bolt_app(self.app, req), started)

    def age_seconds(self) -> float:
        """Seconds since Slack's side was last heard of, infinite without a connection."""
        session = self.client.current_session
        if session is None or not self.client.is_connected():
            return float("inf")
        if session.last_ping_pong_time != self._pong:  # by the clock on the wall, which may be set
            self._pong, self._last_pong = session.last_ping_pong_time, monotonic()
        return monotonic() - max(self._last_message, self._last_pong)

    def watch(self) -> None:
        """Make a new connection when this one is silent: no pong for half a minute, or no message for half an hour.

        A socket can be open on our side and forgotten on Slack's; pings alone do not show that.
        """
        quiet = monotonic() - self._last_message > QUIET_LIMIT_SECONDS
        if self._draining or (self.age_seconds() < self._silent_seconds and not quiet):
            return
        if self.client.current_session is not None:
            log.warning("socket_silent", quiet=quiet)
        try:
            self.client.connect_to_new_endpoint(force=True)
            self._last_message = monotonic()
        except (OSError, HTTPException, SlackClientError, ValueError) as failure:
            log.warning("socket_not_renewed", reason=str(failure))

    def stop(self) -> None:
        """Begin nothing new, let what runs be acked, then close."""
        self._draining = True
        with self._idle:
            self._idle.wait_for(lambda: self._busy == 0, timeout=DRAIN_SECONDS)
        self._wake_reader()
        self.client.close()

    def _wake_reader(self) -> None:
        """The client waits for its reading thread, which looks up every three seconds only unless its socket ends."""
        connection = getattr(self.client.current_session, "sock", None)
        if connection is not None:
            self.client.auto_reconnect_enabled = False
            with suppress(OSError):
                connection.shutdown(SHUT_RDWR)

    def _heard(self, _message: Any) -> None:
        self._last_message = monotonic()

    @contextmanager
    def _counted(self) -> Iterator[None]:
        with self._idle:
            self._busy += 1
        try:
            yield
        finally:
            with self._idle:
                self._busy -= 1
                self._idle.notify_all()

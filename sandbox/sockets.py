"""Socket Mode, the server's side: tickets, hello, envelopes out, acknowledgements in."""

import asyncio
import json
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from sandbox import limits
from sandbox.errors import SlackError


@dataclass(slots=True)
class Sockets:
    """The app's open connections. A delivery goes to one of them, in turn; `forgotten` ones are open in vain."""

    app_id: str
    connections: list[WebSocket] = field(default_factory=list)
    forgotten: set[WebSocket] = field(default_factory=set)
    tickets: set[str] = field(default_factory=set)
    waiting: dict[str, asyncio.Future[Any]] = field(default_factory=dict)
    turn: int = 0
    freeze: Callable[[Any], None] = lambda _: None

    def ticket(self) -> str:
        """The right to connect once."""
        if len(self.connections) >= limits.SOCKET_CONNECTIONS:
            raise SlackError("too_many_websockets")
        ticket = secrets.token_hex(16)
        self.tickets.add(ticket)
        return ticket

    async def serve(self, socket: WebSocket) -> None:
        """One connection from hello to its end."""
        ticket = socket.query_params.get("ticket", "")
        if ticket not in self.tickets:
            await socket.close(4001)
            return
        self.tickets.remove(ticket)
        await socket.accept()
        self.connections.append(socket)
        try:
            await socket.send_text(json.dumps(self._hello()))
            while True:
                self._acknowledge(await socket.receive_text())
                if socket in self.forgotten:
                    self.freeze(socket.client)  # taking what was already read set it reading again
        except (WebSocketDisconnect, RuntimeError):
            pass  # the other side is gone, or was dropped on demand; either way the connection ends here
        finally:
            self.forgotten.discard(socket)
            if socket in self.connections:
                self.connections.remove(socket)

    async def send(self, kind: str, payload: Any, retry: tuple[int, str] | None = None) -> Any:
        """Deliver one envelope and wait for its acknowledgement's payload. ConnectionError when nobody listens."""
        envelope_id = secrets.token_hex(16)
        retried = {"retry_attempt": retry[0], "retry_reason": retry[1]} if retry else {}
        if kind == "events_api":
            retried = retried or {"retry_attempt": 0, "retry_reason": ""}
        envelope = {
            "type": kind,
            "envelope_id": envelope_id,
            "payload": payload,
            "accepts_response_payload": kind != "events_api",
            **retried,
        }
        self.waiting[envelope_id] = asyncio.get_running_loop().create_future()
        try:
            await self._to_one(json.dumps(envelope))
            return await self.waiting[envelope_id]
        finally:
            self.waiting.pop(envelope_id, None)

    async def disconnect(self, reason: str | None = "refresh_requested") -> int:
        """Close all connections, after telling them why unless `reason` is None; how many there were."""
        dropped = list(self.connections)
        self.connections.clear()
        for socket in dropped:
            with suppress(WebSocketDisconnect, RuntimeError):  # it left before it was told
                if reason:
                    told = {"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}}
                    await socket.send_text(json.dumps(told))
                await socket.close()
        return len(dropped)

    def forget(self) -> int:
        """Leave all connections open and be deaf and dumb on them from now on; how many there are."""
        forgotten = list(self.connections)
        self.connections.clear()
        self.forgotten.update(forgotten)
        for socket in forgotten:
            self.freeze(socket.client)
        return len(forgotten)

    async def refresh(self, times: int, every: float) -> int:
        """Ask the app to connect again, so many times; how many connections were closed in all."""
        dropped = 0
        for _ in range(times):
            dropped += await self.disconnect()
            await asyncio.sleep(every)
        return dropped

    async def _to_one(self, text: str) -> None:
        for _ in range(len(self.connections)):
            self.turn += 1
            socket = self.connections[self.turn % len(self.connections)]
            try:
                await socket.send_text(text)
            except (WebSocketDisconnect, RuntimeError):
                self.connections.remove(socket)
            else:
                return
        raise ConnectionError("no socket is connected")

    def _acknowledge(self, text: str) -> None:
        try:
            ack = json.loads(text)
        except ValueError:
            return
        future = self.waiting.get(ack.get("envelope_id", "")) if isinstance(ack, dict) else None
        if future and not future.done():
            future.set_result(ack.get("payload"))

    def _hello(self) -> dict[str, Any]:
        return {
            "type": "hello",
            "num_connections": len(self.connections),
            "debug_info": {"host": "sandbox", "build_number": 1, "approximate_connection_time": 18060},
            "connection_info": {"app_id": self.app_id},
        }

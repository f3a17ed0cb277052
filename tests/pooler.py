"""A transaction pooler before PostgreSQL: every transaction gets another server connection, and those grow old soon.

What a session would remember (prepared statements, LISTEN, locks of the session) is lost between two transactions,
as behind PgBouncer in its transaction mode.
"""

import asyncio
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from sqlalchemy import make_url

_NO_ENCRYPTION = (80877103, 80877104)
_READY, _IDLE = b"Z", b"I"
_ENDS_A_BATCH = (b"Q", b"S", b"F")
"""Client messages that are answered by one ReadyForQuery: a simple query, a Sync, a function call."""


@dataclass(eq=False)
class Backend:
    """One connection to the server."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    transactions: int = 0


@dataclass
class Pooler:
    """Takes connections at `port` of this machine; a server connection is closed after so many transactions."""

    socket: str
    most_transactions: int = 20
    idle: deque[Backend] = field(default_factory=deque)
    open: set[asyncio.StreamWriter] = field(default_factory=set)
    handed_out: int = 0
    port: int = 0
    loop: asyncio.AbstractEventLoop = field(init=False)
    stop: asyncio.Event = field(init=False)

    async def run(self, ready: threading.Event) -> None:
        """Take connections until stopped; then leave none open."""
        self.loop, self.stop = asyncio.get_running_loop(), asyncio.Event()
        listening = await asyncio.start_server(self.serve, "127.0.0.1", 0)
        self.port = listening.sockets[0].getsockname()[1]
        ready.set()
        await self.stop.wait()
        listening.close()
        for writer in self.open:
            writer.close()

    async def serve(self, client: asyncio.StreamReader, answer: asyncio.StreamWriter) -> None:
        """One client from its first word to its last."""
        self.open.add(answer)
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            startup = await _startup(client, answer)
            backend = await self._open(startup)
            answer.write(await _until_ready(backend))
            self.idle.append(backend)
            while True:
                kind, message = await _message(client)
                if kind == b"X":
                    break
                await self._transaction(startup, (kind, message), client, answer)
        self._close(answer)

    def _close(self, writer: asyncio.StreamWriter) -> None:
        self.open.discard(writer)
        writer.close()

    async def _open(self, startup: bytes) -> Backend:
        reader, writer = await asyncio.open_unix_connection(self.socket)
        self.open.add(writer)
        writer.write(startup)
        return Backend(reader, writer)

    async def _transaction(
        self, startup: bytes, first: tuple[bytes, bytes], client: asyncio.StreamReader, answer: asyncio.StreamWriter
    ) -> None:
        """Whatever the client says until its transaction has ended goes over one server connection."""
        backend = self.idle.popleft() if self.idle else await self._fresh(startup)
        self.handed_out += 1
        kind, message = first
        ended = False
        try:
            while not ended:
                backend.writer.write(message)
                if kind in _ENDS_A_BATCH:
                    told = await _until_ready(backend)
                    answer.write(told)
                    ended = told[-1:] == _IDLE
                if not ended:
                    kind, message = await _message(client)
        except BaseException:
            self._close(backend.writer)
            raise
        self._give_back(backend)

    async def _fresh(self, startup: bytes) -> Backend:
        backend = await self._open(startup)
        await _until_ready(backend)
        return backend

    def _give_back(self, backend: Backend) -> None:
        backend.transactions += 1
        if backend.transactions >= self.most_transactions:
            self._close(backend.writer)
        else:
            self.idle.append(backend)


async def _startup(client: asyncio.StreamReader, answer: asyncio.StreamWriter) -> bytes:
    while True:
        head = await client.readexactly(8)
        rest = await client.readexactly(int.from_bytes(head[:4]) - 8)
        if int.from_bytes(head[4:]) not in _NO_ENCRYPTION:
            return head + rest
        answer.write(b"N")


async def _message(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    head = await reader.readexactly(5)
    return head[:1], head + await reader.readexactly(int.from_bytes(head[1:]) - 4)


async def _until_ready(backend: Backend) -> bytes:
    told = b""
    while True:
        kind, message = await _message(backend.reader)
        told += message
        if kind == _READY:
            return told


@contextmanager
def pooled(url: str) -> Iterator[tuple[str, Pooler]]:
    """The same database behind a pooler: its URL there, and the pooler."""
    given = make_url(url)
    place = str(given.query.get("host") or given.host)
    port = int(str(given.query.get("port") or given.port or 5432))
    pooler = Pooler(f"{place}/.s.PGSQL.{port}")
    ready = threading.Event()
    thread = threading.Thread(target=lambda: asyncio.run(pooler.run(ready)), daemon=True)
    thread.start()
    ready.wait(10)
    try:
        yield f"postgresql://{given.username}@127.0.0.1:{pooler.port}/{given.database}", pooler
    finally:
        pooler.loop.call_soon_threadsafe(pooler.stop.set)
        thread.join(10)

"""One running kpibot: HTTP, socket, worker and clock on one event loop; owns the signals and the order of stopping."""

import asyncio
import signal
import socket as sockets
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from subprocess import SubprocessError
from threading import Event

import structlog
import uvicorn
from fastapi import FastAPI

from bot.clock import Clock
from bot.queue import Worker
from bot.web.slack_socket import Socket
from kpi.errors import KpiError

log = structlog.get_logger(__name__)

THREADS = 32
STOP_SECONDS = 9.5
WATCH_SECONDS = 10.0
KEEP_SECONDS, LONGEST_KEEP_SECONDS = 2.0, 60.0


class _Threads(ThreadPoolExecutor):
    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: ARG002 the parent's signature
        """Without waiting: a job that hangs keeps its row, and another worker takes it up."""
        super().shutdown(wait=False, cancel_futures=True)


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals are ours."""
        yield


@dataclass(frozen=True, slots=True)
class Parts:
    """What runs beside HTTP; `warm` is done once, in a thread, when everything listens, and then `warmed` is set.

    `revive` starts a bundled database again that has died; whether it had.
    """

    worker: Worker | None = None
    clock: Clock | None = None
    socket: Socket | None = None
    warm: Callable[[], None] = lambda: None
    revive: Callable[[], bool] | None = None
    warmed: Event = field(default_factory=Event)


class Process:
    """Runs the parts it was given until told to stop; ten seconds later nothing is running and nothing is lost."""

    def __init__(self, web: FastAPI, address: tuple[str, int], parts: Parts) -> None:
        config = uvicorn.Config(web, log_config=None, access_log=False, timeout_graceful_shutdown=3)
        self._server = _Server(config)
        self._address = address
        self._parts = parts
        self._stop = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    async def run(self, on_ready: Callable[[str], None] = lambda _url: None) -> None:
        """Start everything, say where we listen, wait for SIGTERM, SIGINT or `stop`, and end in order.

        KpiError when nobody may listen there.
        """
        self._loop = asyncio.get_running_loop()
        self._loop.set_default_executor(_Threads(THREADS))
        with self._signals():
            background = self._start(_listener(*self._address))
            await self._listening(background[0])
            on_ready(self.url())
            background.append(asyncio.create_task(self._warm()))
            stopped = asyncio.create_task(self._stop.wait())
            await asyncio.wait({stopped, background[0]}, return_when=asyncio.FIRST_COMPLETED)
            stopped.cancel()
            await self._end(background)

    def stop(self) -> None:
        """End `run`, from any thread."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._stop.set)

    def url(self) -> str:
        """Where HTTP is served, with the port that was really taken."""
        host, port = self._server.servers[0].sockets[0].getsockname()[:2]
        return f"http://{host}:{port}"

    def _start(self, listener: sockets.socket) -> list[asyncio.Task[None]]:
        tasks = [asyncio.create_task(self._server.serve([listener]))]
        if self._parts.worker is not None:
            tasks.append(asyncio.create_task(self._parts.worker.run()))
        if self._parts.socket is not None:
            tasks.append(asyncio.create_task(self._watch(self._parts.socket)))
        if self._parts.revive is not None:
            tasks.append(asyncio.create_task(self._keep(self._parts.revive)))
        if self._parts.clock is not None:
            self._parts.clock.start()
        return tasks

    async def _warm(self) -> None:
        try:
            await asyncio.to_thread(self._parts.warm)
        except KpiError as fault:
            log.warning("not_warmed", reason=str(fault))
        finally:
            self._parts.warmed.set()

    async def _listening(self, server: asyncio.Task[None]) -> None:
        while not self._server.started:
            if server.done():
                await server
                raise RuntimeError("HTTP ended before it was served")
            await asyncio.sleep(0.01)

    async def _watch(self, socket: Socket) -> None:
        while True:
            await asyncio.to_thread(socket.watch)
            await asyncio.sleep(WATCH_SECONDS)

    async def _keep(self, revive: Callable[[], bool]) -> None:
        pause = KEEP_SECONDS
        while True:
            await asyncio.sleep(pause)
            try:
                had_died = await asyncio.to_thread(revive)
            except (KpiError, SubprocessError, OSError, ValueError) as fault:
                had_died = True
                log.warning("database_not_revived", reason=str(fault))
            else:
                if had_died:
                    log.warning("database_revived")
            pause = min(pause * 2, LONGEST_KEEP_SECONDS) if had_died else KEEP_SECONDS

    async def _end(self, background: list[asyncio.Task[None]]) -> None:
        log.info("stopping")
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await self._end_in_order(background)
        except TimeoutError:
            log.warning("stopped_late", after_seconds=STOP_SECONDS)

    async def _end_in_order(self, background: list[asyncio.Task[None]]) -> None:
        if self._parts.socket is not None:
            await asyncio.to_thread(self._parts.socket.stop)
        if self._parts.clock is not None:
            self._parts.clock.stop()
        if self._parts.worker is not None:
            await self._parts.worker.stop()
        self._server.should_exit = True
        with suppress(asyncio.CancelledError):
            await background[0]
        for task in background[1:]:
            task.cancel()

    @contextmanager
    def _signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        before = {}
        for number in (signal.SIGTERM, signal.SIGINT):
            with suppress(ValueError, RuntimeError):  # not the main thread: whoever started us handles signals
                previous = signal.getsignal(number)
                loop.add_signal_handler(number, self._stop.set)
                before[number] = previous
        try:
            yield
        finally:
            for number, previous in before.items():
                loop.remove_signal_handler(number)
                signal.signal(number, previous)  # asyncio leaves the default, which would end us before the database


def _listener(host: str, port: int) -> sockets.socket:
    """The taken address; uvicorn would end the process over one that is not free, without a word."""
    family = sockets.AF_INET6 if ":" in host else sockets.AF_INET
    try:
        listener = sockets.create_server((host, port), family=family)
    except OSError as fault:
        raise KpiError(
            f"kpibot cannot listen on {host} port {port} ({fault.strerror}); "
            "choose another address with KPIBOT_HOST and KPIBOT_PORT."
        ) from fault
    # Connections inherit it; without, the last packet of an answer waits some 40 ms for company.
    listener.setsockopt(sockets.IPPROTO_TCP, sockets.TCP_NODELAY, 1)
    return listener

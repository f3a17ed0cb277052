"""A real queue with a job that tells of its runs, and workers to run it."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from queue import Queue
from time import monotonic
from typing import Any

import psycopg

from bot.queue import Job, JobQueue, Worker
from kpi.store.store import Store, Tx

STALL_SECONDS = 1.0
SOON = 15.0


@dataclass
class Works:
    """A queue, and a job `work` that tells of each of its runs; `plan` may make a run wait or fail."""

    store: Store
    url: str
    plan: dict[str, Callable[[], object]] = field(default_factory=dict)
    runs: Queue[str] = field(default_factory=Queue)
    queue: JobQueue = field(default_factory=JobQueue)

    def add(self, *names: str, lane: str | None = None, urgent: bool = False, job: str = "work") -> None:
        with self.store.transaction() as tx:
            self.add_in(tx, *names, lane=lane, urgent=urgent, job=job)

    def add_in(self, tx: Tx, *names: str, lane: str | None = None, urgent: bool = False, job: str = "work") -> None:
        for name in names:
            self.queue.enqueue(tx, job, {"name": name}, lane=lane, urgent=urgent)

    def work(self, name: str) -> None:
        self.runs.put(name)
        self.plan.get(name, lambda: None)()

    def worker(self, **more: Any) -> Worker:
        jobs: dict[str, Job] = {"work": self.work}
        return Worker(self.url, jobs, **{"stall_seconds": STALL_SECONDS, **more})

    def ran(self, count: int) -> list[str]:
        return [self.runs.get(timeout=SOON) for _ in range(count)]

    def wait_until_run(self, name: str) -> None:
        """Until this job ran; others may run again before, when their end was lost with a connection."""
        while self.ran(1) != [name]:
            pass

    def sql(self, statement: str) -> list[Any]:
        with psycopg.connect(self.url, autocommit=True) as connection:
            return connection.execute(statement).fetchall()

    def statuses(self) -> list[str]:
        return [status for (status,) in self.sql("SELECT status::text FROM procrastinate_jobs ORDER BY id")]

    def wait_until_done(self) -> None:
        """Until no job is left: a job that ended well is deleted."""
        wait_for(lambda: self.statuses() == [])

    def cut_connections(self) -> int:
        """End every connection to the database but this one."""
        mine = "datname = current_database() AND pid <> pg_backend_pid()"
        return len(self.sql(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {mine}"))  # noqa: S608 ours


@contextmanager
def running(worker: Worker) -> Iterator[asyncio.AbstractEventLoop]:
    """The worker at work on a loop of its own; at the end it is stopped and everything it began has ended."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    working = asyncio.run_coroutine_threadsafe(worker.run(), loop)
    try:
        yield loop
    finally:
        asyncio.run_coroutine_threadsafe(worker.stop(), loop).result(timeout=20)
        working.result(timeout=20)
        asyncio.run_coroutine_threadsafe(everything_ended(), loop).result(timeout=20)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def everything_ended() -> None:
    while others := asyncio.all_tasks() - {asyncio.current_task()}:
        await asyncio.wait(others)
    await asyncio.get_running_loop().shutdown_default_executor()


def wait_for(holds: Callable[[], bool], seconds: float = SOON) -> None:
    deadline = monotonic() + seconds
    while not holds():
        assert monotonic() < deadline
        threading.Event().wait(0.02)

"""The job queue: jobs are added inside the business transaction and run by a supervised worker."""

import asyncio
import math
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any

import structlog
from procrastinate import App, BaseRetryStrategy, JobContext, PsycopgConnector, RetryDecision, SyncPsycopgConnector
from procrastinate.exceptions import ProcrastinateException
from procrastinate.jobs import DeleteJobCondition
from procrastinate.jobs import Job as QueuedJob
from procrastinate.worker import Worker as ProcrastinateWorker

from kpi.ports import Transaction

log = structlog.get_logger(__name__)

Job = Callable[..., None]
URGENT, ORDINARY = 10, 0
STOP_SECONDS = 8.0
_POLL_SECONDS = 0.5  # a lane's next job is announced by nobody: at most so much later it begins
_FIRST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 1.0, 30.0


class Again(Exception):
    """Raised by a job that must run again after some seconds; its lane waits with it."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"again in {seconds:g} s")
        self.seconds = seconds


@dataclass
class DatabaseTime:
    """The database's clock, which says when a job may run, carried on by the clock here that nobody can set."""

    told: datetime = field(default_factory=lambda: datetime.now(UTC))
    told_at: float = field(default_factory=monotonic)

    def note(self, told: datetime) -> None:
        """What it says now."""
        self.told, self.told_at = told, monotonic()

    def after(self, seconds: float) -> datetime:
        """In so many seconds."""
        return self.told + timedelta(seconds=monotonic() - self.told_at + seconds)


class _NeverGiveUp(BaseRetryStrategy):
    """A job that failed is run again, soon at first, then every ten minutes: no work is dropped for a fault of ours."""

    def __init__(self, time: DatabaseTime) -> None:
        self._time = time

    def get_retry_decision(self, *, exception: BaseException, job: QueuedJob) -> RetryDecision:
        seconds = exception.seconds if isinstance(exception, Again) else min(2 ** min(job.attempts, 10), 600)
        return RetryDecision(retry_at=self._time.after(max(math.ceil(seconds), 1)))


class JobQueue:
    """Adds jobs on the caller's own connection: they exist exactly when its transaction commits."""

    def __init__(self) -> None:
        # Never opened: producing borrows the caller's connection, and an open async app would refuse it.
        self._app = App(connector=SyncPsycopgConnector())

    def enqueue(
        self,
        transaction: Transaction,
        job: str,
        args: Mapping[str, Any],
        *,
        lane: str | None = None,
        urgent: bool = False,
    ) -> None:
        """Add a job; jobs of one lane run one at a time, in order; urgent ones go first."""
        task = self._app.configure_task(
            job,
            allow_unknown=True,
            lock=lane,
            priority=URGENT if urgent else ORDINARY,
            connection=transaction.connection.connection.driver_connection,
        )
        task.defer(**args)


class Worker:
    """Runs jobs until stopped; comes back with growing pauses when the database goes away.

    It also puts back the jobs of workers that have died, its own lost ones included.
    """

    def __init__(self, conninfo: str, jobs: Mapping[str, Job], *, stall_seconds: float, concurrency: int = 8) -> None:
        self._conninfo = conninfo
        self._jobs = jobs
        self._stall_seconds = stall_seconds
        self._concurrency = concurrency
        self._stopping = asyncio.Event()
        self._current: asyncio.Task[None] | None = None
        self.healthy = False

    async def run(self) -> None:
        """Work until `stop`; every end that was not asked for is followed by a new start."""
        pause = _FIRST_PAUSE_SECONDS
        while not self._stopping.is_set():
            started = monotonic()
            self._current = asyncio.create_task(self._run_once())
            try:
                await self._current
            except asyncio.CancelledError:
                if not self._stopping.is_set():
                    raise
            except Exception as failure:  # noqa: BLE001 the job runner outlives whatever its libraries raise
                log.warning("worker_stopped", reason=repr(failure), pause_seconds=pause)
            self.healthy = False
            if monotonic() - started > _LONGEST_PAUSE_SECONDS:
                pause = _FIRST_PAUSE_SECONDS
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), pause)
            pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)

    async def stop(self) -> None:
        """Take no new job, let the running ones finish, for at most 8 seconds.

        One that takes longer keeps its row, and another worker takes it up when this one has gone silent.
        """
        self._stopping.set()
        if self._current is not None:
            self._current.cancel()
            await asyncio.wait({self._current}, timeout=STOP_SECONDS)

    async def _run_once(self) -> None:
        time = DatabaseTime()
        app = worker_app(self._conninfo, self._jobs, time)
        try:
            await app.open_async()
            self.healthy = True
            await self._work(app, time)
        finally:
            # Also after an opening that failed or was cancelled: its pool would go on trying to connect.
            await app.close_async()

    async def _work(self, app: App, time: DatabaseTime) -> None:
        sweep = Sweep(app, self._stall_seconds, time)
        sweeping = asyncio.create_task(sweep.run())
        try:
            await app.run_worker_async(
                concurrency=self._concurrency,
                install_signal_handlers=False,
                delete_jobs=DeleteJobCondition.SUCCESSFUL,
                shutdown_graceful_timeout=STOP_SECONDS,
                fetch_job_polling_interval=_POLL_SECONDS,
                update_heartbeat_interval=self._stall_seconds / 3,
                stalled_worker_timeout=self._stall_seconds,
                worker_middleware=[sweep.note],
            )
        finally:
            sweeping.cancel()
            await asyncio.wait({sweeping})


def worker_app(conninfo: str, jobs: Mapping[str, Job], time: DatabaseTime) -> App:
    """A Procrastinate app that knows these jobs; it must be opened to be used."""
    # No prepared statements on the server: a transaction pooler hands every transaction another connection.
    plain = {"prepare_threshold": None}
    app = App(connector=PsycopgConnector(conninfo=conninfo, min_size=1, max_size=4, kwargs=plain))
    for name, job in jobs.items():
        app.task(name=name, retry=_NeverGiveUp(time))(job)
    return app


class Sweep:
    """Puts back the jobs nobody works on any more, on an open app, every `stall_seconds`.

    Those are the jobs of workers gone silent; the ones this worker lost (the connection broke while it took a job or
    gave it back, so the row says `doing` and nobody does); and known ones that a worker of another version failed
    because it did not know them. On the way it asks the database for its time.
    """

    def __init__(self, app: App, stall_seconds: float, time: DatabaseTime) -> None:
        self._app = app
        self._time = time
        self._stall_seconds = stall_seconds
        self._worker_id: int | None = None
        self._running: set[int] = set()
        self._suspects: set[int] = set()

    async def note(self, run: Callable[[], Awaitable[Any]], context: JobContext, worker: ProcrastinateWorker) -> Any:
        """Procrastinate's middleware: remember what is running here."""
        self._worker_id = worker.worker_id
        job_id = context.job.id or 0
        self._running.add(job_id)
        try:
            return await run()
        except Again:
            raise
        except Exception:
            log.exception("job_failed", job=context.job.task_name, job_id=job_id, attempts=context.job.attempts)
            raise
        finally:
            self._running.discard(job_id)

    async def run(self) -> None:
        """Sweep until cancelled."""
        while True:
            with suppress(ProcrastinateException):  # the database is away: the next sweep finds the same
                found = await self.once()
                if found:
                    log.warning("jobs_put_back", jobs=found)
            await asyncio.sleep(self._stall_seconds)

    async def once(self) -> int:
        """One sweep; how many jobs were put back."""
        told = await self._app.connector.execute_query_one_async("SELECT clock_timestamp() AS now")
        self._time.note(told["now"])
        lost = await self._lost()
        arguments = {"stall": self._stall_seconds, "me": self._worker_id, "lost": lost, "known": list(self._app.tasks)}
        return len(await self._app.connector.execute_query_all_async(_PUT_BACK, **arguments))

    async def _lost(self) -> list[int]:
        """What is `doing` in this worker's name and was not running here at the last sweep either."""
        if self._worker_id is None:
            return []
        doing = await self._app.job_manager.list_jobs_async(status="doing", worker_id=self._worker_id)
        seen, self._suspects = self._suspects, {job.id for job in doing if job.id} - self._running
        return sorted(seen & self._suspects)


# One statement, so that of two replicas sweeping at once only one puts a job back: what it finds is checked again under
# the row's lock, and every condition is the row's own (a join would be checked against the row it had before).
_PUT_BACK = """
WITH silent AS (
    SELECT id FROM procrastinate_workers WHERE last_heartbeat < now() - make_interval(secs => %(stall)s)
), abandoned AS (
    SELECT id FROM procrastinate_jobs
     WHERE (status = 'doing' AND (worker_id IS NULL OR worker_id IN (SELECT id FROM silent)))
        OR (status = 'doing' AND worker_id = %(me)s AND id = ANY(%(lost)s::bigint[]))
        OR (status = 'failed' AND task_name = ANY(%(known)s::text[]))
       FOR UPDATE SKIP LOCKED
)
SELECT id, procrastinate_retry_job_v2(id, now(), NULL, NULL, NULL) FROM abandoned
"""

"""The job queue: jobs are added inside the business transaction and run by a supervised worker."""

import asyncio
import math
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from time import monotonic
from typing import Any

import structlog
from procrastinate import App, BaseRetryStrategy, JobContext, PsycopgConnector, RetryDecision, SyncPsycopgConnector
from procrastinate.jobs import DeleteJobCondition
from procrastinate.jobs import Job as QueuedJob
from procrastinate.worker import Worker as ProcrastinateWorker

from bot.sweep import LOOKS, DatabaseTime, Sweep
from kpi.ports import Transaction

log = structlog.get_logger(__name__)

Job = Callable[..., None]
URGENT, ORDINARY = 10, 0
STOP_SECONDS = 8.0
_POLL_SECONDS = 0.5  # a lane's next job is announced by nobody: at most so much later it begins
_FIRST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 1.0, 30.0
_FORGET_TIMES = 10
"""After so many times `stall_seconds` a starting worker forgets a silent one, whose jobs are free at once then."""


class Again(Exception):
    """Raised by a job that must run again after some seconds; its lane waits with it."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"again in {seconds:g} s")
        self.seconds = seconds


class _NeverGiveUp(BaseRetryStrategy):
    """A job that failed is run again, soon at first, then every ten minutes: no work is dropped for a fault of ours."""

    def __init__(self, time: DatabaseTime) -> None:
        self._time = time

    def get_retry_decision(self, *, exception: BaseException, job: QueuedJob) -> RetryDecision:
        seconds = exception.seconds if isinstance(exception, Again) else min(2 ** min(job.attempts, 10), 600)
        return RetryDecision(retry_at=self._time.after(max(math.ceil(seconds), 1)))


async def _log_failure(run: Callable[[], Awaitable[Any]], context: JobContext, _worker: ProcrastinateWorker) -> Any:
    """Procrastinate's middleware: a line for every job that failed for a fault of ours."""
    try:
        return await run()
    except Again:
        raise
    except Exception:
        log.exception("job_failed", job=context.job.task_name, job_id=context.job.id, attempts=context.job.attempts)
        raise


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
                update_heartbeat_interval=self._stall_seconds / LOOKS,
                stalled_worker_timeout=self._stall_seconds * _FORGET_TIMES,
                worker_middleware=[sweep.note, _log_failure],
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

"""The job queue: jobs are added inside the business transaction and run by a supervised worker."""

import asyncio
import math
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import psycopg
import structlog
from procrastinate import App, BaseRetryStrategy, PsycopgConnector, RetryDecision, SyncPsycopgConnector
from procrastinate.exceptions import ConnectorException, ProcrastinateException
from procrastinate.jobs import DeleteJobCondition
from procrastinate.jobs import Job as QueuedJob

from kpi.ports import Transaction

log = structlog.get_logger(__name__)

Job = Callable[..., None]
URGENT, ORDINARY = 10, 0
_FIRST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 1.0, 30.0


class Again(Exception):
    """Raised by a job that must run again after some seconds; its lane waits with it."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"again in {seconds:g} s")
        self.seconds = seconds


class _NeverGiveUp(BaseRetryStrategy):
    """A job that failed is run again, soon at first, then every ten minutes: no work is dropped for a fault of ours."""

    def get_retry_decision(self, *, exception: BaseException, job: QueuedJob) -> RetryDecision:
        seconds = exception.seconds if isinstance(exception, Again) else min(2 ** min(job.attempts, 10), 600)
        return RetryDecision(retry_in={"seconds": max(math.ceil(seconds), 1)})


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
    """Runs jobs until stopped; comes back with growing pauses when the database goes away."""

    def __init__(self, conninfo: str, jobs: Mapping[str, Job], *, stall_seconds: float, concurrency: int = 8) -> None:
        self._conninfo = conninfo
        self._jobs = jobs
        self._stall_seconds = stall_seconds
        self._concurrency = concurrency
        self._stopping = False
        self._current: asyncio.Task[None] | None = None
        self.healthy = False

    async def run(self) -> None:
        """Work until `stop`; every end that was not asked for is followed by a new start."""
        pause = _FIRST_PAUSE_SECONDS
        while not self._stopping:
            self._current = asyncio.create_task(self._run_once())
            try:
                await self._current
                pause = _FIRST_PAUSE_SECONDS
            except asyncio.CancelledError:
                if self._stopping:
                    return
                raise
            except (ProcrastinateException, psycopg.Error, OSError) as failure:
                log.warning("worker_stopped", reason=str(failure), pause_seconds=pause)
            self.healthy = False
            if not self._stopping:
                await asyncio.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)

    async def stop(self) -> None:
        """Take no new job, let the running ones finish, for at most 8 seconds."""
        self._stopping = True
        if self._current is not None:
            self._current.cancel()
            with suppress(asyncio.CancelledError):
                await self._current

    async def _run_once(self) -> None:
        app = worker_app(self._conninfo, self._jobs)
        async with app.open_async():
            self.healthy = True
            await app.run_worker_async(
                concurrency=self._concurrency,
                install_signal_handlers=False,
                delete_jobs=DeleteJobCondition.SUCCESSFUL,
                shutdown_graceful_timeout=8,
                fetch_job_polling_interval=min(5.0, self._stall_seconds),
                update_heartbeat_interval=self._stall_seconds / 3,
                stalled_worker_timeout=self._stall_seconds,
            )


def worker_app(conninfo: str, jobs: Mapping[str, Job]) -> App:
    """A Procrastinate app that knows these jobs; it must be opened to be used."""
    app = App(connector=PsycopgConnector(conninfo=conninfo, min_size=1, max_size=4))
    for name, job in jobs.items():
        app.task(name=name, retry=_NeverGiveUp())(job)
    return app


async def requeue_stalled(app: App, stall_seconds: float) -> int:
    """Put back the jobs whose worker has gone silent; how many there were."""
    stalled = list(await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=stall_seconds))
    for job in stalled:
        with suppress(ConnectorException):  # another replica put it back first, or it ended after all
            await app.job_manager.retry_job(job)
    return len(stalled)

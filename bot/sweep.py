"""Jobs nobody works on any more are put back: whose worker died, and what a worker lost or did not know.

The looks for them also keep the database's time, by which jobs wait.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any

import structlog
from procrastinate import App, JobContext
from procrastinate.exceptions import ProcrastinateException
from procrastinate.worker import Worker as ProcrastinateWorker

log = structlog.get_logger(__name__)

LOOKS = 5
"""So often within `stall_seconds` a worker gives a sign of life, and looks for those of the others."""


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


@dataclass
class Silence:
    """Which workers have died, by what one of them sees: no sign of life from look to look, several times in a row.

    It counts looks, not seconds: when all stood still, or the database was away, the signs of all are old, and nobody
    is dead.
    """

    _unchanged: dict[tuple[int, datetime], int] = field(default_factory=dict)

    def look(self, heartbeats: Mapping[int, datetime]) -> list[int]:
        """The dead ones, given when each gave its last sign of life; to be called `LOOKS` times in `stall_seconds`."""
        seen = self._unchanged
        self._unchanged = {heard: seen.get(heard, -1) + 1 for heard in heartbeats.items()}
        return [worker_id for (worker_id, _), times in self._unchanged.items() if times >= LOOKS]


class Sweep:
    """Puts back the jobs nobody works on any more, on an open app.

    Those are the jobs of workers gone silent; the ones this worker lost (the connection broke while it took a job or
    gave it back, so the row says `doing` and nobody does); and known ones that a worker of another version failed
    because it did not know them. On the way it asks the database for its time.
    """

    def __init__(self, app: App, stall_seconds: float, time: DatabaseTime) -> None:
        self._app = app
        self._time = time
        self._stall_seconds = stall_seconds
        self._silence = Silence()
        self._looks = 0
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
        finally:
            self._running.discard(job_id)

    async def run(self) -> None:
        """Sweep until cancelled."""
        while True:
            try:
                if found := await self.once():
                    log.warning("jobs_put_back", jobs=found)
            except ProcrastinateException:  # the database is away: nobody could give a sign, and whoever lives will
                self._silence = Silence()
            await asyncio.sleep(self._stall_seconds / LOOKS)

    async def once(self) -> int:
        """One sweep; how many jobs were put back."""
        told = await self._app.connector.execute_query_one_async(_SIGNS_OF_LIFE)
        self._time.note(told["now"])
        silent = self._silence.look(dict(zip(told["workers"], told["heard"], strict=True)))
        lost = await self._lost() if self._looks % LOOKS == 0 else []
        self._looks += 1
        arguments = {"silent": silent, "me": self._worker_id, "lost": lost, "known": list(self._app.tasks)}
        return len(await self._app.connector.execute_query_all_async(_PUT_BACK, **arguments))

    async def _lost(self) -> list[int]:
        """What is `doing` in this worker's name and was not running here `stall_seconds` ago either."""
        if self._worker_id is None:
            return []
        doing = await self._app.job_manager.list_jobs_async(status="doing", worker_id=self._worker_id)
        seen, self._suspects = self._suspects, {job.id for job in doing if job.id} - self._running
        return sorted(seen & self._suspects)


_SIGNS_OF_LIFE = """
SELECT clock_timestamp() AS now,
       ARRAY(SELECT id FROM procrastinate_workers ORDER BY id) AS workers,
       ARRAY(SELECT last_heartbeat FROM procrastinate_workers ORDER BY id) AS heard
"""

# One statement, so that of two replicas sweeping at once only one puts a job back: what it finds is checked again under
# the row's lock, and every condition is the row's own (a join would be checked against the row it had before).
_PUT_BACK = """
WITH abandoned AS (
    SELECT id FROM procrastinate_jobs
     WHERE (status = 'doing' AND (worker_id IS NULL OR worker_id = ANY(%(silent)s::bigint[])))
        OR (status = 'doing' AND worker_id = %(me)s AND id = ANY(%(lost)s::bigint[]))
        OR (status = 'failed' AND task_name = ANY(%(known)s::text[]))
       FOR UPDATE SKIP LOCKED
)
SELECT id, procrastinate_retry_job_v2(id, now(), NULL, NULL, NULL) FROM abandoned
"""

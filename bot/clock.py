"""The ticker: asks every few seconds what is due, and knows when a wall clock strikes, DST included."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from time import monotonic
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger
from cronsim import CronSim, CronSimError

from kpi.errors import KpiError
from kpi.ports import Now

log = structlog.get_logger(__name__)

Tick = Callable[[], None]
LOOK_SECONDS, MOVED_SECONDS = 1.0, 2.0
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIELDS = ("minute", "hour", "day", "month", "weekday")


def utc_now() -> datetime:
    """The present instant."""
    return datetime.now(UTC)


def next_fire(cron: str, timezone: str, after: datetime) -> datetime:
    """The first instant strictly after `after` at which the expression strikes in the zone, in UTC.

    A wall time that happens twice strikes once, the first time; one that a zone skips strikes at the first valid time
    after it (Vixie cron's rule, as cronsim keeps it). KpiError for an expression or zone that means nothing.
    """
    local = after.astimezone(_zone(timezone))
    try:
        # In an hour's second turn cronsim still names instants of its first.
        return next(at for at in map(_in_utc, _struck(cron, local)) if at > after)
    except (CronSimError, ValueError) as fault:
        raise KpiError(f'"{cron[:100]}" is not a schedule ({fault}); Mondays at 9:00 are "0 9 * * 1".') from fault
    except (StopIteration, OverflowError) as never:
        raise KpiError(f'"{cron[:100]}" never comes round; Mondays at 9:00 are "0 9 * * 1".') from never


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as fault:
        raise KpiError(f'"{name}" is not a known time zone; an example is Europe/Berlin.') from fault


def _struck(cron: str, local: datetime) -> Iterator[datetime]:
    # With a sixth part, for seconds, cronsim forgets the rule for wall times that are skipped or happen twice.
    if len(cron.split()) != len(_FIELDS):
        raise CronSimError(f"it takes {', '.join(_FIELDS)}")
    return iter(CronSim(cron, local))


def _in_utc(at: datetime) -> datetime:
    return at.astimezone(UTC)


class WallClock(BaseTrigger):  # type: ignore[misc]  # APScheduler 3 ships no types
    """An APScheduler trigger that strikes by `next_fire`; its own cron trigger skips and doubles days at DST."""

    def __init__(self, cron: str, timezone: str) -> None:
        self._cron = cron
        self._timezone = timezone
        next_fire(cron, timezone, utc_now())

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        """APScheduler's question, answered."""
        return next_fire(self._cron, self._timezone, previous_fire_time or now)


class Clock:
    """Runs each tick on its trigger, one run of a kind at a time, never catching up on runs that were missed.

    When the machine's clock is set, every trigger is asked anew: APScheduler waits for instants, and after an hour set
    back the next of them would be an hour away.
    """

    def __init__(self, ticks: Mapping[str, tuple[BaseTrigger, Tick]], now: Now = utc_now) -> None:
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._now = now
        self._looking: asyncio.TimerHandle | None = None
        self._last = monotonic()
        self._owed: dict[str, float] = {}
        for name, (trigger, tick) in ticks.items():
            self._scheduler.add_job(
                self._noted(name, tick), trigger, id=name, coalesce=True, max_instances=1, misfire_grace_time=None
            )

    def start(self) -> None:
        """Begin ticking on the running event loop."""
        self._last = monotonic()
        self._scheduler.start()
        self._look(self._ahead())

    def stop(self) -> None:
        """Stop ticking; a tick that is running finishes by itself."""
        if self._looking is not None:
            self._looking.cancel()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    def age_seconds(self) -> float:
        """Seconds since a tick last ended well; while one of them fails or hangs, since that one first did."""
        return monotonic() - min([self._last, *self._owed.values()])

    def _ahead(self) -> float:
        """By how much the clock on the wall is ahead of the one nobody can set, in seconds."""
        return self._now().timestamp() - monotonic()

    def _look(self, before: float) -> None:
        ahead = self._ahead()
        self._looking = asyncio.get_running_loop().call_later(LOOK_SECONDS, self._look, ahead)
        if abs(ahead - before) > MOVED_SECONDS:
            log.warning("clock_moved", seconds=round(ahead - before))
            for job in self._scheduler.get_jobs():
                # Set forward, what has just fallen due is still due; set back, nothing waits for what is far away now.
                job.modify(next_run_time=min(job.next_run_time, job.trigger.get_next_fire_time(None, utc_now())))

    def _noted(self, name: str, tick: Tick) -> Tick:
        def run() -> None:
            self._owed.setdefault(name, monotonic())
            tick()
            self._last = monotonic()
            del self._owed[name]

        return run


class Beat(BaseTrigger):  # type: ignore[misc]  # APScheduler 3 ships no types
    """An APScheduler trigger that strikes at once and then on every multiple of so many seconds.

    So what is due at nine is found at nine, not whenever this process happens to look again.
    """

    def __init__(self, seconds: float) -> None:
        self._step = timedelta(seconds=seconds)

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        """APScheduler's question, answered."""
        if previous_fire_time is None:
            return now
        beats = (max(previous_fire_time, now) - _EPOCH) // self._step + 1
        return _EPOCH + beats * self._step


def every(seconds: float) -> Beat:
    """A trigger that strikes every so many seconds, for the first time at once."""
    return Beat(seconds)

"""A schedule strikes when a clock on the wall does: once a week, once a day, whatever the zone does to the hour."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from time import monotonic
from zoneinfo import ZoneInfo

import pytest
from apscheduler.schedulers.background import BackgroundScheduler

from bot.clock import Clock, WallClock, every, next_fire
from kpi.errors import KpiError

START = datetime(2026, 1, 1, tzinfo=UTC)


def fires(cron: str, zone: str, start: datetime, end: datetime) -> Iterator[datetime]:
    """Every time the schedule strikes after `start` and before `end`."""
    at = next_fire(cron, zone, start)
    while at < end:
        yield at
        at = next_fire(cron, zone, at)


def test_an_hour_that_happens_twice_strikes_the_first_time_only() -> None:
    after = datetime(2026, 10, 24, 12, tzinfo=UTC)
    first = next_fire("30 2 * * *", "Europe/Berlin", after)
    assert first == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert next_fire("30 2 * * *", "Europe/Berlin", first) == datetime(2026, 10, 26, 1, 30, tzinfo=UTC)


def test_an_hour_that_is_skipped_strikes_right_after_the_gap() -> None:
    struck = next_fire("30 2 * * *", "Europe/Berlin", datetime(2026, 3, 28, 12, tzinfo=UTC))
    assert struck == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    assert next_fire("30 2 * * *", "Europe/Berlin", struck) == datetime(2026, 3, 30, 0, 30, tzinfo=UTC)


def test_monday_at_nine_stays_at_nine_when_the_clocks_change() -> None:
    struck = list(
        fires("0 9 * * 1", "Europe/Berlin", datetime(2026, 10, 18, tzinfo=UTC), datetime(2026, 11, 3, tzinfo=UTC))
    )
    assert [(at.day, at.hour) for at in struck] == [(19, 7), (26, 8), (2, 8)]


def test_a_schedule_strikes_strictly_after_the_instant_given_and_answers_in_utc() -> None:
    on_the_hour = datetime(2026, 9, 14, 7, 0, tzinfo=UTC)
    assert next_fire("0 9 * * 1", "Europe/Berlin", on_the_hour - timedelta(microseconds=1)) == on_the_hour
    struck = next_fire("0 9 * * 1", "Europe/Berlin", on_the_hour)
    assert struck == datetime(2026, 9, 21, 7, 0, tzinfo=UTC)
    assert struck.tzinfo is UTC


@pytest.mark.parametrize(
    "cron",
    [
        "",
        "monday",
        "0 9 * *",
        "0 30 2 * * 0",
        "9" * 5000 + " 9 * * 1",
        "61 9 * * 1",
        "0 9 * * 9",
        "*/0 * * * *",
        "0 9 * * 1 * * *",
        "9 Uhr",
        "0 9 30 2 *",
    ],
)
def test_what_is_no_schedule_is_said_with_an_example(cron: str) -> None:
    with pytest.raises(KpiError, match=r'is not a schedule .*Mondays at 9:00 are "0 9 \* \* 1"'):
        next_fire(cron, "Europe/Berlin", START)


@pytest.mark.parametrize(
    "zone", ["", "Europe", "Europe/Berlon", "CEST", "../../etc/passwd", "/etc/localtime", "a\0b", "Ber lin", "é" * 300]
)
def test_what_is_no_zone_is_said_with_an_example(zone: str) -> None:
    with pytest.raises(KpiError, match="is not a known time zone; an example is Europe/Berlin"):
        next_fire("0 9 * * 1", zone, START)


def test_a_wall_clock_refuses_a_bad_schedule_when_it_is_made() -> None:
    with pytest.raises(KpiError, match="not a schedule"):
        WallClock("nonsense", "Europe/Berlin")


def test_apscheduler_waits_for_what_the_wall_clock_says_without_missing_or_doubling_a_day() -> None:
    trigger, at = WallClock("30 2 * * *", "Europe/Berlin"), datetime(2026, 10, 23, tzinfo=UTC)
    struck = [at := trigger.get_next_fire_time(at, at) for _ in range(5)]
    assert [moment.astimezone(ZoneInfo("Europe/Berlin")).day for moment in struck] == [23, 24, 25, 26, 27]
    scheduler = BackgroundScheduler(timezone=UTC)
    job = scheduler.add_job(print, trigger)
    scheduler.start(paused=True)
    assert job.next_run_time == next_fire("30 2 * * *", "Europe/Berlin", datetime.now(UTC))
    scheduler.shutdown()


@pytest.mark.parametrize("seconds", [0.05, 0.1, 0.3, 7, 10, 3600])
def test_a_beat_strikes_at_once_and_then_on_every_round_instant_whenever_it_began(seconds: float) -> None:
    began = datetime(2026, 10, 23, 8, 59, 57, 123457, tzinfo=UTC)
    beat = every(seconds)
    assert beat.get_next_fire_time(None, began) == began
    at, struck = began, []
    for _ in range(50):
        at = beat.get_next_fire_time(at, at)
        struck.append((at - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(seconds=seconds))
    assert struck == [round(struck[0]) + number for number in range(50)]
    late = beat.get_next_fire_time(began, began + timedelta(hours=5))
    assert timedelta(0) < late - (began + timedelta(hours=5)) <= timedelta(seconds=seconds)


class Ticks:
    """Counts its runs; the first ones end as told."""

    def __init__(self, *endings: Exception | None) -> None:
        self.endings = list(endings)
        self.count = 0

    def __call__(self) -> None:
        self.count += 1
        ending = self.endings.pop(0) if self.endings else None
        if ending is not None:
            raise ending


def run_clock(ticks: Sequence[Ticks], until: Callable[[Clock], bool]) -> Clock:
    """A clock that ticks twenty times a second until something holds."""

    async def run() -> Clock:
        clock = Clock({str(number): (every(0.05), tick) for number, tick in enumerate(ticks)})
        clock.start()
        deadline = monotonic() + 10
        while not until(clock):
            assert monotonic() < deadline
            await asyncio.sleep(0.01)
        clock.stop()
        clock.stop()
        return clock

    return asyncio.run(run())


def test_a_clock_runs_every_tick_again_and_again_beginning_at_once() -> None:
    ticks = [Ticks(), Ticks()]
    run_clock(ticks, lambda _: min(tick.count for tick in ticks) >= 3)
    assert all(tick.count >= 3 for tick in ticks)


def test_a_tick_that_fails_is_run_again_and_stops_no_other() -> None:
    failing, healthy = Ticks(*[ValueError("database away")] * 3), Ticks()
    run_clock([failing, healthy], lambda _: failing.count > 3 and healthy.count > 3)
    assert failing.count > 3
    assert healthy.count > 3


def test_the_age_grows_while_a_tick_fails_although_others_end_well_and_is_small_again_afterwards() -> None:
    failing, healthy = Ticks(*[ValueError("database away")] * 10), Ticks()
    ages: list[float] = []

    def recovered(clock: Clock) -> bool:
        ages.append(clock.age_seconds())
        return failing.count > 11

    clock = run_clock([failing, healthy], recovered)
    assert max(ages) > 0.3
    assert clock.age_seconds() < 0.3


def test_the_age_of_a_clock_that_was_stopped_grows() -> None:
    clock = run_clock([tick := Ticks()], lambda _: tick.count > 1)
    first = clock.age_seconds()
    while clock.age_seconds() == first:
        pass
    assert clock.age_seconds() > first

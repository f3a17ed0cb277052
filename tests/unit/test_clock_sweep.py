"""Every zone on earth, ten years, every half hour: a schedule strikes once a period, and never before its time."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise, product
from time import thread_time
from zoneinfo import ZoneInfo, available_timezones

import pytest
from sqlalchemy import create_engine

from bot.clock import WallClock, next_fire
from kpi.policy import DigestPolicy
from kpi.services.digest_content import Composer
from kpi.services.reports import Reports
from kpi.store.store import Store
from tests.builders import policy

ZONES = sorted(available_timezones())
START, END = datetime(2026, 1, 1, tzinfo=UTC), datetime(2036, 1, 1, tzinfo=UTC)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
HALF_HOURS = tuple(time(hour, minute) for hour in range(24) for minute in (0, 30))
CPU_SECONDS_A_FIRE = 0.01
"""A hundred times what one takes: a search that never ends is found, a busy machine is not."""
NASTY = (
    *("Africa/Cairo", "Africa/Casablanca", "Africa/El_Aaiun", "America/Asuncion", "America/New_York"),
    *("America/Nuuk", "America/Santiago", "Antarctica/Troll", "Asia/Beirut", "Asia/Gaza", "Australia/Lord_Howe"),
    *("Europe/Berlin", "Pacific/Apia"),
)


@dataclass(frozen=True)
class Schedule:
    """A cadence with the days it is written for, and which days those are."""

    cadence: str
    days: str
    strikes_on: Callable[[date], bool]

    def cron(self, wall: time) -> str:
        return f"{wall.minute} {wall.hour} {self.days}"


SCHEDULES = (
    Schedule("weekly", "* * 1", lambda day: day.isoweekday() == 1),
    Schedule("weekly", "* * 0", lambda day: day.isoweekday() == 7),
    Schedule("monthly", "1 * *", lambda day: day.day == 1),
    Schedule("monthly", "L * *", lambda day: (day + DAY).day == 1),
    Schedule("quarterly", "1 1,4,7,10 *", lambda day: (day.day, day.month % 3) == (1, 1)),
)


@dataclass(frozen=True)
class Change:
    """Clocks are moved: the instant, and what they are ahead of UTC before and after it."""

    at: datetime
    before: timedelta
    after: timedelta

    @property
    def walls(self) -> tuple[datetime, datetime]:
        """The wall times that are skipped, or that happen twice: from, to."""
        local = self.at.replace(tzinfo=None)
        first, second = sorted((local + self.before, local + self.after))
        return first, second


@dataclass(frozen=True)
class Course:
    """What the clocks of a zone do in these years; zones of the same course are the same zone here."""

    first: timedelta
    changes: tuple[Change, ...]

    @classmethod
    @cache
    def of(cls, zone: str) -> "Course":
        """Looked at every day, and between two looks that differ to the second."""
        looks = [START + number * DAY for number in range(-3, (END - START).days + 4)]
        offsets = [_offset(at, zone) for at in looks]
        pairs = zip(pairwise(looks), pairwise(offsets), strict=True)
        moved = [Change(_moved(*span, zone), *both) for span, both in pairs if both[0] != both[1]]
        return cls(offsets[0], tuple(moved))

    def instant(self, wall: datetime) -> datetime:
        """The first instant at which a clock on the wall shows this, or, where that is skipped, something later."""
        earlier = [change for change in self.changes if change.walls[0] <= wall]
        if not earlier:
            return (wall - self.first).replace(tzinfo=UTC)
        last = earlier[-1]
        if wall < last.walls[1]:
            return last.at if last.after > last.before else (wall - last.before).replace(tzinfo=UTC)
        return (wall - last.after).replace(tzinfo=UTC)

    def touched(self) -> list[time]:
        """The half hours that are ever skipped or doubled."""
        found = [
            wall
            for start, end in (change.walls for change in self.changes)
            for day in {start.date(), end.date()}
            for wall in HALF_HOURS
            if start <= datetime.combine(day, wall) < end
        ]
        return sorted(set(found))

    def due(self, schedule: Schedule, wall: time) -> dict[datetime, datetime]:
        """When a schedule should strike, counted from the calendar alone: instant by wall time asked for."""
        days = (START.date() + number * DAY for number in range((END - START).days))
        asked = [datetime.combine(day, wall) for day in days if schedule.strikes_on(day)]
        return {each: self.instant(each) for each in asked}


def _offset(at: datetime, zone: str) -> timedelta:
    found = at.astimezone(ZoneInfo(zone)).utcoffset()
    assert found is not None
    return found


def _moved(before: datetime, after: datetime, zone: str) -> datetime:
    old = _offset(before, zone)
    while after - before > timedelta(seconds=1):
        middle = before + ((after - before) // 2) // timedelta(seconds=1) * timedelta(seconds=1)
        before, after = (middle, after) if _offset(middle, zone) == old else (before, middle)
    return after


def groups() -> list[str]:
    """A zone for each course there is, a nasty one where there is one: what holds of it holds of all on its course."""
    found = {Course.of(zone): zone for zone in (*ZONES, *NASTY)}
    return sorted(found.values())


def composer(zone: str) -> Composer:
    """What names the periods of digests; it never looks into its database."""
    nowhere = Store(create_engine("postgresql+psycopg://nowhere"), 1)
    return Composer(Reports(nowhere, policy(ZoneInfo(zone)), lambda: END), DigestPolicy({}, {}))


def fires(cron: str, zone: str, start: datetime, end: datetime) -> Iterator[datetime]:
    """Every time the clock strikes after `start` and before `end`."""
    clock = WallClock(cron, zone)
    at = clock.get_next_fire_time(None, start)
    while at < end:
        yield at
        at = clock.get_next_fire_time(at, at)


def hold(zone: str, walls: Iterable[time]) -> int:
    """Every schedule at each of these times strikes as the calendar says, in every period once; how many strikes."""
    names, count = composer(zone), 0
    for schedule, wall in product(SCHEDULES, walls):
        case, began = (zone, schedule.cron(wall)), thread_time()
        struck = list(fires(schedule.cron(wall), zone, START - DAY, END + DAY))
        assert thread_time() - began < CPU_SECONDS_A_FIRE * (len(struck) + 1), case
        due = Course.of(zone).due(schedule, wall)
        inside = [at for at in struck if START.date() <= on_the_wall(at, zone).date() < END.date()]
        assert inside == list(due.values()), case
        assert all(on_the_wall(at, zone) >= asked for asked, at in due.items()), case
        assert all(earlier < later for earlier, later in pairwise(inside)), case
        periods = [names.reported(schedule.cadence, at) for at in inside]
        assert all(earlier.end == later.start for earlier, later in pairwise(periods)), case
        assert len({period.key for period in periods}) == len(inside), case
        count += len(inside)
    return count


def on_the_wall(at: datetime, zone: str) -> datetime:
    return at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def test_zones_of_one_course_are_the_same_zone_whenever_they_are_looked_at() -> None:
    noted = {zone: Course.of(zone) for zone in ZONES}
    assert set(NASTY) <= set(ZONES)
    assert len(ZONES) > 550
    assert 40 < len(set(noted.values())) < 120
    for zone, course in noted.items():
        for change in course.changes:
            looks = (change.at - timedelta(seconds=1), change.at)
            assert [_offset(at, zone) for at in looks] == [change.before, change.after], zone


@pytest.mark.parametrize("number", range(4))
def test_a_schedule_strikes_once_a_period_and_never_early_wherever_and_whenever_a_sample(number: int) -> None:
    for place, zone in list(enumerate(groups()))[number::4]:
        touched = Course.of(zone).touched()
        hold(zone, {HALF_HOURS[(7 * place) % 48], *(touched if zone in NASTY else touched[:1])})


@pytest.mark.slow
@pytest.mark.parametrize("number", range(32))
def test_a_schedule_strikes_once_a_period_and_never_early_at_every_half_hour(number: int) -> None:
    for zone in groups()[number::32]:
        assert hold(zone, HALF_HOURS) > 48 * 1300


@pytest.mark.parametrize("number", range(4))
def test_on_days_when_clocks_are_moved_every_half_hour_strikes_once_and_never_before_its_time(number: int) -> None:
    for zone in groups()[number::4]:
        course = Course.of(zone)
        for turn, change in enumerate(course.changes):
            day = datetime.combine(on_the_wall(change.at, zone), time())
            for wall in HALF_HOURS[turn % 4 :: 4]:
                asked = [datetime.combine(day + DAY * more, wall) for more in (-1, 0, 1)]
                due = [course.instant(each) for each in asked]
                struck = list(fires(f"{wall.minute} {wall.hour} * * *", zone, due[0] - MINUTE, due[-1] + MINUTE))
                assert struck == due, (zone, wall)


@pytest.mark.parametrize("zone", NASTY)
def test_whenever_it_is_asked_around_a_change_the_next_strike_lies_ahead(zone: str) -> None:
    course = Course.of(zone)
    for change in course.changes[:2]:
        for wall in HALF_HOURS[:8]:
            day = datetime.combine(change.at.date(), wall)
            due = sorted(course.instant(day + DAY * more) for more in range(-2, 4))
            for asked in (change.at + 10 * MINUTE * number for number in range(-12, 13)):
                assert next_fire(f"{wall.minute} {wall.hour} * * *", zone, asked) == min(at for at in due if at > asked)


def test_a_day_that_a_zone_leaves_out_strikes_on_the_first_moment_of_the_next() -> None:
    struck = next_fire("0 9 * * 5", "Pacific/Apia", datetime(2011, 12, 28, tzinfo=UTC))
    assert struck == datetime(2011, 12, 30, 10, tzinfo=UTC)
    assert next_fire("0 9 * * 5", "Pacific/Apia", struck) == datetime(2012, 1, 5, 19, tzinfo=UTC)

"""How much of a span of time lies inside somebody's opening hours, for many spans at once."""

from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from kpi.periods.instants import SECOND, midnight
from kpi.policy import Calendar

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Instants = NDArray[np.int64]

DAY = timedelta(days=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def open_microseconds(calendar: Calendar | None, starts: "Instants", ends: "Instants") -> "Instants":
    """The length of [start, end] ∩ opening hours in elapsed microseconds, 0 where the end comes first.

    starts, ends: UTC microseconds since 1970. Each day opens and closes by its own local wall time: one the clocks
    skip is the instant they change, one that comes twice is its first. No calendar is always open.
    """
    if calendar is None or not len(starts):
        return (ends - starts).clip(min=0)
    first, last = (_day(instant, calendar.timezone) for instant in (starts.min(), ends.max()))
    import numpy as np

    spans = np.array(list(_opening_hours(calendar, first, last)), dtype=np.int64).reshape(-1, 2)
    return (_open_until(spans, ends) - _open_until(spans, starts)).clip(min=0)


def next_open(calendar: Calendar, at: datetime, never_on: Collection[int] = ()) -> datetime:
    """The first instant from `at` on that lies in opening hours and on none of these weekdays (0 = Monday).

    A calendar that does not open within two years does not decide: the answer is `at`.
    """
    now = (at - EPOCH) // MICROSECOND
    first = at.astimezone(calendar.timezone).date() - DAY
    for weeks in range(104):
        start = first + 7 * weeks * DAY
        for opens, closes in _opening_hours(calendar, start, start + 6 * DAY):
            day = (EPOCH + opens * MICROSECOND).astimezone(calendar.timezone)
            if closes > now and day.weekday() not in never_on:
                return at if opens <= now else EPOCH + opens * MICROSECOND
    return at


def _day(microseconds: "np.int64", zone: ZoneInfo) -> date:
    return (EPOCH + int(microseconds) * MICROSECOND).astimezone(zone).date()


def _open_until(spans: "Instants", instants: "Instants") -> "Instants":
    """The open time before each instant; spans: ascending [open, close) rows."""
    import numpy as np

    lengths = spans[:, 1] - spans[:, 0]
    before = np.concatenate([[0], np.cumsum(lengths)])
    row = np.searchsorted(spans[:, 0], instants, side="right")
    opened, length = np.append(0, spans[:, 0])[row], np.append(0, lengths)[row]
    return before[np.maximum(row - 1, 0)] + np.where(row > 0, np.minimum(instants - opened, length), 0)


def _opening_hours(calendar: Calendar, first: date, last: date) -> Iterator[tuple[int, int]]:
    """Every [open, close) of the local days first to last, as UTC microseconds since 1970, ascending."""
    closed = calendar.closed | _holidays(calendar, first, last)
    for number in range((last - first).days + 1):
        day = first + number * DAY
        for opens, closes in () if day in closed else calendar.opening_minutes.get(day.weekday(), ()):
            yield _instant(day, opens, calendar.timezone), _instant(day, closes, calendar.timezone)


def _holidays(calendar: Calendar, first: date, last: date) -> frozenset[date]:
    if not calendar.country:
        return frozenset()
    years = range(first.year, last.year + 1)
    return frozenset().union(*(_public_holidays(calendar.country, calendar.subdivision, year) for year in years))


@cache
def _public_holidays(country: str, subdivision: str | None, year: int) -> frozenset[date]:
    from holidays import country_holidays

    return frozenset(country_holidays(country, subdiv=subdivision, years=year))


def _instant(day: date, minute: int, zone: ZoneInfo) -> int:
    """The wall time `minute` minutes into a local day, as UTC microseconds since 1970."""
    if minute in {0, 24 * 60}:
        return (midnight(day + minute // (24 * 60) * DAY, zone) - EPOCH) // MICROSECOND
    wall = datetime.combine(day, time(minute // 60, minute % 60))
    late, early = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    while late - early > SECOND:
        middle = early + (late - early) // SECOND // 2 * SECOND
        passed = middle.astimezone(zone).replace(tzinfo=None) >= wall
        early, late = (early, middle) if passed else (middle, late)
    return (late - EPOCH) // MICROSECOND

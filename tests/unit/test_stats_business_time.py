"""Time inside opening hours, against counting minute by minute."""

from datetime import UTC, date, datetime, timedelta
from time import process_time
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi.policy import Calendar
from kpi.stats.business_time import open_microseconds

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
BERLIN = ZoneInfo("Europe/Berlin")
NINE_TO_FIVE = ((9 * 60, 17 * 60),)
WEEK = dict.fromkeys(range(5), NINE_TO_FIVE)
OFFICE = Calendar(BERLIN, WEEK)
ALWAYS = dict.fromkeys(range(7), ((0, 24 * 60),))
# Clocks go forward at 2, at 0 (no midnight), at 2 by half an hour; one zone skips a whole day.
ZONES = ("Europe/Berlin", "America/Havana", "Australia/Lord_Howe", "Asia/Kolkata", "America/Sao_Paulo", "Pacific/Apia")
CHANGES = (date(2018, 11, 3), date(2026, 3, 28), date(2026, 10, 24), date(2026, 4, 4), date(2011, 12, 29))


def hours(calendar: Calendar | None, start: datetime, end: datetime) -> float:
    bounds = (np.array([(each - EPOCH) // MICROSECOND], dtype=np.int64) for each in (start, end))
    return int(open_microseconds(calendar, *bounds)[0]) / 3.6e9


def local(text: str, zone: ZoneInfo = BERLIN) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def counted(calendar: Calendar, start: datetime, minutes: int) -> int:
    """The open minutes of so many from `start` on, by a clock on the wall that is never turned back.

    An hour that comes twice has then passed at once: whatever opens or closes in it does so the first time.
    """
    walls, found = [], 0
    for number in range(-2 * 24 * 60, minutes):
        instant = start + timedelta(minutes=number)
        walls.append(instant.astimezone(calendar.timezone).replace(tzinfo=None))
        mark = max(walls[-121:])
        minute = mark.hour * 60 + mark.minute
        spans = calendar.opening_minutes.get(mark.weekday(), ()) if mark.date() not in calendar.closed else ()
        found += number >= 0 and any(opens <= minute < closes for opens, closes in spans)
    return found


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    minutes = st.lists(st.integers(0, 24 * 60), min_size=2, max_size=4, unique=True).map(sorted)
    week = {
        day: tuple(zip(times[::2], times[1::2], strict=False))
        for day, times in enumerate(draw(minutes) for _ in range(7))
    }
    days = draw(st.sets(st.sampled_from(range(7)), min_size=1))
    closed = draw(st.frozensets(st.sampled_from(CHANGES).map(lambda day: day + timedelta(days=1)), max_size=1))
    return Calendar(ZoneInfo(draw(st.sampled_from(ZONES))), {day: week[day] for day in days}, closed=closed)


@settings(deadline=None, max_examples=60)
@given(calendars(), st.sampled_from(CHANGES), st.integers(0, 48 * 60), st.integers(0, 50 * 60))
def test_the_open_time_is_what_a_clock_counts(calendar: Calendar, day: date, offset: int, minutes: int) -> None:
    start = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(minutes=offset)
    found = hours(calendar, start, start + timedelta(minutes=minutes))
    assert found * 60 == pytest.approx(counted(calendar, start, minutes), abs=1e-6)


@settings(deadline=None, max_examples=60)
@given(calendars(), st.lists(st.integers(0, 7 * 24 * 60), min_size=3, max_size=3).map(sorted), st.sampled_from(CHANGES))
def test_spans_add_up(calendar: Calendar, offsets: list[int], day: date) -> None:
    base = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(days=3)
    a, b, c = (base + timedelta(minutes=offset) for offset in offsets)
    assert hours(calendar, a, b) + hours(calendar, b, c) == pytest.approx(hours(calendar, a, c), abs=1e-9)


def test_a_weekend_and_the_evenings_do_not_count() -> None:
    assert hours(OFFICE, local("2026-01-09T16:15"), local("2026-01-12T10:30")) == pytest.approx(0.75 + 1.5)
    assert hours(OFFICE, local("2026-01-10T10:00"), local("2026-01-11T23:00")) == 0


def test_an_answer_before_the_question_took_no_time() -> None:
    assert hours(OFFICE, local("2026-01-09T16:00"), local("2026-01-09T10:00")) == 0
    assert hours(None, local("2026-01-09T16:00"), local("2026-01-09T10:00")) == 0


def test_without_a_calendar_time_simply_passes() -> None:
    assert hours(None, local("2026-03-28T12:00"), local("2026-03-29T12:00")) == 23


def test_public_holidays_are_those_of_the_country_and_its_part() -> None:
    epiphany = (local("2026-01-05T17:00"), local("2026-01-07T10:00"))
    assert hours(OFFICE, *epiphany) == 9
    assert hours(Calendar(BERLIN, WEEK, country="DE", subdivision="BE"), *epiphany) == 9
    assert hours(Calendar(BERLIN, WEEK, country="DE", subdivision="BY"), *epiphany) == 1
    new_year = (local("2025-12-31T16:00"), local("2026-01-02T10:00"))
    assert hours(Calendar(BERLIN, WEEK, country="DE"), *new_year) == 2


def test_closed_days_and_breaks_do_not_count() -> None:
    week = dict.fromkeys(range(7), ((9 * 60, 12 * 60), (13 * 60, 18 * 60)))
    calendar = Calendar(BERLIN, week, closed=frozenset({date(2015, 12, 25), date(2015, 12, 26)}))
    assert hours(calendar, local("2015-12-24T12:30"), local("2015-12-27T14:00")) == 5 + 3 + 1


def test_a_day_open_around_the_clock_is_as_long_as_it_is() -> None:
    calendar = Calendar(BERLIN, ALWAYS)
    for day, length in (("2026-03-29", 23), ("2026-10-25", 25), ("2026-06-01", 24)):
        start = local(f"{day}T00:00")
        noon_after = local(f"{day}T12:00") + timedelta(days=1)
        assert hours(calendar, start, noon_after) == length + 12
    sunday = Calendar(BERLIN, {6: ((0, 24 * 60),)})
    assert hours(sunday, local("2026-03-27T00:00"), local("2026-04-02T00:00")) == 23


def test_opening_in_a_skipped_hour_is_when_the_clocks_change() -> None:
    early = Calendar(BERLIN, {6: ((2 * 60 + 30, 4 * 60),)})
    assert hours(early, local("2026-03-28T12:00"), local("2026-03-29T12:00")) == 1


def test_in_an_hour_that_comes_twice_one_opens_and_closes_the_first_time() -> None:
    span = (local("2026-10-24T12:00"), local("2026-10-25T12:00"))
    assert hours(Calendar(BERLIN, {6: ((2 * 60 + 30, 4 * 60),)}), *span) == 2.5
    assert hours(Calendar(BERLIN, {6: ((1 * 60, 2 * 60 + 30),)}), *span) == 1.5


def test_a_calendar_that_never_opens_measures_nothing() -> None:
    assert hours(Calendar(BERLIN, {}), local("2026-01-01T00:00"), local("2026-02-01T00:00")) == 0


def test_no_spans_give_no_lengths() -> None:
    empty = np.array([], dtype=np.int64)
    assert open_microseconds(OFFICE, empty, empty).shape == (0,)
    assert open_microseconds(None, empty, empty).dtype == np.int64


def test_a_hundred_thousand_episodes_of_two_years_are_quick() -> None:
    rng = np.random.default_rng(1)
    starts = 1_700_000_000_000_000 + rng.integers(0, 2 * 365 * 86_400 * 10**6, 100_000)
    calendar = Calendar(BERLIN, WEEK, country="DE", subdivision="BE")
    open_microseconds(calendar, starts[:1], starts[:1])  # the first call imports the holidays
    began = process_time()
    found = open_microseconds(calendar, starts, starts + rng.integers(0, 10**12, 100_000))
    assert process_time() - began < 0.5
    assert found.dtype == np.int64
    assert (found >= 0).all()

"""Periods tile the calendar, and each has one comparable earlier period."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi.periods import Period, parse, previous, spoken
from kpi.periods.period import KINDS, Calendar, label, shift

DAY = timedelta(days=1)
LATER = datetime(2100, 1, 1, 12, tzinfo=UTC)
days = st.dates(date(1901, 1, 1), date(2099, 12, 31))
kinds = st.sampled_from(sorted(KINDS))
first_months = st.integers(1, 12)


def named(words: str, today: date = date(2099, 12, 31), fiscal: int = 1) -> Period:
    as_of = datetime(today.year, today.month, today.day, 12, tzinfo=UTC)
    return parse(words, as_of=as_of, zone=ZoneInfo("UTC"), fiscal_year_start=fiscal)


@settings(deadline=None)
@given(days, kinds, first_months)
def test_every_day_lies_in_exactly_one_unit_and_units_follow_without_a_gap(day: date, kind: str, first: int) -> None:
    start = Calendar(day, first).current(kind)
    end = shift(start, kind, 1)
    assert start <= day < end
    assert Calendar(end, first).current(kind) == end
    assert Calendar(end - DAY, first).current(kind) == start
    assert shift(end, kind, -1) == start


@settings(deadline=None)
@given(days, st.sampled_from(["", "fiscal "]), first_months)
def test_quarters_tile_halves_and_halves_tile_the_year(day: date, fiscal: str, first: int) -> None:
    calendar = Calendar(day, first)
    year = calendar.current(f"{fiscal}year")
    quarters = [shift(year, f"{fiscal}quarter", i) for i in range(5)]
    halves = [shift(year, f"{fiscal}half", i) for i in range(3)]
    assert quarters[::2] == halves
    assert halves[2] == shift(year, f"{fiscal}year", 1)
    assert [shift(year, "month", 3 * i) for i in range(5)] == quarters


@settings(deadline=None)
@given(days, kinds, first_months)
def test_a_key_parses_back_to_the_same_days(day: date, kind: str, first: int) -> None:
    start = Calendar(day, first).current(kind)
    key = label(kind, start, first if KINDS[kind].fiscal else 1)
    found = parse(key, as_of=LATER, zone=ZoneInfo("UTC"), fiscal_year_start=first)
    assert (found.key, found.start, found.end) == (key, start, shift(start, kind, 1))


@settings(deadline=None)
@given(days, kinds, first_months)
def test_before_a_complete_unit_comes_the_unit_before_it(day: date, kind: str, first: int) -> None:
    calendar = Calendar(date(2102, 1, 1), first)
    period = calendar.unit(kind, Calendar(day, first).current(kind))
    earlier = previous(period, calendar.today)
    assert earlier.end == period.start
    assert earlier == calendar.unit(kind, earlier.start)


@settings(deadline=None)
@given(days, kinds, first_months)
def test_an_open_unit_is_compared_with_as_many_days_of_the_one_before(day: date, kind: str, first: int) -> None:
    calendar = Calendar(day, first)
    period = calendar.unit(kind, calendar.current(kind))
    earlier = previous(period, day)
    passed = (day - period.start).days + 1
    assert not period.complete
    assert earlier.start == shift(period.start, kind, -1)
    assert (earlier.end - earlier.start).days == min(passed, (period.start - earlier.start).days)
    again = parse(earlier.key, as_of=LATER, zone=ZoneInfo("UTC"), fiscal_year_start=first)
    assert (again.start, again.end) == (earlier.start, earlier.end)


@settings(deadline=None)
@given(days, st.integers(1, 3660))
def test_the_last_n_days_end_with_today_and_follow_the_n_days_before(day: date, n: int) -> None:
    period = named(f"last {n} days", day)
    earlier = previous(period, day)
    assert (period.start, period.end, period.complete) == (day - (n - 1) * DAY, day + DAY, False)
    assert (earlier.start, earlier.end) == (period.start - n * DAY, period.start)


@settings(deadline=None)
@given(days)
def test_an_iso_week_has_seven_days_and_its_thursday_decides_the_year(day: date) -> None:
    week = named(f"{day.isocalendar().year}-W{day.isocalendar().week:02}")
    assert week.end - week.start == 7 * DAY
    assert week.start.weekday() == 0
    assert int(week.key[:4]) == (week.start + 3 * DAY).year


def test_the_53rd_week_is_followed_by_the_first() -> None:
    assert previous(named("2021-W01"), date(2026, 1, 1)).key == "2020-W53"
    assert (named("2020-W53").start, named("2020-W53").end) == (date(2020, 12, 28), date(2021, 1, 4))


def test_a_fiscal_year_bears_the_year_it_ends_in() -> None:
    fy = named("FY2026", fiscal=4)
    assert (fy.start, fy.end) == (date(2025, 4, 1), date(2026, 4, 1))
    assert (named("FY2026-Q4", fiscal=4).start, named("FY2026-H2", fiscal=4).start) == (
        date(2026, 1, 1),
        date(2025, 10, 1),
    )
    assert named("2026-Q1", fiscal=4).start == date(2026, 1, 1)
    assert named("FY2026", fiscal=1).start == date(2026, 1, 1)


def test_the_last_twelve_months_are_complete_and_compared_with_the_twelve_before() -> None:
    period = named("last 12 months", date(2026, 3, 31))
    earlier = previous(period, date(2026, 3, 31))
    assert (period.start, period.end, period.complete) == (date(2025, 3, 1), date(2026, 3, 1), True)
    assert (earlier.start, earlier.end) == (date(2024, 3, 1), date(2025, 3, 1))


def test_march_to_date_never_reaches_past_the_end_of_february() -> None:
    march = named("2026-03", date(2026, 3, 30))
    assert previous(march, date(2026, 3, 30)).key == "2026-02"
    leap = named("2028-03", date(2028, 3, 29))
    assert previous(leap, date(2028, 3, 29)).end == date(2028, 3, 1)


@pytest.mark.parametrize(("today", "open_until"), [((2026, 9, 12), (2026, 9, 13)), ((2026, 9, 30), (2026, 10, 1))])
def test_an_open_period_ends_after_the_day_of_as_of(
    today: tuple[int, int, int], open_until: tuple[int, int, int]
) -> None:
    september = named("2026-09", date(*today))
    assert not september.complete
    assert september.effective_end(date(*today)) == date(*open_until)
    assert september.end == date(2026, 10, 1)


def test_a_period_is_complete_from_the_midnight_it_ends_on() -> None:
    assert named("2026-09", date(2026, 10, 1)).complete


def test_days_are_spoken_as_people_write_them() -> None:
    assert spoken(date(2026, 1, 1)) == "1 January 2026"

"""The windows after a change, and what a change may be called."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.errors import KpiError
from kpi.model import Scope
from kpi.periods import parse, previous
from kpi.services.impact_checks import Check, Impact, Marker, change_day, change_words, months_after, windows
from tests.builders import BERLIN

TODAY = date(2026, 10, 5)
DAYS = st.dates(date(2016, 1, 1), date(2026, 10, 5))


@pytest.mark.parametrize(
    ("day", "ends"),
    [
        ("2026-05-01", ["2026-06-01", "2026-08-01"]),
        ("2026-01-31", ["2026-02-28", "2026-04-30"]),
        ("2024-01-30", ["2024-02-29", "2024-04-30"]),
        ("2025-11-30", ["2025-12-30", "2026-02-28"]),
        ("2024-02-29", ["2024-03-29", "2024-05-29"]),
    ],
)
def test_windows_end_on_the_same_day_of_the_month_or_its_last(day: str, ends: list[str]) -> None:
    assert [f"{window.end}" for window in windows(date.fromisoformat(day), TODAY)] == ends


@given(DAYS, st.integers(-130, 130))
def test_months_later_is_the_month_meant_and_never_a_later_day_of_it(day: date, months: int) -> None:
    found = months_after(day, months)
    assert (found.year - day.year) * 12 + found.month - day.month == months
    assert found.day == day.day or (found.day < day.day and (found + timedelta(days=1)).day == 1)


@given(DAYS, DAYS)
def test_what_is_looked_at_has_as_many_days_right_before_the_change(day: date, today: date) -> None:
    day, today = sorted((day, today))
    as_of = datetime(today.year, today.month, today.day, 12, tzinfo=UTC)
    for window in windows(day, today):
        period = parse(window.elapsed, as_of=as_of, zone=BERLIN)
        before = previous(period, today)
        assert (period.start, period.complete) == (day, window.complete)
        assert period.end == min(window.end, today + timedelta(days=1))
        assert before.end == day
        assert (before.end - before.start).days == (period.end - period.start).days == window.elapsed_days
        if window.complete:
            assert window.elapsed == window.key


@pytest.mark.parametrize(
    "text", ["", "soon", "1.5.2026", "2026-5-1", "2026-02-30", "20260501", "2026-05-01T00:00", "٢٠٢٦-05-01"]
)
def test_what_is_no_day_is_told_how_to_write_one(text: str) -> None:
    with pytest.raises(KpiError, match=r"is not a day in the calendar; write the day of the change like 2026-05-01\."):
        change_day(text, TODAY)


def test_a_change_lies_between_ten_years_ago_and_today() -> None:
    assert change_day("2026-10-05", TODAY) == TODAY
    assert change_day("2016-10-05", TODAY) == date(2016, 10, 5)
    with pytest.raises(KpiError, match="6 October 2026 is to come: what a change came to can be asked from its day on"):
        change_day("2026-10-06", TODAY)
    with pytest.raises(KpiError, match="4 October 2016 is more than 10 years back"):
        change_day("2016-10-04", TODAY)


@pytest.mark.parametrize("what", ["", " \n ", "x" * 201, "new\0portal", "new \x1b[31mportal"])
def test_a_change_needs_words_that_can_be_shown(what: str) -> None:
    with pytest.raises(KpiError, match="Say what changed in 1 to 200 characters"):
        change_words(what)


def test_spaces_do_not_make_another_change() -> None:
    assert change_words("  new\n portal ") == "new portal"


@pytest.mark.parametrize(
    ("today", "kept", "state"),
    [
        ("2026-05-31", (0, 0), "open"),
        ("2026-06-01", (1, 0), "due"),
        ("2026-06-01", (2, 0), "open"),
        ("2026-08-01", (2, 1), "due"),
        ("2026-08-01", (2, 2), "done"),
    ],
)
def test_a_marker_is_due_while_a_closed_window_lacks_a_result(today: str, kept: tuple[int, int], state: str) -> None:
    seen = windows(date(2026, 5, 1), date.fromisoformat(today))
    checks = tuple(Check(window, ({},) * count) for window, count in zip(seen, kept, strict=True))
    impact = Impact("portal", date(2026, 5, 1), Scope(), ("csat", "nps"), checks)
    assert Marker(1, "U0ANNA", datetime(2026, 5, 1, tzinfo=UTC), impact).state == state

"""What people type for a period, and what they hear when it is none."""

from contextlib import suppress
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi.errors import KpiError, UnknownWord
from kpi.periods import Period, parse

BERLIN = ZoneInfo("Europe/Berlin")
SUNDAY = datetime(2026, 9, 12, 22, 30, tzinfo=UTC)
"""Half past midnight on Sunday, 13 September 2026, in Berlin."""


def said(words: str) -> Period:
    return parse(words, as_of=SUNDAY, zone=BERLIN, fiscal_year_start=4)


@pytest.mark.parametrize(
    ("words", "start", "end"),
    [
        ("2026-09", "2026-09-01", "2026-10-01"),
        ("2026-9", "2026-09-01", "2026-10-01"),
        ("2026-Q3", "2026-07-01", "2026-10-01"),
        ("q3 2026", "2026-07-01", "2026-10-01"),
        ("Q1", "2026-01-01", "2026-04-01"),
        ("q4", "2025-10-01", "2026-01-01"),
        ("h1", "2026-01-01", "2026-07-01"),
        ("2026-H1", "2026-01-01", "2026-07-01"),
        ("2026", "2026-01-01", "2027-01-01"),
        ("2026-W37", "2026-09-07", "2026-09-14"),
        ("FY2026-Q1", "2025-04-01", "2025-07-01"),
        ("fy2026", "2025-04-01", "2026-04-01"),
        ("FY2026-H2", "2025-10-01", "2026-04-01"),
        ("2026-02-28", "2026-02-28", "2026-03-01"),
        ("2024-02-29", "2024-02-29", "2024-03-01"),
        ("2026-08-01..2026-08-20", "2026-08-01", "2026-08-21"),
        ("today", "2026-09-13", "2026-09-14"),
        ("Yesterday", "2026-09-12", "2026-09-13"),
        ("this week", "2026-09-07", "2026-09-14"),
        ("  THIS   month ", "2026-09-01", "2026-10-01"),
        ("this quarter", "2026-07-01", "2026-10-01"),
        ("this half", "2026-07-01", "2027-01-01"),
        ("this half-year", "2026-07-01", "2027-01-01"),
        ("this year", "2026-01-01", "2027-01-01"),
        ("this fiscal year", "2026-04-01", "2027-04-01"),
        ("this fiscal quarter", "2026-07-01", "2026-10-01"),
        ("this fiscal half", "2026-04-01", "2026-10-01"),
        ("last week", "2026-08-31", "2026-09-07"),
        ("last month", "2026-08-01", "2026-09-01"),
        ("last quarter", "2026-04-01", "2026-07-01"),
        ("last half", "2026-01-01", "2026-07-01"),
        ("last year", "2025-01-01", "2026-01-01"),
        ("last fiscal year", "2025-04-01", "2026-04-01"),
        ("last fiscal quarter", "2026-04-01", "2026-07-01"),
        ("last 90 days", "2026-06-16", "2026-09-14"),
        ("last 12 months", "2025-09-01", "2026-09-01"),
        ("last 12 complete months", "2025-09-01", "2026-09-01"),
        ("last 4 weeks", "2026-08-10", "2026-09-07"),
        ("september", "2026-09-01", "2026-10-01"),
        ("December", "2025-12-01", "2026-01-01"),
        ("sep 2025", "2025-09-01", "2025-10-01"),
        ("May 2026", "2026-05-01", "2026-06-01"),
    ],
)
def test_words_name_local_days(words: str, start: str, end: str) -> None:
    period = said(words)
    assert (period.start.isoformat(), period.end.isoformat()) == (start, end)
    assert period.complete == (period.end <= date(2026, 9, 13))


@pytest.mark.parametrize("words", ["this month", "last 90 days", "last 12 months", "fy2027", "last 1 day", "sept"])
def test_the_key_means_the_same_period_again(words: str) -> None:
    assert said(said(words).key) == said(words)


@pytest.mark.parametrize(
    ("words", "nearest"),
    [
        ("lst month", "last month"),
        ("yesterdy", "yesterday"),
        ("this quater", "this quarter"),
        ("setember", "september"),
    ],
)
def test_a_slip_gets_the_nearest_known_words(words: str, nearest: str) -> None:
    with pytest.raises(UnknownWord, match="Did you mean") as slip:
        said(words)
    assert slip.value.nearest[0] == nearest


@pytest.mark.parametrize("words", ["", "foo", "2026--09", "٢٠٢٦", "last days", "0", "90 days", "2026-09-1"])
def test_what_is_no_period_is_said_to_be_none(words: str) -> None:
    with pytest.raises(UnknownWord, match="is not a period I know"):
        said(words)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("2026-13", "no month 13"),
        ("2026-00", "no month 00"),
        ("2026-W54", "no week 54; its weeks run from W01 to W53"),
        ("2025-W53", "run from W01 to W52"),
        ("2026-W00", "no week 00"),
        ("2026-Q5", "no quarter 5"),
        ("2026-H0", "no half 0"),
        ("FY2026-Q7", "no fiscal quarter 7"),
        ("0000", "out of reach"),
        ("FY0000", "out of reach"),
        ("0000-W01", "out of reach"),
        ("9999-12-31", "out of reach"),
        ("2026-02-30", "no day 2026-02-30"),
        ("2026-08-20..2026-08-01", "1 to 3660 days"),
        ("1950-01-01..2026-08-01", "1 to 3660 days"),
        ("last 0 days", "ask for 1 to 3660"),
        ("last 99999 days", "ask for 1 to 3660"),
        ("last 121 months", "ask for 1 to 120"),
        ("2026-W40", "has not begun yet: it starts on 28 September 2026"),
        ("2027", "has not begun yet"),
        ("2026-09-14", "has not begun yet"),
        ("FY2028", "has not begun yet: it starts on 1 April 2027"),
    ],
)
def test_a_period_that_cannot_be_is_explained(words: str, says: str) -> None:
    with pytest.raises(KpiError, match=says):
        said(words)


@settings(deadline=None)
@given(st.text(max_size=40) | st.from_regex(r"(fy)?[0-9]{4}[- ]?[qhw]?[0-9]{0,3}", fullmatch=True))
def test_whatever_is_typed_is_a_period_or_a_sentence(words: str) -> None:
    with suppress(KpiError):
        period = said(words)
        assert period.start < period.end
        assert period.start <= date(2026, 9, 13)

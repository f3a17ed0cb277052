"""Numbers, days and periods as people read them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from bot.blocks.reader import Reader
from kpi.model import PeriodRef
from tests.builders import BERLIN

EN, DE, BR = Reader("en", BERLIN), Reader("de", BERLIN), Reader("pt-BR", BERLIN)
NBSP = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("value", "unit", "english", "german"),
    [
        (84.25, "percent", "84.2%", f"84,2{NBSP}%"),
        (100, "percent", "100%", f"100{NBSP}%"),
        (0.0, "percent", "0%", f"0{NBSP}%"),
        (-0.04, "points", "0", "0"),
        (-12.5, "points", "-12.5", "-12,5"),
        (1234.56, "points", "1,234.6", "1.234,6"),
        (3.25, "hours", "3.2 h", "3,2 h"),
    ],
)
def test_a_value_has_at_most_one_decimal_and_the_marks_of_the_language(
    value: float, unit: str, english: str, german: str
) -> None:
    assert (EN.amount(value, unit), DE.amount(value, unit)) == (english, german)


@pytest.mark.parametrize(
    ("key", "spoken"),
    [
        ("2026-Q3", "Q3 2026"),
        ("FY2026-H1", "H1 FY2026"),
        ("2026", "2026"),
        ("FY2026", "FY2026"),
        ("2026-09", "September 2026"),
        ("2026-W05", "week 5 of 2026"),
        ("2026-09-05", "Sep 5, 2026"),
        ("2026-09-01..2026-10-02", "Sep 1 – Oct 2, 2026"),
        ("last 90 days", "the last 90 days"),
    ],
)
def test_a_period_is_named_as_people_name_it(key: str, spoken: str) -> None:
    assert EN.spoken(key).replace("\N{THIN SPACE}", " ") == spoken


@pytest.mark.parametrize(
    ("key", "days", "complete", "words"),
    [
        ("2026-Q3", 92, True, "in Q3 2026"),
        ("2026-Q4", 92, False, "in Q4 2026 to date"),
        ("last 90 days", 90, False, "in the last 90 days"),
        ("last 12 months", 365, True, "in the last 12 months"),
        ("2026-09-05", 1, True, "on Sep 5, 2026"),
        ("2026-09-05", 1, False, "on Sep 5, 2026 to date"),
    ],
)
def test_an_open_period_is_called_to_date(key: str, days: int, words: str, complete: bool) -> None:
    start = date(2026, 9, 5)
    assert EN.within(PeriodRef(key, start, start + timedelta(days=days), complete)) == words


def test_what_came_before_a_rolling_period_is_the_time_before_it() -> None:
    rolling = PeriodRef("last 90 days", date(2026, 7, 8), date(2026, 10, 6), complete=False)
    quarter = PeriodRef("2026-Q3", date(2026, 7, 1), date(2026, 10, 1), complete=True)
    assert EN.before(rolling, "2026-04-09..2026-07-07") == "the 90 days before"
    assert EN.before(quarter, "2026-Q2") == "Q2 2026"


def test_an_instant_is_told_in_the_workspaces_zone() -> None:
    at = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert EN.instant(at) == "Oct 25, 2026, 02:30 CEST"
    assert EN.instant(at + timedelta(hours=1)) == "Oct 25, 2026, 02:30 CET"


def test_a_language_of_a_region_is_understood() -> None:
    assert BR.percent(84.2) == "84,2%"
    assert BR.day(date(2026, 10, 5)) == "5 de out. de 2026"
    assert "outubro" in BR.spoken("2026-10")


@pytest.mark.parametrize(
    ("language", "amount", "currency", "read"),
    [
        ("en", "4500", "EUR", "4,500.00 EUR"),
        ("de", "4500.5", "EUR", "4.500,50 EUR"),
        ("en", "5000", "JPY", "5,000 JPY"),
        ("en", "1.234", "KWD", "1.234 KWD"),
    ],
)
def test_money_is_read_with_its_currency_and_its_decimals(language: str, amount: str, currency: str, read: str) -> None:
    assert Reader(language, BERLIN).money(Decimal(amount), currency).replace(NBSP, " ") == read


@pytest.mark.parametrize(
    ("language", "code", "read"),
    [
        ("en", "de", "German (de)"),
        ("de", "de", "Deutsch (de)"),
        ("en", "pt-BR", "Portuguese (Brazil) (pt-BR)"),
        ("en", "tlh", "tlh"),
        ("en", "xx-nowhere", "xx-nowhere"),
    ],
)
def test_a_language_is_called_by_its_name_where_it_has_one(language: str, code: str, read: str) -> None:
    assert Reader(language, BERLIN).tongue(code) == read

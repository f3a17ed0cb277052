"""A KPI's figures with their units, as people read them."""

from math import inf

import pytest

from bot.blocks import units
from bot.blocks.reader import Reader
from tests.builders import BERLIN

EUROS, YEN, DE, NOBODYS = (
    Reader("en", BERLIN, "EUR"),
    Reader("en", BERLIN, "JPY"),
    Reader("de", BERLIN, "EUR"),
    Reader("en", BERLIN),
)
NBSP = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("value", "unit", "read"),
    [
        (13.84, "per 30 days", "13.8 touch days per 30 days"),
        (62.06, "score", "62.1 of 100"),
        (29.0, "days", "29 days"),
        (7, "count", "7"),
        (4.5, "widgets", "4.5 widgets"),
    ],
)
def test_a_value_is_followed_by_its_unit_whatever_that_is(value: float, unit: str, read: str) -> None:
    assert EUROS.amount(value, unit) == read


@pytest.mark.parametrize(
    ("reader", "value", "read"),
    [
        (EUROS, 254864.4, "€254,864"),
        (EUROS, 12.5, "€12.50"),
        (EUROS, 999.994, "€999.99"),
        (EUROS, 999.999, "€1,000"),
        (EUROS, -20178.5, "-€20,178"),
        (EUROS, -0.001, "€0.00"),
        (YEN, 254.6, "¥255"),
        (DE, 254864.4, f"254.864{NBSP}€"),
        (DE, 12.5, f"12,50{NBSP}€"),
        (NOBODYS, 1234.56, "1,234.6"),
    ],
)
def test_money_has_its_currency_and_no_decimals_from_a_thousand_on(reader: Reader, value: float, read: str) -> None:
    assert reader.amount(value, "money") == read


@pytest.mark.parametrize(
    ("low", "high", "unit", "read"),
    [
        (72.6, 91.5, "percent", "72.6% to 91.5%"),
        (13, 14.1, "per 30 days", "13 to 14.1 touch days per 30 days"),
        (1.2, 1.5, "hours", "1.2 h to 1.5 h"),
        (593.8, 64612.5, "money", "€594 to €64,612"),
        (1.2, 3.4, "money", "€1.20 to €3.40"),
        (3.2, inf, "hours", "at least 3.2 h"),
        (68.5, inf, "score", "at least 68.5 of 100"),
    ],
)
def test_an_interval_says_its_unit_once_or_is_at_least_so_much(low: float, high: float, unit: str, read: str) -> None:
    assert EUROS.span(low, high, unit) == read


@pytest.mark.parametrize(
    ("size", "unit", "read"),
    [
        (3.0, "percent", "3 points"),
        (1.04, "points", "1 point"),
        (1.0, "hours", "1 hour"),
        (5.1, "score", "5.1 points"),
        (29308.5, "money", "€29,308"),
        (1.0, "per 30 days", "1 touch day"),
        (5.1, "per 30 days", "5.1 touch days"),
        (2.0, "widgets", "2 widgets"),
    ],
)
def test_a_change_is_counted_in_words_and_never_ends_in_a_stray_letter(size: float, unit: str, read: str) -> None:
    assert units.moved(EUROS, size, unit) == read


@pytest.mark.parametrize(
    ("low", "high", "unit", "read"),
    [
        (-20178.5, 40771.1, "money", "between -€20,178 and €40,771"),
        (-6.0, -4.2, "per 30 days", "between -6 and -4.2 touch days"),
        (-4.6, 24.9, "percent", "between -4.6 and 24.9 points"),
        (2.0, None, "hours", "at least 2 hours"),
        (None, -1.0, "hours", "at most -1 hour"),
        (None, None, "hours", None),
    ],
)
def test_a_change_that_is_not_sure_lies_between_two_figures_or_on_one_side(
    low: float | None, high: float | None, unit: str, read: str | None
) -> None:
    assert units.move_between(EUROS, low, high, unit) == read

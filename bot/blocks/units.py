"""A KPI's figures with their units, as people read them: values, their spans, and how far they moved."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from math import isfinite
from typing import TYPE_CHECKING

from babel import Locale, numbers

if TYPE_CHECKING:
    from bot.blocks.reader import Reader

_WHOLE_FROM = 1000
_SUFFIXES: Mapping[str, str] = {
    "points": "",
    "number": "",
    "count": "",
    "hours": " h",
    "days": " days",
    "score": " of 100",
    "per 30 days": " touch days per 30 days",
}
_MOVES: Mapping[str, tuple[str, str]] = {
    "percent": ("point", "points"),
    "points": ("point", "points"),
    "score": ("point", "points"),
    "hours": ("hour", "hours"),
    "days": ("day", "days"),
    "per 30 days": ("touch day", "touch days"),
}
"""What a change is counted in, one and several. A unit that is not listed stands for itself."""


def amount(reader: Reader, value: float, unit: str) -> str:
    """84.2%, 3.2 h, €254,864, 62.1 of 100; points stand for themselves."""
    if unit == "percent":
        return reader.percent(value)
    return money(reader, value) if unit == "money" else f"{reader.number(value)}{_suffix(unit)}"


def span(reader: Reader, low: float, high: float, unit: str) -> str:
    """From low to high, the unit once where it stands behind; without a high end: at least so much."""
    if not isfinite(high):
        return f"at least {amount(reader, low, unit)}"
    if unit == "money":
        return " to ".join(_alike(reader, low, high))
    if unit in ("percent", "hours"):
        return f"{amount(reader, low, unit)} to {amount(reader, high, unit)}"
    return f"{reader.number(low)} to {amount(reader, high, unit)}"


def moved(reader: Reader, size: float, unit: str) -> str:
    """How far something moved: 3 points, 1 hour, €12,345."""
    if unit == "money":
        return money(reader, size)
    return f"{reader.number(size)} {_noun(unit, abs(round(size, 1)) == 1)}".rstrip()


def move_between(reader: Reader, low: float | None, high: float | None, unit: str) -> str | None:
    """Where a move lies: between -3 and 4.5 points; at least 2 hours; None where nothing is known."""
    if low is not None and high is not None:
        if unit == "money":
            return f"between {' and '.join(_alike(reader, low, high))}"
        return f"between {reader.number(low)} and {reader.number(high)} {_noun(unit, False)}".rstrip()
    if low is not None:
        return f"at least {moved(reader, low, unit)}"
    return None if high is None else f"at most {moved(reader, high, unit)}"


def money(reader: Reader, value: float, largest: float = 0.0) -> str:
    """In the workspace's currency; whole units from 1,000 on, or where it stands beside a `largest` of that size.

    A plain number where nobody said which currency.
    """
    if not reader.currency:
        return reader.number(value)
    digits = numbers.get_currency_precision(reader.currency)
    rounded = round(value, digits) or 0.0
    whole = not digits or max(abs(rounded), largest) >= _WHOLE_FROM
    standard = Locale.parse(reader.locale).currency_formats["standard"].pattern
    pattern = re.sub(r"\.0+", "" if whole else f".{'0' * digits}", standard)
    shown = Decimal(str(round(value) if whole else rounded))
    return numbers.format_currency(shown, reader.currency, pattern, locale=reader.locale, currency_digits=False)


def _alike(reader: Reader, *values: float) -> list[str]:
    largest = max(map(abs, values))
    return [money(reader, value, largest) for value in values]


def _suffix(unit: str) -> str:
    return _SUFFIXES.get(unit, f" {unit}")


def _noun(unit: str, one: bool) -> str:
    return _MOVES.get(unit, (unit, unit))[0 if one else 1]

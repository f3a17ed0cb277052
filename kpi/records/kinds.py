"""The kinds of value a cell holds: each reads text into the one spelling the database takes, or says what it wants."""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from babel.numbers import list_currencies

from kpi.records import at_once
from kpi.records.at_once import ReadAll, storable

LONGEST_KEY = 255
LONGEST_TEXT = 10_000
_YEARS = range(1970, 2200)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_INSTANT = re.compile(
    r"(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,6})?)?) ?(Z|[+-]\d{2}(?::?\d{2})?)?", re.I | re.ASCII
)
_SPREADSHEET_DAY = re.compile(
    r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}( .*)?|\d{5}(\.\d+)?|\d{1,2}[-. ]{1,2}[^\W\d_]{3,9}\.?[- ]\d{2,4}( .*)?"
)
_AMOUNT = re.compile(r"\d{1,13}(\.\d{1,4})?", re.ASCII)
_UNPRINTABLE = re.compile(r"[\0-\x1f\x7f]")
_FLAGS = {"true": "true", "yes": "true", "1": "true", "false": "false", "no": "false", "0": "false"}


class Misread(ValueError):
    """A cell that cannot be taken: `expected` ends a sentence; `from_spreadsheet` when a spreadsheet rewrote it."""

    def __init__(self, expected: str, *, from_spreadsheet: bool = False) -> None:
        super().__init__(expected)
        self.expected = expected
        self.from_spreadsheet = from_spreadsheet


Read = Callable[[str, ZoneInfo], str]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of value. `read(cell, zone)` answers its one canonical spelling; `zone` is where times without an offset
    belong. `sql` is the PostgreSQL type of a column of it, `schema` its JSON Schema; `read_all` reads many at once."""

    name: str
    read: Read
    sql: str
    schema: Mapping[str, Any] = field(default_factory=dict)
    read_all: ReadAll | None = None


def _key(cell: str, _zone: ZoneInfo) -> str:
    if len(cell) > LONGEST_KEY or _UNPRINTABLE.search(cell) or not storable(cell):
        raise Misread(f"expected at most {LONGEST_KEY} characters, without line ends or control characters")
    return cell


def _text(cell: str, _zone: ZoneInfo) -> str:
    if len(cell) > LONGEST_TEXT or "\0" in cell or not storable(cell):
        raise Misread(f"expected at most {LONGEST_TEXT:,} characters of text")
    return cell


def _day(cell: str, _zone: ZoneInfo) -> str:
    expected = "expected a day like 2026-09-30"
    if not _DAY.fullmatch(cell):
        raise Misread(expected, from_spreadsheet=_SPREADSHEET_DAY.fullmatch(cell) is not None)
    try:
        found = date.fromisoformat(cell)
    except ValueError:
        raise Misread(f"that day is not in the calendar; {expected}") from None
    return _sensible(found, cell)


def _instant(cell: str, zone: ZoneInfo) -> str:
    expected = "expected an instant like 2026-09-30T14:05:00+02:00"
    if _DAY.fullmatch(cell):
        local = datetime.combine(date.fromisoformat(_day(cell, zone)), time(), zone)
        return local.astimezone(UTC).isoformat()
    parts = _INSTANT.fullmatch(cell)
    if parts is None:
        raise Misread(expected, from_spreadsheet=_SPREADSHEET_DAY.fullmatch(cell) is not None)
    day, time_of_day, offset = parts.groups("")
    try:
        found = datetime.fromisoformat(f"{day}T{time_of_day.replace(',', '.')}{offset.upper()}")
    except ValueError:
        raise Misread(f"that instant is not in the calendar; {expected}") from None
    _sensible(found, cell)
    return (found if found.tzinfo else _placed(found, zone)).astimezone(UTC).isoformat()


def _placed(local: datetime, zone: ZoneInfo) -> datetime:
    """A local time of the workspace; of two with the same name the earlier."""
    placed = local.replace(tzinfo=zone)
    if placed.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != local:
        raise Misread(f"the clocks in {zone.key} skipped that time; add its offset, like 2026-09-30T14:05:00+02:00")
    return placed


def _sensible(found: date, cell: str) -> str:
    if found.year not in _YEARS:
        raise Misread(f"expected a year from {_YEARS.start} to {_YEARS.stop - 1}")
    return cell


def _amount(cell: str, _zone: ZoneInfo) -> str:
    if not _AMOUNT.fullmatch(cell):
        raise Misread("expected an amount in major units with a point, like 1250.00")
    return cell


def _number(cell: str, _zone: ZoneInfo) -> str:
    try:
        found = float(cell)
    except ValueError:
        found = math.nan
    if not math.isfinite(found) or "_" in cell:
        raise Misread("expected a number with a point, like 12.5")
    return repr(found)


def _flag(cell: str, _zone: ZoneInfo) -> str:
    if cell.lower() not in _FLAGS:
        raise Misread("expected yes or no")
    return _FLAGS[cell.lower()]


def _currency(cell: str, _zone: ZoneInfo) -> str:
    if cell.upper() not in list_currencies():
        raise Misread("expected an ISO 4217 code like EUR")
    return cell.upper()


def _zone_name(cell: str, _zone: ZoneInfo) -> str:
    if cell not in _zones():
        raise Misread("expected an IANA zone like Europe/Berlin")
    return cell


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _word(cell: str, zone: ZoneInfo) -> str:
    found = "_".join(_key(cell, zone).lower().replace("-", " ").split())
    if not found:
        raise Misread("expected a word")
    return found


def whole(lowest: int, highest: int) -> Kind:
    """Whole numbers from `lowest` to `highest`."""

    def read(cell: str, _zone: ZoneInfo) -> str:
        if not (cell.isascii() and cell.isdigit() and len(cell) < 19 and lowest <= int(cell) <= highest):
            raise Misread(f"expected a whole number from {lowest} to {highest:,}")
        return str(int(cell))

    return Kind("whole number", read, "bigint", {"type": "integer", "minimum": lowest, "maximum": highest})


def one_of(*words: str) -> Kind:
    """One of these words, however it is capitalised."""

    def read(cell: str, zone: ZoneInfo) -> str:
        found = _word(cell, zone)
        if found not in words:
            raise Misread(f"expected one of {', '.join(words)}")
        return found

    return Kind("word", read, "text", {"type": "string", "enum": list(words)})


def like(pattern: str, expected: str) -> Kind:
    """Text of a form."""
    form = re.compile(pattern)

    def read(cell: str, _zone: ZoneInfo) -> str:
        if not form.fullmatch(cell) or not storable(cell):
            raise Misread(f"expected {expected}")
        return cell

    return Kind("text", read, "text", {"type": "string"})


KEY = Kind("key", _key, "text", {"type": "string", "maxLength": LONGEST_KEY}, at_once.line_of(LONGEST_KEY))
TEXT = Kind("text", _text, "text", {"type": "string", "maxLength": LONGEST_TEXT}, at_once.text_of(LONGEST_TEXT))
WORD = Kind("word", _word, "text", {"type": "string", "maxLength": LONGEST_KEY})
DAY = Kind("day", _day, "date", {"type": "string", "format": "date"})
INSTANT = Kind("instant", _instant, "timestamptz", {"type": "string", "format": "date-time"}, at_once.instants)
AMOUNT = Kind("amount", _amount, "numeric", {"type": ["string", "number"], "minimum": 0})
NUMBER = Kind("number", _number, "double precision", {"type": "number"}, at_once.numbers)
COUNT = whole(0, 1_000_000_000)
FLAG = Kind("yes or no", _flag, "boolean", {"type": "boolean"})
CURRENCY = Kind("currency", _currency, "text", {"type": "string", "pattern": "^[A-Z]{3}$"})
ZONE = Kind("zone", _zone_name, "text", {"type": "string"})
LANGUAGE = like(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,4}", "a language like en or pt-BR")
EMAIL = like(r"[^@\s,;<>\"\x00-\x1f]{1,64}@[^@\s,;<>\"\x00-\x1f]{1,190}", "an e-mail address")
SLACK_USER = like(r"[UW][A-Z0-9]{2,30}", "a Slack user id like U0123ABCD")
SLACK_TEAM = like(r"[TE][A-Z0-9]{2,30}", "a Slack team id like T0123ABCD")
SLACK_CHANNEL = like(r"[CG][A-Z0-9]{2,30}", "a Slack channel id like C0123ABCD")

"""The kinds of value an operator writes, and what is said when one does not hold."""

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated, Any
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale, UnknownLocaleError
from babel.numbers import list_currencies
from pydantic import AfterValidator, BaseModel, ConfigDict, PlainValidator, StringConstraints

from bot.settings.faults import did_you_mean, nearest

SPAN = re.compile(r"([0-9]{1,4})(m|h|d)")
SPAN_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
DEAREST_RATE = 1_000_000_000


class Section(BaseModel):
    """A group of settings: unknown keys and lookalike types are faults, and nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def text(value: Any) -> str:
    """The value if it is text; a number or true/false is not."""
    if not isinstance(value, str):
        raise ValueError("must be text; put it in quotes")  # noqa: TRY004  # pydantic gathers ValueErrors only
    return value


def zone(value: Any) -> ZoneInfo:
    """A time zone by its IANA name."""
    known = available_timezones()
    if text(value) not in known:
        raise ValueError(f"is not a known time zone{did_you_mean(value, known)}")
    return ZoneInfo(value)


def currency(value: Any) -> str:
    """A currency by its ISO 4217 code."""
    known = list_currencies()
    if text(value) not in known:
        close = value.upper() if value.upper() in known else nearest(value, known)
        raise ValueError("is not an ISO 4217 currency code" + (f"; did you mean {close}?" if close else ""))
    return str(value)


def language(value: Any) -> str:
    """A language by its code, as in en or pt-BR."""
    try:
        Locale.parse(text(value), sep="-")
    except (ValueError, UnknownLocaleError) as error:
        raise ValueError("is not a language code such as en, de or pt-BR") from error
    return str(value)


def day(value: Any) -> date:
    """A calendar day."""
    if not isinstance(value, str) or not DAY.fullmatch(value):
        raise ValueError("is not a day; write it like 2026-12-24")
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise ValueError("is a day that does not exist") from error


def span(value: Any) -> timedelta:
    """A length of time."""
    found = SPAN.fullmatch(value) if isinstance(value, str) else None
    if not found:
        raise ValueError("is not a length of time; write minutes, hours or days like 90m, 3h or 2d")
    return timedelta(**{SPAN_UNITS[found[2]]: int(found[1])})


def number(value: Any) -> Decimal:
    """A number; true and false are none."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise ValueError("must be a number, like 12 or 0.5")  # noqa: TRY004  # pydantic gathers ValueErrors only
    return Decimal(value)


def share(value: Any) -> Decimal:
    """A share of one."""
    if not 0 <= (part := number(value)) <= 1:
        raise ValueError("must lie between 0 and 1; 70 percent is 0.70")
    return part


def rate(value: Any) -> Decimal:
    """What one unit of a currency is worth in the reporting currency."""
    if not 0 < (worth := number(value)) < DEAREST_RATE:
        raise ValueError("must be greater than 0: what one unit is worth in the reporting currency")
    return worth


def matching(pattern: str, sentence: str) -> AfterValidator:
    """Text of a certain form, and what is said of any other."""
    form = re.compile(pattern)

    def check(value: str) -> str:
        if not form.fullmatch(value):
            raise ValueError(sentence)
        return value

    return AfterValidator(check)


Zone = Annotated[ZoneInfo, PlainValidator(zone)]
Currency = Annotated[str, PlainValidator(currency)]
Language = Annotated[str, PlainValidator(language)]
Day = Annotated[date, PlainValidator(day)]
Span = Annotated[timedelta, PlainValidator(span)]
Number = Annotated[Decimal, PlainValidator(number)]
Share = Annotated[Decimal, PlainValidator(share)]
Rate = Annotated[Decimal, PlainValidator(rate)]
Line = Annotated[str, StringConstraints(min_length=1, max_length=120, strip_whitespace=True)]
Paragraph = Annotated[str, StringConstraints(min_length=1, max_length=500, strip_whitespace=True)]

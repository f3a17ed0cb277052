"""The grammar of opening hours: which days, from when to when."""

import re
from itertools import pairwise
from typing import Annotated

from pydantic import AfterValidator

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
OPENING = re.compile(r"([01][0-9]|2[0-4]):([0-5][0-9])-([01][0-9]|2[0-4]):([0-5][0-9])")
DAY_MINUTES = 24 * 60


def weekdays(key: str) -> range:
    """The days a key like `fri` or `mon-thu` stands for, 0 = Monday."""
    first, _, last = key.partition("-")
    last = last or first
    if first not in WEEKDAYS or last not in WEEKDAYS:
        raise ValueError("is not a day or a range of days; write mon, tue, wed, thu, fri, sat, sun or mon-fri")
    days = range(WEEKDAYS.index(first), WEEKDAYS.index(last) + 1)
    if not days:
        raise ValueError("runs backwards; write the earlier day first, and a range over the weekend as two")
    return days


def _known(key: str) -> str:
    weekdays(key)
    return key


Days = Annotated[str, AfterValidator(_known)]
"""A day or a range of days, as it was written."""


def openings(text: str) -> tuple[tuple[int, int], ...]:
    """Hours like `09:00-12:00, 13:00-17:00` as [from, to) minutes of the day, in order and apart."""
    found = tuple(_opening(part.strip()) for part in text.split(","))
    if any(later[0] < earlier[1] for earlier, later in pairwise(found)):
        raise ValueError("has hours that overlap or are out of order")
    return found


def _opening(part: str) -> tuple[int, int]:
    if not (match := OPENING.fullmatch(part)):
        raise ValueError('must be opening hours, written like "09:00-17:00" or "09:00-12:00, 13:00-17:00"')
    from_hour, from_minute, to_hour, to_minute = map(int, match.groups())
    opens, closes = from_hour * 60 + from_minute, to_hour * 60 + to_minute
    if closes > DAY_MINUTES or opens >= closes:
        raise ValueError("must open before they close, and close by 24:00; split a night at midnight into two days")
    return opens, closes

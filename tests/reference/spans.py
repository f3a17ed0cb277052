"""Periods and the words for them."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

MONTHS_OF = {"month": 1, "quarter": 3, "half": 6, "year": 12}
DAYS_OF = {"day": 1, "week": 7}


def shifted(day: date, months: int) -> date:
    """The first of a month, so many months later."""
    assert day.day == 1
    number = day.year * 12 + day.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


@dataclass(frozen=True)
class Span:
    """Local days from `start`, `months` or `days` long. `cut`: only so many of its days are looked at.

    `is_open`: as_of lies before its end; then `cut` reaches to the day of as_of.
    """

    start: date
    months: int = 0
    days: int = 0
    cut: int | None = None
    is_open: bool = False

    @property
    def whole_end(self) -> date:
        """The first day after it, cut or not."""
        return shifted(self.start, self.months) if self.months else self.start + timedelta(self.days)

    @property
    def end(self) -> date:
        """The first day no longer looked at."""
        if self.cut is None:
            return self.whole_end
        return min(self.start + timedelta(self.cut), self.whole_end)

    @property
    def last_day(self) -> date:
        """The last day looked at: of an open one the day of as_of."""
        return self.end - timedelta(1)

    @property
    def closing_day(self) -> date:
        """The day on which “active at the end” is asked."""
        return self.last_day if self.is_open else self.end

    def __iter__(self) -> Iterator[date]:
        day = self.start
        while day < self.end:
            yield day
            day += timedelta(1)

    def __len__(self) -> int:
        return (self.end - self.start).days

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.start <= day < self.end

    def previous(self) -> "Span":
        """The preceding one of the same kind, cut alike; a cut beyond its end leaves it whole."""
        return self._earlier(self.months, self.days)

    def year_before(self) -> "Span":
        """The same 12 calendar months earlier; weeks and days: 364 days."""
        return self._earlier(12, 0) if self.months else self._earlier(0, 364)

    def _earlier(self, months: int, days: int) -> "Span":
        start = shifted(self.start, -months) if months else self.start - timedelta(days)
        found = replace(self, start=start, is_open=False)
        return replace(found, cut=None) if found.end == found.whole_end else found


def span_of(words: str, today: date, fiscal_year_start: int) -> Span:
    """The period of these words, cut at `today` where it is open; ValueError for words there are none for."""
    whole = _named(words.strip(), today, fiscal_year_start)
    if whole.start > today:
        raise ValueError(f"{words} has not begun")
    if whole.whole_end <= today:
        return whole
    return replace(whole, cut=(today - whole.start).days + 1, is_open=True)


def _named(words: str, today: date, fiscal_year_start: int) -> Span:
    for form, meaning in FORMS:
        found = re.fullmatch(form, words, re.IGNORECASE)
        if found:
            return meaning(found.groups(""), today, fiscal_year_start)
    raise ValueError(f"no such period: {words}")


Meaning = Callable[[tuple[str, ...], date, int], Span]


def _calendar(parts: tuple[str, ...], _today: date, _fiscal: int) -> Span:
    year, kind, number = parts
    months = {"": 12, "Q": 3, "H": 6, "M": 1}[kind.upper()]
    return Span(shifted(date(int(year), 1, 1), months * (int(number or 1) - 1)), months=months)


def _month(parts: tuple[str, ...], today: date, fiscal: int) -> Span:
    return _calendar((parts[0], "M", parts[1]), today, fiscal)


def _fiscal(parts: tuple[str, ...], _today: date, fiscal: int) -> Span:
    year, kind, number = parts
    first = date(int(year) - (fiscal > 1), fiscal, 1)
    months = {"": 12, "Q": 3, "H": 6}[kind.upper()]
    return Span(shifted(first, months * (int(number or 1) - 1)), months=months)


def _week(parts: tuple[str, ...], _today: date, _fiscal: int) -> Span:
    return Span(date.fromisocalendar(int(parts[0]), int(parts[1]), 1), days=7)


def _day(parts: tuple[str, ...], _today: date, _fiscal: int) -> Span:
    return Span(date.fromisoformat(parts[0]), days=1)


def _range(parts: tuple[str, ...], _today: date, _fiscal: int) -> Span:
    first, last = map(date.fromisoformat, parts)
    return Span(first, days=(last - first).days + 1)


def _today(_parts: tuple[str, ...], today: date, _fiscal: int) -> Span:
    return Span(today, days=1)


def _running(kind: str, today: date, year_start: int = 1) -> Span:
    if kind in DAYS_OF:
        return Span(today - timedelta(today.weekday() if kind == "week" else 0), days=DAYS_OF[kind])
    since = (today.month - year_start) % MONTHS_OF[kind]
    return Span(shifted(today.replace(day=1), -since), months=MONTHS_OF[kind])


def _this_or_last(parts: tuple[str, ...], today: date, fiscal: int) -> Span:
    which, of_fiscal, kind = (part.lower() for part in parts)
    running = _running(kind, today, fiscal if of_fiscal else 1)
    return running if which == "this" else running.previous()


def _last_days(parts: tuple[str, ...], today: date, _fiscal: int) -> Span:
    return Span(today - timedelta(int(parts[0]) - 1), days=int(parts[0]))


def _last_several(parts: tuple[str, ...], today: date, _fiscal: int) -> Span:
    count, kind = int(parts[0]), parts[1].lower()
    running = _running(kind, today)
    if running.months:
        return Span(shifted(running.start, -count * running.months), months=count * running.months)
    return Span(running.start - timedelta(7 * count), days=7 * count)


FORMS: tuple[tuple[str, Meaning], ...] = (
    (r"(\d{4})(?:-([QH])(\d))?", _calendar),
    (r"(\d{4})-(\d\d)", _month),
    (r"FY(\d{4})(?:-([QH])(\d))?", _fiscal),
    (r"(\d{4})-W(\d\d)", _week),
    (r"(\d{4}-\d\d-\d\d)", _day),
    (r"(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d)", _range),
    (r"today", _today),
    (r"(this|last) (fiscal )?(week|month|quarter|half|year)", _this_or_last),
    (r"last (\d+) days", _last_days),
    (r"last (\d+) (week|month|quarter|half|year)s", _last_several),
)

"""Calendar arithmetic: units, the periods made of them, and the comparable earlier period."""

from dataclasses import dataclass
from datetime import date, timedelta

from kpi.errors import KpiError

DAY = timedelta(days=1)
LONGEST_DAYS = 3660
YEAR_OF_WEEKS = timedelta(days=364)
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


@dataclass(frozen=True, slots=True)
class Kind:
    """A unit of the calendar: so many days, or so many months counted from the year's first month."""

    days: int = 0
    months: int = 0
    letter: str = ""
    fiscal: bool = False

    @property
    def longest(self) -> int:
        """How many in a row may be asked for: about ten years."""
        return int(LONGEST_DAYS / (self.days or self.months * 30.5))


KINDS = {
    "day": Kind(days=1),
    "week": Kind(days=7),
    "month": Kind(months=1),
    "quarter": Kind(months=3, letter="Q"),
    "half": Kind(months=6, letter="H"),
    "year": Kind(months=12),
    "fiscal quarter": Kind(months=3, letter="Q", fiscal=True),
    "fiscal half": Kind(months=6, letter="H", fiscal=True),
    "fiscal year": Kind(months=12, fiscal=True),
}


@dataclass(frozen=True, slots=True)
class Period:
    """Local days `[start, end)`: `count` units of `kind`, whose years begin in `first_month`.

    `complete`: as_of does not lie before its end. `key` names it and parses back to it at the same as_of.
    """

    key: str
    kind: str
    start: date
    end: date
    complete: bool
    count: int = 1
    first_month: int = 1

    def effective_end(self, today: date) -> date:
        """The first day not looked at: an open period includes the day of as_of and nothing after it."""
        return min(self.end, today + DAY)


@dataclass(frozen=True, slots=True)
class Calendar:
    """What periods depend on: the local day of as_of and the month a fiscal year begins in."""

    today: date
    fiscal_year_start: int = 1

    def first_month(self, kind: str) -> int:
        """The month in which the years of this kind begin."""
        return self.fiscal_year_start if KINDS[kind].fiscal else 1

    def current(self, kind: str) -> date:
        """The first day of the unit that holds today."""
        unit = KINDS[kind]
        if unit.days:
            return self.today - (self.today.toordinal() - 1) % unit.days * DAY
        into = (self.today.month - self.first_month(kind)) % unit.months
        return shift(self.today.replace(day=1), "month", -into)

    def unit(self, kind: str, start: date) -> Period:
        """The one unit of `kind` that begins on `start`."""
        return self.run(label(kind, start, self.first_month(kind)), kind, start)

    def run(self, key: str, kind: str, start: date, count: int = 1) -> Period:
        """`count` units of `kind` in a row from `start` on; a KpiError when none of it has begun."""
        if start > self.today:
            raise KpiError(f"The period {key} has not begun yet: it starts on {spoken(start)}.")
        end = shift(start, kind, count)
        return Period(key, kind, start, end, end <= self.today, count, self.first_month(kind))


def shift(start: date, kind: str, count: int) -> date:
    """`start` moved by `count` units of `kind`; for units of months `start` is the first of a month."""
    unit = KINDS[kind]
    if unit.days:
        return start + count * unit.days * DAY
    years, month0 = divmod(start.month - 1 + count * unit.months, 12)
    return start.replace(year=start.year + years, month=month0 + 1)


def label(kind: str, start: date, first_month: int = 1) -> str:
    """The key of one unit: 2026-09-01, 2026-W36, 2026-09, 2026-Q3, FY2026-H1 (named by the year it ends in)."""
    unit = KINDS[kind]
    if kind == "day":
        return start.isoformat()
    if kind == "week":
        year, week, _ = start.isocalendar()
        return f"{year}-W{week:02}"
    if kind == "month":
        return f"{start:%Y-%m}"
    into = (start.month - first_month) % 12
    year = shift(start, "month", 11 - into).year
    part = f"-{unit.letter}{into // unit.months + 1}" if unit.letter else ""
    return f"{'FY' if unit.fiscal else ''}{year}{part}"


def previous(period: Period, today: date) -> Period:
    """The comparable earlier period.

    A complete one: the preceding of the same kind. Of an open one, or one cut short itself: as many days from the start
    of the preceding period as have passed (today included), never past its end.
    """
    start = shift(period.start, period.kind, -period.count)
    elapsed = period.effective_end(today) - period.start
    end = period.start if _is_whole(period) else min(period.start, start + elapsed)
    whole = end == period.start and period.count == 1
    key = label(period.kind, start, period.first_month) if whole else f"{start}..{end - DAY}"
    return Period(key, period.kind, start, end, True, period.count, period.first_month)


def year_before(period: Period, today: date) -> Period:
    """The same days 12 calendar months earlier, of weeks and days 364 days; of a part as many as have passed."""
    start, end = period.start, period.effective_end(today)
    first = start - YEAR_OF_WEEKS if KINDS[period.kind].days else shift(start, "month", -12)
    by_month = KINDS[period.kind].months and _is_whole(period)
    last = shift(period.end, "month", -12) if by_month else first + (end - start)
    return Period(f"{first}..{last - DAY}", "day", first, last, True, (last - first).days)


def _is_whole(period: Period) -> bool:
    """Over, and of its full length: the part of a period that an open one is compared with is not."""
    return period.complete and period.end == shift(period.start, period.kind, period.count)


def spoken(day: date) -> str:
    """A date as people write it: 1 January 2026."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"

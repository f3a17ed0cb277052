"""Period words: from what a person types to a Period. `FORMS` is the one list of what is understood."""

import re
from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from kpi.errors import KpiError, UnknownWord
from kpi.periods.instants import local_day
from kpi.periods.period import DAY, KINDS, LONGEST_DAYS, MONTHS, Calendar, Period, shift

FIRST_YEAR, LAST_YEAR = 1900, 2999
LETTERS = {"q": "quarter", "h": "half"}
UNIT = r"(fiscal )?(day|week|month|quarter|half|year)(?:(?<=half)[- ]year)?"
MONTH_NAME = "(" + "|".join(f"{name[:3]}(?:{name[3:]})?" for name in map(str.lower, MONTHS)) + r"|sept)\.?"
KNOWN = (
    *("today", "yesterday", "last 7 days", "last 30 days", "last 90 days", "last 12 months"),
    *(f"{when} {kind}" for when in ("this", "last") for kind in KINDS if kind != "day"),
    *(name.lower() for name in MONTHS),
)


def parse(words: str, *, as_of: datetime, zone: ZoneInfo, fiscal_year_start: int = 1) -> Period:
    """The period `words` name, seen at the aware instant `as_of` in `zone`.

    Raises UnknownWord (with the nearest known words) for what is no period, and KpiError for one that cannot be:
    month 13, week 54, years outside 1900-2999, zero or absurdly many days, or one that has not begun.
    """
    plain = _plain(words)
    calendar = Calendar(local_day(as_of, zone), fiscal_year_start)
    for pattern, build in FORMS:
        if found := re.fullmatch(pattern, plain, re.ASCII):
            return build(calendar, *found.groups(""))
    raise _unknown(plain)


def is_period(words: str) -> bool:
    """Whether words name a period, also one that cannot be, like month 13."""
    return any(re.fullmatch(pattern, _plain(words), re.ASCII) for pattern, _ in FORMS)


def _plain(words: str) -> str:
    return " ".join(words.lower().split())


def _unknown(plain: str) -> UnknownWord:
    from rapidfuzz import process

    nearest = tuple(word for word, _, _ in process.extract(plain, KNOWN, limit=3, score_cutoff=60))
    hint = f"Did you mean {' or '.join(nearest)}?" if nearest else "Try last 90 days, 2026-09, 2026-Q3 or this month."
    return UnknownWord(f"“{plain[:40]}” is not a period I know. {hint}", nearest)


def _day(calendar: Calendar, iso: str) -> Period:
    return calendar.unit("day", _date(iso))


def _date(iso: str) -> date:
    _year(iso[:4])
    try:
        return date.fromisoformat(iso)
    except ValueError:
        raise KpiError(f"There is no day {iso} in the calendar.") from None


def _days(calendar: Calendar, first: str, last: str) -> Period:
    start, end = _date(first), _date(last) + DAY
    if not 0 < (end - start).days <= LONGEST_DAYS:
        raise KpiError(f"A period from {first} to {last} cannot be: it must have 1 to {LONGEST_DAYS} days.")
    return calendar.run(f"{first}..{last}", "day", start, (end - start).days)


def _week(calendar: Calendar, year: str, week: str) -> Period:
    try:
        return calendar.unit("week", date.fromisocalendar(_year(year), int(week), 1))
    except ValueError:
        last = date(int(year), 12, 28).isocalendar().week
        raise KpiError(f"The year {year} has no week {week}; its weeks run from W01 to W{last}.") from None


def _month(calendar: Calendar, year: str, month: str) -> Period:
    if not 1 <= int(month) <= 12:
        raise KpiError(f"There is no month {month}; months run from 01 to 12.")
    return calendar.unit("month", date(_year(year), int(month), 1))


def _named_month(calendar: Calendar, name: str, year: str) -> Period:
    month = next(number for number, known in enumerate(MONTHS, 1) if known.lower().startswith(name[:3]))
    begun = month <= calendar.today.month
    return _month(calendar, year or str(calendar.today.year - (not begun)), str(month))


def _part(calendar: Calendar, fiscal: str, year: str, letter: str, number: str) -> Period:
    kind = ("fiscal " if fiscal else "") + LETTERS.get(letter, "year")
    most = 12 // KINDS[kind].months
    if number and not 1 <= int(number) <= most:
        raise KpiError(f"There is no {kind} {number}; a year has {most}.")
    first = calendar.first_month(kind)
    start = date(_year(year) - (first > 1), first, 1)
    return calendar.unit(kind, shift(start, kind, int(number or 1) - 1))


def _part_first(calendar: Calendar, letter: str, number: str, fiscal: str, year: str) -> Period:
    return _part(calendar, fiscal, year, letter, number)


def _latest_part(calendar: Calendar, letter: str, number: str) -> Period:
    """The latest quarter or half-year of this number that has begun."""
    begun = (int(number) - 1) * KINDS[LETTERS[letter]].months < calendar.today.month
    return _part(calendar, "", str(calendar.today.year - (not begun)), letter, number)


def _year(year: str) -> int:
    if not FIRST_YEAR <= int(year) <= LAST_YEAR:
        raise KpiError(f"The year {year} is out of reach; years run from {FIRST_YEAR} to {LAST_YEAR}.")
    return int(year)


def _relative(calendar: Calendar, when: str, fiscal: str, unit: str) -> Period:
    kind = _kind(fiscal, unit)
    back = 0 if when in ("this", "current") else -1
    return calendar.unit(kind, shift(calendar.current(kind), kind, back))


def _last(calendar: Calendar, number: str, fiscal: str, unit: str) -> Period:
    """`last N days` end with today; N of anything longer are complete."""
    kind, count = _kind(fiscal, unit), int(number)
    plural = kind if count == 1 else f"{kind}s" if unit != "half" else f"{kind}-years"
    if not 1 <= count <= KINDS[kind].longest:
        raise KpiError(f"“last {number} {plural}” cannot be; ask for 1 to {KINDS[kind].longest}.")
    end = calendar.today + DAY if kind == "day" else calendar.current(kind)
    return calendar.run(f"last {count} {plural}", kind, shift(end, kind, -count), count)


def _kind(fiscal: str, unit: str) -> str:
    return fiscal + unit if fiscal + unit in KINDS else unit


FORMS: tuple[tuple[str, Callable[..., Period]], ...] = (
    ("today", lambda calendar: calendar.unit("day", calendar.today)),
    ("yesterday", lambda calendar: calendar.unit("day", calendar.today - DAY)),
    (rf"(this|current|last|previous) {UNIT}", _relative),
    (rf"(?:the )?(?:last|past) (\d{{1,9}}) (?:complete )?{UNIT}s?", _last),
    (r"(\d{4}-\d\d-\d\d)", _day),
    (r"(\d{4}-\d\d-\d\d) ?\.\. ?(\d{4}-\d\d-\d\d)", _days),
    (r"(\d{4})[- ]?w(\d{1,2})", _week),
    (r"(\d{4})-(\d{1,2})", _month),
    (rf"{MONTH_NAME}(?: (\d{{4}}))?", _named_month),
    (r"(fy)? ?(\d{4})(?:[- ]?([qh])(\d{1,2}))?", _part),
    (r"([qh])(\d{1,2})[- ](fy)? ?(\d{4})", _part_first),
    (r"([qh])(\d)", _latest_part),
)

"""How the people of a workspace read numbers, days and periods, in their language and zone."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError, dates, numbers

from bot.blocks import units
from kpi.model import PeriodRef

DAY = timedelta(days=1)
_UNEVEN_DAYS = 4
"""How many days two runs of as many months may differ by."""


@dataclass(frozen=True, slots=True)
class Reader:
    """A language by its code (en, de, pt-BR), the workspace's zone and its currency, "" where no money is spoken of."""

    language: str
    zone: ZoneInfo
    currency: str = ""

    @property
    def locale(self) -> str:
        """The language as Babel names it."""
        return self.language.replace("-", "_")

    def number(self, value: float) -> str:
        """A number with at most one decimal."""
        return numbers.format_decimal(_rounded(value), locale=self.locale, decimal_quantization=False)

    def percent(self, value: float) -> str:
        """A share on 0-100 with at most one decimal."""
        return numbers.format_percent(_rounded(value) / 100, locale=self.locale, decimal_quantization=False)

    def amount(self, value: float, unit: str) -> str:
        """A KPI's value with its unit; points stand for themselves."""
        return units.amount(self, value, unit)

    def span(self, low: float, high: float, unit: str) -> str:
        """A KPI's interval: 72.6% to 91.5%; at least 3.2 h where its end is infinite."""
        return units.span(self, low, high, unit)

    def money(self, amount: Decimal, currency: str) -> str:
        """An amount in major units with its currency: 4,500.00 EUR."""
        return numbers.format_currency(amount, currency, "#,##0.00 ¤¤", locale=self.locale)

    def tongue(self, language: str) -> str:
        """A language by its name, with its code: German (de)."""
        try:
            name = Locale.parse(language, sep="-" if "-" in language else "_").get_display_name(self.locale)
        except (UnknownLocaleError, ValueError):
            name = None
        return f"{name} ({language})" if name else language

    def day(self, day: date) -> str:
        """A day: 5 Oct 2026."""
        return dates.format_date(day, "medium", locale=self.locale)

    def days(self, first: date, last: date) -> str:
        """Days from the first to the last: 1 Jul – 30 Sept 2026."""
        return self.day(first) if first == last else dates.format_interval(first, last, "yMMMd", locale=self.locale)

    def clock(self, at: datetime) -> str:
        """The time of day in the zone: 09:00."""
        return dates.format_time(at.astimezone(self.zone), "HH:mm", locale=self.locale)

    def instant(self, at: datetime) -> str:
        """A day and time in the zone: 5 Oct 2026, 09:00 CEST."""
        local = at.astimezone(self.zone)
        return f"{self.day(local.date())}, {self.clock(at)} {local.tzname()}"

    def spoken(self, key: str) -> str:
        """A period's key as people say it: Q3 2026, week 40 of 2026, October 2026, the last 90 days."""
        for pattern, words in _PERIODS:
            if found := re.fullmatch(pattern, key):
                return words(self, *found.groups(""))
        return key

    def within(self, period: PeriodRef) -> str:
        """When, in a sentence: in Q3 2026; in October 2026 to date; on 5 Oct 2026."""
        preposition = "on" if period.end - period.start == DAY else "from" if ".." in period.key else "in"
        is_rolling = re.fullmatch(r"last \d+ days?", period.key)
        to_date = "" if period.complete or is_rolling else " to date"
        return f"{preposition} {self.spoken(period.key)}{to_date}"

    def before(self, period: PeriodRef, previous_key: str) -> str:
        """The earlier period, seen from `period`: Q2 2026; the 90 days before, where it is those."""
        if period.key.startswith("last ") and _is_right_before(period, previous_key):
            return f"the {period.key.removeprefix('last ')} before"
        return self.spoken(previous_key)


def _is_right_before(period: PeriodRef, previous_key: str) -> bool:
    """Whether days end where `period` begins and are as many, but for the months' and leap years' own difference."""
    found = re.fullmatch(r"(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d)", previous_key)
    if found is None:
        return False
    first, last = map(date.fromisoformat, found.groups())
    return last + DAY == period.start and abs((period.end - period.start) - (period.start - first)).days <= _UNEVEN_DAYS


def _rounded(value: float) -> Decimal:
    return Decimal(str(round(value, 1) or 0.0)).normalize()


def _day(reader: Reader, iso: str) -> str:
    return reader.day(date.fromisoformat(iso))


def _days(reader: Reader, first: str, last: str) -> str:
    return reader.days(date.fromisoformat(first), date.fromisoformat(last))


def _month(reader: Reader, year: str, month: str) -> str:
    first = datetime(int(year), int(month), 1, tzinfo=UTC)
    return dates.format_skeleton("yMMMM", first, locale=reader.locale)


_PERIODS: tuple[tuple[str, Callable[..., str]], ...] = (
    (r"(\d{4}-\d\d-\d\d)", _day),
    (r"(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d)", _days),
    (r"(\d{4})-(\d\d)", _month),
    (r"(\d{4})-W(\d\d)", lambda _, year, week: f"week {int(week)} of {year}"),
    (r"(FY)?(\d{4})-([QH]\d)", lambda _, fiscal, year, part: f"{part} {fiscal}{year}"),
    (r"(last .*)", lambda _, words: f"the {words}"),
)

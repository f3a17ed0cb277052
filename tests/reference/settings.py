"""What a workspace has decided, as far as figures depend on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo


class MissingRate(Exception):
    """There is no rate in force for this currency."""

    def __init__(self, currency: str) -> None:
        super().__init__(f"there is no rate for {currency}")
        self.currency = currency


@dataclass(frozen=True)
class Hours:
    """When people work. `opening`: weekday (Monday 0) → opening times in minutes after midnight, half-open."""

    timezone: ZoneInfo
    opening: Mapping[int, Sequence[tuple[int, int]]]
    country: str | None = None
    subdivision: str | None = None
    closed: frozenset[date] = frozenset()


@dataclass(frozen=True)
class Settings:
    """`rates`: currency → (from that day on, one unit in the reporting currency); a plain rate holds from date.min.
    `calendar_of_owner`: owner's key → name of a calendar; all others have the one named `default`, if there is one."""

    timezone: ZoneInfo
    currency: str
    rates: Mapping[str, Sequence[tuple[date, Decimal]]] = field(default_factory=dict)
    fiscal_year_start: int = 1
    gross_margin: Decimal = Decimal("0.70")
    discount_rate: Decimal = Decimal("0.10")
    calendars: Mapping[str, Hours] = field(default_factory=dict)
    calendar_of_owner: Mapping[str, str] = field(default_factory=dict)
    targets: Mapping[str, float] = field(default_factory=dict)

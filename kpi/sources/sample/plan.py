"""What is to be made: how many accounts, over which days, from which seed."""

from dataclasses import dataclass
from datetime import date, timedelta

from kpi.errors import Misfilled
from kpi.sources.sample.mix import DAYS_PER_MONTH, DENSITY

ACCOUNTS, MONTHS, EVENTS = range(1, 20_001), range(1, 241), range(1, 10**9 + 1)
YEARS = range(2000, 2101)


@dataclass(frozen=True, slots=True)
class Plan:
    """A portfolio of `accounts` over the days `[since, until)`, from `seed`; `planned` makes valid ones."""

    accounts: int
    since: date
    until: date
    seed: int = 1

    @property
    def days(self) -> int:
        """How many days the history has."""
        return (self.until - self.since).days

    @property
    def years(self) -> float:
        """The same in years."""
        return self.days / 365.25


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person may ask for; what is None follows from the others."""

    accounts: int | None = None
    months: int | None = None
    events: int | None = None
    seed: int = 1


def planned(wish: Wish, until: date) -> Plan:
    """The plan for a wish; Misfilled names the field and what it can be.

    Without `events`: 40 accounts, 24 months. With it, 2,000 accounts and as long a history as the density says;
    or accounts or months, and the other follows.
    """
    _within("seed", wish.seed, range(2**63))
    _within("accounts", wish.accounts, ACCOUNTS)
    _within("months", wish.months, MONTHS)
    _within("events", wish.events, EVENTS)
    if until.year not in YEARS:
        raise Misfilled("until", f"{until} is out of range: the year can be {YEARS[0]} to {YEARS[-1]}")
    accounts, months = _size(wish)
    since = months_later(until, -int(months)) - timedelta(days=round(months % 1 * DAYS_PER_MONTH))
    if since >= until:
        raise Misfilled("events", f"{wish.events:,} events of {accounts:,} accounts are less than a day; ask for more")
    return Plan(accounts, since, until, wish.seed)


def months_later(day: date, count: int) -> date:
    """The same day of the month `count` months later or earlier; the month's last where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    for last in (31, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


def _size(wish: Wish) -> tuple[int, float]:
    if wish.events is None:
        return wish.accounts or 40, wish.months or 24
    if wish.accounts and wish.months:
        raise Misfilled(
            "events", "the density is fixed: with accounts and months given, events cannot be; leave one out"
        )
    if wish.months:
        accounts = round(wish.events / DENSITY / wish.months)
        if accounts not in ACCOUNTS:
            raise Misfilled(
                "events", f"{wish.events:,} events in {wish.months} months are {accounts:,} accounts{_HINT}"
            )
        return accounts, wish.months
    accounts = wish.accounts or 2_000
    months = round(wish.events / DENSITY / accounts, 6)
    if months > MONTHS[-1]:
        raise Misfilled("events", f"{wish.events:,} events of {accounts:,} accounts are {months:,.0f} months{_HINT}")
    return accounts, months


_HINT = f"; there can be {ACCOUNTS[0]} to {ACCOUNTS[-1]:,} accounts and {MONTHS[0]} to {MONTHS[-1]} months"


def _within(field: str, number: int | None, allowed: range) -> None:
    if number is not None and number not in allowed:
        raise Misfilled(field, f"{number} is out of range: it can be {allowed[0]} to {allowed[-1]:,}")

"""What accounts pay, in the reporting currency (KPIS.md, Population): MRR on a day, revenue received in a period."""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from dataclasses import replace
from datetime import date
from functools import cache
from math import fsum
from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import WeakKeyDictionary

from kpi.facts import COLUMNS
from kpi.metrics.population import known, last_day
from kpi.records.money import exponent

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping

    from kpi.facts import Facts
    from kpi.metrics.population import Client
    from kpi.periods import Period


class Row(NamedTuple):
    """One line of revenue, `[starts_on, ends_on)` (date.max: it runs), minor units of its currency."""

    account: int
    kind: str
    starts_on: date
    ends_on: date
    minor: int
    currency: str


_MADE: WeakKeyDictionary[Facts, list[Row]] = WeakKeyDictionary()


def priced(facts: Facts, period: Period) -> Facts:
    """The facts with all amounts at the rates in force on the period's last day (of an open one: the day of as_of).

    At that one rate also for whatever the period is compared with, so that a change of rates is not growth.
    """
    return replace(facts, priced_on=last_day(period, facts.today))


def mrr(facts: Facts, everyone: Mapping[int, Client], day: date) -> dict[int, float]:
    """The monthly recurring revenue of each account on a day, in major units of the reporting currency.

    0 where it is not active. Needs `priced` facts; MissingRate for a currency that counts and has no rate.
    """
    shares = (
        (row, 1.0)
        for row in rows(facts, everyone)
        if row.kind == "recurring" and row.starts_on <= day < row.ends_on and everyone[row.account].active_on(day)
    )
    return _by_account(facts, everyone, shares)


def received(facts: Facts, everyone: Mapping[int, Client], start: date, end: date) -> dict[int, float]:
    """What each account paid for the days `[start, end)`, in major units. Needs `priced` facts; MissingRate as `mrr`.

    Recurring: for each month amount · covered days/days of the month, of days a term covers. Project: the total,
    spread evenly over its days.
    """

    def recurring(row: Row) -> float:
        spells = everyone[row.account].spells
        return fsum(_months(max(first, row.starts_on, start), min(last, row.ends_on, end)) for first, last in spells)

    def project(row: Row) -> float:
        days = (min(row.ends_on, end) - max(row.starts_on, start)).days
        return max(0, days) / (row.ends_on - row.starts_on).days

    share = {"recurring": recurring, "project": project}
    touching = (row for row in rows(facts, everyone) if row.starts_on < end and start < row.ends_on)
    return _by_account(facts, everyone, ((row, share[row.kind](row)) for row in touching))


def rows(facts: Facts, accounts: Container[int]) -> Iterator[Row]:
    """The revenue of these accounts, row by row."""
    return (row for row in _rows(facts) if row.account in accounts)


def _rows(facts: Facts) -> list[Row]:
    """All of it, made once for the same facts: a KPI goes through it for several days."""
    found = _MADE.get(facts)
    if found is None:
        columns: list[list[Any]] = [facts.revenue[name].tolist() for name in COLUMNS["revenue"]]
        found = _MADE[facts] = [
            Row(account, kind, first, known(end) or date.max, minor, currency)
            for account, kind, first, end, minor, currency in zip(*columns, strict=True)
        ]
    return found


def _months(first: date, end: date) -> float:
    """The days `[first, end)` in months: of each month touched, its days among them over all its days."""
    if first >= end:
        return 0.0
    return 12 * (end.year - first.year) + end.month - first.month + _into_month(end) - _into_month(first)


def _into_month(day: date) -> float:
    return (day.day - 1) / monthrange(day.year, day.month)[1]


def _by_account(facts: Facts, everyone: Mapping[int, Client], shares: Iterable[tuple[Row, float]]) -> dict[int, float]:
    """The sum of each account's rows times their shares; a row that does not count needs no rate."""
    worth = cache(lambda currency: float(facts.workspace.rate(currency, facts.priced_on or facts.today)))
    found: defaultdict[int, list[float]] = defaultdict(list)
    for row, share in shares:
        if row.minor and share:
            found[row.account].append(row.minor / 10 ** exponent(row.currency) * worth(row.currency) * share)
    return {account: fsum(found[account]) if account in found else 0.0 for account in everyone}

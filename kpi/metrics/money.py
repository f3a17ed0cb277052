"""What accounts pay, in the reporting currency (KPIS.md, Population): MRR on a day, revenue received in a period."""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from dataclasses import replace
from datetime import date
from math import fsum
from typing import TYPE_CHECKING

from kpi.metrics.population import known, last_day
from kpi.records.money import exponent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Any

    from kpi.facts import Facts
    from kpi.metrics.population import Client
    from kpi.periods import Period

Row = tuple[int, str, date, date, float]
"""account_id, kind, starts_on, ends_on (date.max: it runs), amount in major units of the reporting currency."""


def priced(facts: Facts, period: Period) -> Facts:
    """The facts with a column `amount` of the revenue: major units of the reporting currency at one rate for all.

    The rate is the one in force on the period's last day (of an open one: the day of as_of), also for whatever the
    period is compared with, so that a change of rates is not growth. MissingRate where there is none.
    """
    workspace, day = facts.workspace, last_day(period, facts.today)
    currencies = dict.fromkeys(facts.revenue["currency"].tolist())
    worth = {code: float(workspace.rate(code, day)) for code in currencies}
    paid = zip(facts.revenue["amount_minor"].tolist(), facts.revenue["currency"].tolist(), strict=True)
    amounts = [minor / 10 ** exponent(code) * worth[code] for minor, code in paid]
    return replace(facts, revenue=facts.revenue.assign(amount=amounts))


def mrr(facts: Facts, everyone: Mapping[int, Client], day: date) -> dict[int, float]:
    """The monthly recurring revenue of each account on a day; 0 where it is not active. Needs `priced` facts."""
    return _by_account(
        everyone,
        (
            (account, amount)
            for account, kind, first, end, amount in rows(facts)
            if kind == "recurring" and first <= day < end and account in everyone and everyone[account].active_on(day)
        ),
    )


def received(facts: Facts, everyone: Mapping[int, Client], start: date, end: date) -> dict[int, float]:
    """What each account paid for the days `[start, end)`. Needs `priced` facts.

    Recurring: for each month amount · covered days/days of the month, of days a term covers. Project: the total,
    spread evenly over its days.
    """
    shares: dict[str, Callable[[Row, Client], float]] = {
        "recurring": lambda row, client: fsum(
            _months(max(first, row[2], start), min(last, row[3], end)) for first, last in client.spells
        ),
        "project": lambda row, _: max(0, (min(row[3], end) - max(row[2], start)).days) / (row[3] - row[2]).days,
    }
    return _by_account(
        everyone,
        ((row[0], row[4] * shares[row[1]](row, everyone[row[0]])) for row in rows(facts) if row[0] in everyone),
    )


def rows(facts: Facts) -> Iterator[Row]:
    """The revenue row by row."""
    columns: list[list[Any]] = [facts.revenue[name].tolist() for name in ("account_id", "kind", "starts_on", "ends_on")]
    for account, kind, first, end, amount in zip(*columns, facts.revenue["amount"].tolist(), strict=True):
        yield account, kind, first, known(end) or date.max, amount


def _months(first: date, end: date) -> float:
    """The days `[first, end)` in months: of each month touched, its days among them over all its days."""
    return _since_year_one(end) - _since_year_one(first) if first < end else 0.0


def _since_year_one(day: date) -> float:
    return 12 * day.year + day.month + (day.day - 1) / monthrange(day.year, day.month)[1]


def _by_account(everyone: Mapping[int, Client], amounts: Iterator[tuple[int, float]]) -> dict[int, float]:
    found: defaultdict[int, list[float]] = defaultdict(list)
    for account, amount in amounts:
        found[account].append(amount)
    return {account: fsum(found[account]) if account in found else 0.0 for account in everyone}

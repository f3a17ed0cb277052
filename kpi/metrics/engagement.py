"""Engagement: how many clients we are really in touch with."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from kpi.facts import Facts
from kpi.metrics.churn import nobody
from kpi.metrics.listing import Listing, ranked
from kpi.metrics.measure import Measure
from kpi.metrics.population import clients, last_day
from kpi.metrics.shares import account_share
from kpi.metrics.tabled import Tabled
from kpi.metrics.touch import touch_days
from kpi.periods import Period
from kpi.stats.proportions import Share


class Touched(NamedTuple):
    """The touch days of every account active on the `last` day, and how many are enough."""

    days: Mapping[int, int]
    needed: int
    last: date


def engagement(facts: Facts, period: Period) -> Measure[Share]:
    """100 · accounts active on the last day with touch days enough/all accounts active on the last day.

    Enough: 2 for 30 days of the period, rounded half up, at least 1.
    """
    return ENGAGEMENT(facts, period)


def _touched(facts: Facts, period: Period) -> Touched:
    last = last_day(period, facts.today)
    end = period.effective_end(facts.today)
    touched = touch_days(facts, period.start, end).to_dict()
    active = (account for account, client in clients(facts).items() if client.active_on(last))
    days = {account: int(touched.get(account, 0)) for account in active}
    return Touched(days, max(1, (4 * (end - period.start).days + 30) // 60), last)


def _engaged(touched: Touched, accounts: Iterable[int]) -> Measure[Share]:
    days = {account: touched.days[account] for account in accounts if account in touched.days}
    enough = sum(count >= touched.needed for count in days.values())
    return account_share(enough, len(days), nobody(touched.last), listing=lambda _: _listing(days, touched.needed))


def _listing(days: Mapping[int, int], needed: int) -> tuple[Listing, ...]:
    """Those out of touch first, each group by touch days."""
    fewest_first = sorted(days.items(), key=lambda each: each[1])
    groups = {
        "out_of_touch": {account: (count,) for account, count in fewest_first if count < needed},
        "in_touch": {account: (count,) for account, count in fewest_first if count >= needed},
    }
    return tuple(ranked(name, group, ("touch_days", "count")) for name, group in groups.items())


ENGAGEMENT = Tabled(_touched, _engaged)

"""Sales growth: what the same accounts pay now beside what they paid before."""

from __future__ import annotations

from math import fsum
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from kpi.metrics.listing import Lister, ranked
from kpi.metrics.money import received
from kpi.metrics.population import clients
from kpi.metrics.sums import PerAccount, of_sums, percent
from kpi.metrics.tabled import Tabled
from kpi.periods import previous, spoken, year_before

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kpi.facts import Facts
    from kpi.metrics.measure import Measure
    from kpi.periods import Period

LARGEST = 5


class Cohorts(NamedTuple):
    """(received now, received then) by account: then is the `earlier` period, or a year before."""

    earlier: Period
    cohort: Mapping[int, tuple[float, float]]
    a_year_ago: Mapping[int, tuple[float, float]]


def sales_growth(facts: Facts, period: Period) -> Measure[PerAccount]:
    """100 · (received now − received then)/received then, of accounts active when the previous period began that paid.

    Details in percent: the median of the accounts' own growth, the share of the five largest in what the cohort pays
    now, and `yoy`: the same growth against 12 months (weeks and days: 364 days) earlier.
    """
    return GROWTH(facts, period)


def _cohorts(facts: Facts, period: Period) -> Cohorts:
    earlier = previous(period, facts.today)
    a_year_ago = _cohort(facts, period, year_before(period, facts.today))
    return Cohorts(earlier, _cohort(facts, period, earlier), a_year_ago)


def _grown(cohorts: Cohorts, accounts: Sequence[int]) -> Measure[PerAccount]:
    earlier = cohorts.earlier
    cohort = {account: cohorts.cohort[account] for account in accounts if account in cohorts.cohort}
    now = sorted((paid for paid, _ in cohort.values()), reverse=True)
    total = fsum(now)
    a_year_ago = [cohorts.a_year_ago[account] for account in accounts if account in cohorts.a_year_ago]
    return of_sums(
        PerAccount({account: (paid - then, then) for account, (paid, then) in cohort.items()}, accounts, percent),
        None if cohort else f"No account active on {spoken(earlier.start)} paid anything in the period before.",
        listing=_listing(cohort),
        details={
            "median_account_growth": median(_growth(*each) for each in cohort.values()) if cohort else None,
            "top5_share": 100 * fsum(now[:LARGEST]) / total if total else None,
            "yoy": _growth(*map(fsum, zip(*a_year_ago, strict=True))) if a_year_ago else None,
        },
    )


def _cohort(facts: Facts, period: Period, earlier: Period) -> dict[int, tuple[float, float]]:
    """(received now, received then) of the accounts active at `earlier`'s start that paid then."""
    everyone = clients(facts)
    then = received(facts, everyone, earlier.start, earlier.end)
    base = {account: one for account, one in everyone.items() if one.active_on(earlier.start) and then[account] > 0}
    now = received(facts, base, period.start, period.effective_end(facts.today))
    return {account: (now[account], then[account]) for account in base}


def _listing(cohort: Mapping[int, tuple[float, float]]) -> Lister:
    """The cohort, those that lost most first."""
    worst_first = dict(sorted(cohort.items(), key=lambda each: each[1][0] - each[1][1]))
    return lambda _: (ranked("revenue", worst_first, ("received_now", "money"), ("received_before", "money")),)


def _growth(now: float, before: float) -> float:
    return 100 * (now - before) / before


GROWTH = Tabled(_cohorts, _grown)

"""Sales growth: what the same accounts pay now beside what they paid before."""

from __future__ import annotations

from math import fsum
from statistics import median
from typing import TYPE_CHECKING

from kpi.metrics.money import received
from kpi.metrics.population import clients
from kpi.metrics.sums import PerAccount, of_sums, percent
from kpi.periods import previous, spoken, year_before

if TYPE_CHECKING:
    from kpi.facts import Facts
    from kpi.metrics.measure import Measure
    from kpi.periods import Period

LARGEST = 5


def sales_growth(facts: Facts, period: Period) -> Measure[PerAccount]:
    """100 · (received now − received then)/received then, of accounts active when the previous period began that paid.

    Details in percent: the median of the accounts' own growth, the share of the five largest in what the cohort pays
    now, and `yoy`: the same growth against 12 months (weeks and days: 364 days) earlier.
    """
    earlier = previous(period, facts.today)
    cohort = _cohort(facts, period, earlier)
    now = sorted((paid for paid, _ in cohort.values()), reverse=True)
    total = fsum(now)
    a_year_ago = _cohort(facts, period, year_before(period, facts.today)).values()
    return of_sums(
        PerAccount({account: (paid - before, before) for account, (paid, before) in cohort.items()}, percent),
        None if cohort else f"No account that was active on {spoken(earlier.start)} paid anything in {earlier.key}.",
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


def _growth(now: float, before: float) -> float:
    return 100 * (now - before) / before

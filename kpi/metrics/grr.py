"""Gross revenue retention: what is left of the opening cohort's MRR, growth not counted."""

from dataclasses import dataclass
from math import fsum

from kpi.facts import Facts
from kpi.metrics.measure import Measure
from kpi.metrics.money import mrr, rows
from kpi.metrics.population import clients, closing_day
from kpi.metrics.sums import PerAccount, of_sums, percent
from kpi.periods import Period, spoken


def grr(facts: Facts, period: Period) -> Measure[PerAccount]:
    """100 · Σ min(MRR at the end, MRR at the start)/Σ MRR at the start, over accounts with MRR on the start day."""
    moves = movements(facts, period)
    kept = {account: (min(end, start), start) for account, (start, end) in moves.cohort.items()}
    return of_sums(PerAccount(kept, percent), moves.reason)


@dataclass(frozen=True, slots=True)
class Movements:
    """The opening cohort's MRR (at start, at end) by account, and what came from elsewhere.

    `reason` says why there is no cohort.
    """

    cohort: dict[int, tuple[float, float]]
    reactivated: float
    new: float
    reason: str | None


def movements(facts: Facts, period: Period) -> Movements:
    """MRR on the start day and on the first day after the period (open: the day of as_of).

    `reactivated`: at the end, of accounts with none on the start day that had some on an earlier day; `new`: of all
    others with none on the start day.
    """
    everyone = clients(facts)
    start = mrr(facts, everyone, period.start)
    end = mrr(facts, everyone, closing_day(period, facts.today))
    cohort = {account: (paid, end[account]) for account, paid in start.items() if paid > 0}
    joined = {account: paid for account, paid in end.items() if start[account] == 0 and paid > 0}
    before = earned_before(facts, period)
    return Movements(
        cohort=cohort,
        reactivated=fsum(paid for account, paid in joined.items() if account in before),
        new=fsum(paid for account, paid in joined.items() if account not in before),
        reason=None if cohort else f"No account had monthly revenue on {spoken(period.start)}.",
    )


def earned_before(facts: Facts, period: Period) -> set[int]:
    """The accounts that had MRR on some day before the period."""
    everyone = clients(facts)
    return {
        account
        for account, kind, first, end, amount in rows(facts)
        if kind == "recurring" and amount > 0 and account in everyone
        and any(max(first, a) < min(end, b, period.start) for a, b in everyone[account].active_spells)
    }  # fmt: skip

"""Net revenue retention: what the opening cohort's MRR became, growth included."""

from collections.abc import Sequence
from math import fsum

from kpi.facts import Facts
from kpi.metrics.grr import Movements, movements
from kpi.metrics.measure import Measure
from kpi.metrics.sums import PerAccount, of_sums, percent
from kpi.metrics.tabled import Tabled
from kpi.periods import Period


def nrr(facts: Facts, period: Period) -> Measure[PerAccount]:
    """100 · Σ MRR at the end/Σ MRR at the start, over accounts with MRR on the start day.

    Details in major units: the cohort's MRR at the start, what churned (nothing left), contracted and expanded; beside
    it the MRR at the end of accounts that came back and of new ones, which are in neither sum.
    """
    return NRR(facts, period)


def _became(everybody: Movements, accounts: Sequence[int]) -> Measure[PerAccount]:
    moves = everybody.of(accounts)
    pairs = moves.cohort.values()
    became = {account: (end, start) for account, (start, end) in moves.cohort.items()}
    return of_sums(
        PerAccount(became, accounts, percent),
        moves.reason,
        listing=moves.listing,
        details={
            "start": fsum(start for start, _ in pairs),
            "churned": fsum(start for start, end in pairs if end == 0),
            "contraction": fsum(start - end for start, end in pairs if 0 < end < start),
            "expansion": fsum(end - start for start, end in pairs if end > start),
            "reactivated": fsum(moves.reactivated.values()),
            "new": fsum(moves.new.values()),
        },
    )


NRR = Tabled(movements, _became)

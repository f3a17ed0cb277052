"""Revenue churn: the share of the opening cohort's MRR that was lost or shrank away."""

from collections.abc import Sequence

from kpi.facts import Facts
from kpi.metrics.grr import Movements, kept, movements
from kpi.metrics.measure import Measure, complement
from kpi.metrics.sums import PerAccount
from kpi.metrics.tabled import Tabled
from kpi.periods import Period


def revenue_churn(facts: Facts, period: Period) -> Measure[PerAccount]:
    """100 − grr, of the same cohort; its interval is grr's, mirrored."""
    return REVENUE_CHURN(facts, period)


def _lost(moves: Movements, accounts: Sequence[int]) -> Measure[PerAccount]:
    return complement(kept(moves, accounts))


REVENUE_CHURN = Tabled(movements, _lost)

"""Revenue churn: the share of the opening cohort's MRR that was lost or shrank away."""

from kpi.facts import Facts
from kpi.metrics.grr import grr
from kpi.metrics.measure import Measure, complement
from kpi.metrics.sums import PerAccount
from kpi.periods import Period


def revenue_churn(facts: Facts, period: Period) -> Measure[PerAccount]:
    """100 − grr, of the same cohort; its interval is grr's, mirrored."""
    return complement(grr(facts, period))

"""Retention: the share of clients kept, on the same base as churn."""

from kpi.facts import Facts
from kpi.metrics.churn import churn
from kpi.metrics.measure import Measure, complement
from kpi.periods import Period
from kpi.stats.proportions import Share


def retention(facts: Facts, period: Period) -> Measure[Share]:
    """100 − churn: accounts active at the start that are still active at the end; its interval is churn's, mirrored."""
    return complement(churn(facts, period))

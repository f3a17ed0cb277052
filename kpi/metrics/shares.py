"""KPIs that are the share of answers with a property: value, clustered Wilson interval, Newcombe change."""

from kpi.metrics.measure import Measure, in_percent, survey_reason, survey_status
from kpi.stats.clustering import Sample, effective_n
from kpi.stats.proportions import Bounds, Share, newcombe, wilson


def survey_share(hits: Sample, instrument: str) -> Measure[Share]:
    """100 · hits/answers of a sample of zeros and ones; `instrument` names them in the reason."""
    n, accounts = hits.n, hits.m
    share = Share(hits.total / n, effective_n(hits)) if n else Share(0.0, 0.0)
    return Measure(
        value=100 * hits.total / n if n else None,
        numerator=hits.total,
        denominator=n,
        n=n,
        accounts=accounts,
        interval=in_percent(wilson(share), "wilson") if n else None,
        status=survey_status(n, accounts),
        reason=survey_reason(n, instrument),
        basis=share,
    )


def change(now: Measure[Share], before: Measure[Share]) -> Bounds:
    """The interval of now − before in percentage points (Newcombe on n*)."""
    low, high = newcombe(now.basis, before.basis)
    return Bounds(100 * low, 100 * high)

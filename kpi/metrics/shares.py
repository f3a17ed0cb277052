"""KPIs that are a share: of answers, of what happened, of accounts. Wilson's interval, Newcombe's change."""

from typing import Any

from kpi.metrics.measure import Measure, account_status, in_percent, survey_reason, survey_status
from kpi.model import Status
from kpi.stats.clustering import Sample, effective_n
from kpi.stats.proportions import Bounds, Share, newcombe, wilson


def survey_share(hits: Sample, instrument: str, **more: Any) -> Measure[Share]:
    """100 · hits/answers of a sample of zeros and ones; `instrument` names them in the reason."""
    return _share(hits, survey_status(hits.n, hits.m), survey_reason(hits.n, instrument), **more)


def clustered_share(hits: Sample, reason: str, **more: Any) -> Measure[Share]:
    """100 · hits/n of what happened at accounts, each worth n*; `reason` says why there is none without any."""
    return _share(hits, account_status(hits.m), None if hits.n else reason, **more)


def account_share(hits: int, accounts: int, reason: str, **more: Any) -> Measure[Share]:
    """100 · hits/accounts, every account a voice of its own."""
    return _share(
        Sample(((1, 1),) * hits + ((0, 1),) * (accounts - hits), hits),
        account_status(accounts),
        None if accounts else reason,
        **more,
    )


def _share(hits: Sample, status: Status, reason: str | None, **more: Any) -> Measure[Share]:
    n = hits.n
    share = Share(hits.total / n, effective_n(hits)) if n else Share(0.0, 0.0)
    return Measure(
        value=100 * hits.total / n if n else None,
        numerator=hits.total,
        denominator=n,
        n=n,
        accounts=hits.m,
        interval=in_percent(wilson(share), "wilson") if n else None,
        status=status,
        reason=reason,
        basis=share,
        **more,
    )


def change(now: Measure[Share], before: Measure[Share]) -> Bounds:
    """The interval of now − before in percentage points (Newcombe on n*)."""
    low, high = newcombe(now.basis, before.basis)
    return Bounds(100 * low, 100 * high)


def change_of_rest(now: Measure[Share], before: Measure[Share]) -> Bounds:
    """The same for 100 − the share."""
    low, high = change(now, before)
    return Bounds(-high, -low)

"""Communication frequency: on how many days a month we and a client speak."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kpi.metrics.durations import estimate
from kpi.metrics.measure import Measure, account_status
from kpi.metrics.touch import active_days, touch_days
from kpi.model import Interval
from kpi.stats.rates import garwood, overdispersion

if TYPE_CHECKING:
    from datetime import date

    from kpi.facts import Facts
    from kpi.periods import Period

MONTH_DAYS = 30


def communication_frequency(facts: Facts, period: Period) -> Measure[Any]:
    """30 · touch days/days on which accounts were active, over all of them in the period.

    Exact Poisson interval on both divided by φ, how much more accounts differ than chance lets them. Details:
    client_share, the clients' messages of all in percent.
    """
    end = period.effective_end(facts.today)
    exposure = active_days(facts, period.start, end).sort_index()
    touches = touch_days(facts, period.start, end).reindex(exposure.index, fill_value=0)
    days, count, n = int(exposure.sum()), int(touches.sum()), len(exposure)
    value = MONTH_DAYS * count / days if n else None
    interval = _interval(touches.tolist(), exposure.tolist()) if n else None
    return Measure(
        value=value,
        numerator=count,
        denominator=days,
        n=n,
        accounts=n,
        interval=interval,
        status=account_status(n),
        reason=None if n else "No account was active in this period.",
        basis=estimate(value, interval),
        details={"client_share": _client_share(facts, period.start, end)},
    )


def _interval(touches: list[int], exposure: list[int]) -> Interval:
    spread = overdispersion(touches, exposure)
    low, high = garwood(sum(touches) / spread, sum(exposure) / spread)
    return Interval(MONTH_DAYS * low, MONTH_DAYS * high, "garwood")


def _client_share(facts: Facts, start: date, end: date) -> float | None:
    messages = facts.messages[(facts.messages["day"] >= start.toordinal()) & (facts.messages["day"] < end.toordinal())]
    ours, theirs = int(messages["from_us"].sum()), int(messages["from_client"].sum())
    return 100 * theirs / (ours + theirs) if ours + theirs else None

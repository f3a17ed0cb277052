"""How many of the questions that are over were answered, and how sure that is."""

from collections.abc import Iterable
from dataclasses import dataclass

from kpi.metrics.measure import FEWEST_ANSWERS, withheld
from kpi.metrics.shares import survey_share
from kpi.model import Interval
from kpi.stats.clustering import Sample

NOTHING_OVER = "No survey posted in this period has been answered or has expired."
_COUNTS = ("closed survey", "closed surveys")


@dataclass(frozen=True, slots=True)
class Rate:
    """Percent of `n` questions that are over, as the KPI survey_response_rate counts them; without a value, why."""

    value: float | None
    n: int
    interval: Interval | None = None
    reason: str | None = None


def rate_of(closed: Iterable[tuple[int, int]], fewest: int = FEWEST_ANSWERS) -> Rate:
    """From (answered, over) of each account; questions to one account resemble each other."""
    clusters = tuple((answered, over) for answered, over in closed if over)
    measure = survey_share(Sample(clusters, sum(answered for answered, _ in clusters)), _COUNTS[0])
    if measure.n == 0:
        return Rate(None, 0, reason=NOTHING_OVER)
    shown = withheld(measure, fewest, _COUNTS)
    if not shown.usable:
        return Rate(None, measure.n, reason=shown.reason)
    return Rate(shown.value, shown.n, shown.interval)

"""What a KPI's course over equally long periods says: whether it moves within its usual range."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kpi.metrics.kpi import Kpi
from kpi.metrics.series import newest
from kpi.model import KpiValue
from kpi.stats.signals import p_chart, run_of_eight, standing, xmr

SHARE = "wilson"
"""The interval of KPIs that are a share, whose chart takes each point's n into account."""


@dataclass(frozen=True, slots=True)
class Range:
    """The limits of one period's point, in the KPI's unit."""

    period: str
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Course:
    """What the periods with a value say together, by their keys, oldest first.

    `standing`: no chart (fewer than 6 points), trial, or firm (from 12 on). `chart`: p or xmr, None without one.
    `outside` lie beyond their limits; `runs` are the eighth or later in a row on one side of the `centre`.
    """

    standing: str
    points: int
    chart: str | None = None
    centre: float | None = None
    ranges: tuple[Range, ...] = ()
    outside: tuple[str, ...] = ()
    runs: tuple[str, ...] = ()

    def document(self) -> dict[str, Any]:
        """It as JSON."""
        limits = [{"period": each.period, "low": each.low, "high": each.high} for each in self.ranges]
        told = {"standing": self.standing, "points": self.points, "chart": self.chart, "centre": self.centre}
        return {**told, "limits": limits, "outside": list(self.outside), "runs": list(self.runs)}


def course(kpi: Kpi, values: Sequence[KpiValue]) -> Course:
    """Shares against p ± 3·√(p(1−p)/n) of their joint p, everything else against the mean ± 2.66 moving ranges.

    Periods without a value, those that are not over, and answers of a series before the latest have no point.
    """
    latest = newest(values)
    points = [value for value in values if value.value is not None and value.series == latest and _is_whole(value)]
    how = standing(len(points))
    if how == "no chart":
        return Course(how, len(points))
    chart = _shares if kpi.doubt.interval == SHARE else _others
    return chart(kpi, points, how)


def _is_whole(value: KpiValue) -> bool:
    """Over, or a rolling period, which has its full length on every day."""
    return value.period.complete or value.period.key.startswith("last ")


def _shares(_: Kpi, points: Sequence[KpiValue], how: str) -> Course:
    counts, ns = [value.numerator or 0.0 for value in points], [value.denominator or 0.0 for value in points]
    chart = p_chart(counts, ns, sum(counts) / sum(ns))
    keys = [value.period.key for value in points]
    ranges = (Range(key, 100 * low, 100 * high) for key, (low, high) in zip(keys, chart.limits, strict=True))
    runs = run_of_eight((count / n for count, n in zip(counts, ns, strict=True)), chart.baseline)
    outside, eighths = (tuple(keys[place] for place in places) for places in (chart.outside, runs))
    return Course(how, len(points), "p", 100 * chart.baseline, tuple(ranges), outside, eighths)


def _others(kpi: Kpi, points: Sequence[KpiValue], how: str) -> Course:
    chart = xmr([value.value for value in points if value.value is not None])
    least, most = kpi.reach
    low, high = max(chart.low, least), min(chart.high, most)
    keys = [value.period.key for value in points]
    outside, eighths = (tuple(keys[place] for place in places) for places in (chart.outside, chart.runs))
    ranges = tuple(Range(key, low, high) for key in keys)
    return Course(how, len(points), "xmr", chart.mean, ranges, outside, eighths)

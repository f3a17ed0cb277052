"""KPIs that are the middle of a spread: Kaplan–Meier median and its bands, MOVER's change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kpi.metrics.measure import Measure
from kpi.model import Interval
from kpi.stats.mover import Estimate, mover

if TYPE_CHECKING:
    from kpi.stats.proportions import Bounds
    from kpi.stats.survival import Curve

HALF = 0.5


def median_interval(curve: Curve, unit: float = 1.0) -> Interval:
    """The interval of the median by log(−log) bands, divided by `unit`; an end no band reaches is infinite."""
    low, high = curve.quantile_bounds(HALF)
    return Interval(low / unit, high / unit, "kaplan_meier")


def change(now: Measure[Estimate], before: Measure[Estimate]) -> Bounds:
    """The interval of now − before from the two intervals."""
    return mover(now.basis, before.basis)


def estimate(value: float | None, interval: Interval | None) -> Estimate | None:
    """Value and interval as what a change is made of; None where there is no value."""
    return None if value is None or interval is None else Estimate(value, interval.low, interval.high)

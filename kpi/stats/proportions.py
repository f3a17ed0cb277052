"""Shares of a whole: their intervals and the interval of a difference. Shares and bounds are 0-1, n may be broken."""

from collections.abc import Callable
from math import sqrt
from statistics import NormalDist
from typing import NamedTuple


class Bounds(NamedTuple):
    """The two ends of an interval."""

    low: float
    high: float


class Share(NamedTuple):
    """A share `p` of `n` answers or accounts; n is the effective n* where answers cluster."""

    p: float
    n: float


def z_value(level: float = 0.95) -> float:
    """The two-sided normal quantile: 1.959964 for 95 %."""
    return NormalDist().inv_cdf((1 + level) / 2)


def wilson(share: Share, level: float = 0.95) -> Bounds:
    """Wilson's score interval (Wilson 1927): (p + z²/2n ± z·√(p(1−p)/n + z²/4n²)) / (1 + z²/n), exact at 0 and 1."""
    p, n = share
    z = z_value(level)
    centre, scale = p + z * z / (2 * n), 1 + z * z / n
    half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return Bounds(0.0 if p == 0 else (centre - half) / scale, 1.0 if p == 1 else (centre + half) / scale)


def newcombe(now: Share, before: Share, level: float = 0.95) -> Bounds:
    """The interval of now − before from the two Wilson intervals (Newcombe 1998, method 10).

    d − √((p₁−l₁)² + (u₂−p₂)²) to d + √((u₁−p₁)² + (p₂−l₂)²)
    """
    (low1, high1), (low2, high2) = wilson(now, level), wilson(before, level)
    delta = now.p - before.p
    return Bounds(
        delta - sqrt((now.p - low1) ** 2 + (high2 - before.p) ** 2),
        delta + sqrt((high1 - now.p) ** 2 + (before.p - low2) ** 2),
    )


def _library(method: str) -> Callable[[Share, float], Bounds]:
    def interval(share: Share, level: float) -> Bounds:
        from statsmodels.stats.proportion import proportion_confint

        low, high = proportion_confint(share.p * share.n, share.n, alpha=1 - level, method=method)
        return Bounds(float(low), float(high))

    return interval


METHODS: dict[str, Callable[[Share, float], Bounds]] = {
    "wilson": wilson,
    "agresti_coull": _library("agresti_coull"),
    "clopper_pearson": _library("beta"),
    "jeffreys": _library("jeffreys"),
    "wald": _library("normal"),
}
"""Intervals of one share by name; KPIs use Wilson's."""

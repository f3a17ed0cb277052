"""Charts that tell a signal from the usual scatter: XmR, p and EWMA, and how many points they need.

Points are numbered from 0. `outside` are those beyond the limits, on a limit is within.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt
from statistics import fmean
from typing import Literal, NamedTuple

SCALE = 2.66
"""Half the width of an XmR chart in mean moving ranges, Wheeler's and NHS England's; NIST has 3/1.128."""


def standing(points: int) -> Literal["no chart", "trial", "firm"]:
    """What a chart of so many points is good for: from 6 on trial limits, from 12 on firm ones that may alert."""
    return "no chart" if points < 6 else "trial" if points < 12 else "firm"


@dataclass(frozen=True, slots=True)
class XmR:
    """The mean of the points, the mean of their moving ranges, both limits; points outside and those ending a run."""

    mean: float
    moving_range: float
    low: float
    high: float
    outside: tuple[int, ...]
    runs: tuple[int, ...]

    @property
    def signals(self) -> tuple[int, ...]:
        """The points either rule names."""
        return tuple(sorted({*self.outside, *self.runs}))


def xmr(values: Sequence[float], scale: float = SCALE, screen: bool = False, baseline: int | None = None) -> XmR:
    """Mean ± scale · mean moving range of the first `baseline` points (all, if None), held against every point.

    `screen` leaves out moving ranges of 3.267 times their mean and more, once, as NHSRplotthedots does. The baseline
    has two points at least (Wheeler 1993, Understanding Variation).
    """
    known = values[:baseline]
    mean, spread = fmean(known), _moving_range(known, screen)
    low, high = mean - scale * spread, mean + scale * spread
    return XmR(mean, spread, low, high, _outside(values, [(low, high)] * len(values)), run_of_eight(values, mean))


def _moving_range(values: Sequence[float], screen: bool) -> float:
    ranges = [abs(later - earlier) for earlier, later in pairwise(values)]
    mean = fmean(ranges)
    usual = [each for each in ranges if each < 3.267 * mean] if screen else []
    return fmean(usual or ranges)


def run_of_eight(values: Iterable[float], centre: float) -> tuple[int, ...]:
    """The points that are the eighth or later in a row on one side of the centre; one on it ends the run."""
    found, side, length = [], 0, 0
    for number, value in enumerate(values):
        now = (value > centre) - (value < centre)
        length = length + 1 if now and now == side else abs(now)
        side = now
        if length >= 8:
            found.append(number)
    return tuple(found)


class Limits(NamedTuple):
    """The limits of one point."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class PChart:
    """A baseline share and each point's own limits, 0-1."""

    baseline: float
    limits: tuple[Limits, ...]
    outside: tuple[int, ...]


def p_chart(counts: Sequence[float], ns: Sequence[float], baseline: float) -> PChart:
    """Shares count/n against p ± 3·√(p(1 − p)/n) of a baseline p, within 0 and 1 (Montgomery, ch. 7); n > 0."""
    halves = [3 * sqrt(baseline * (1 - baseline) / n) for n in ns]
    limits = tuple(Limits(max(baseline - half, 0.0), min(baseline + half, 1.0)) for half in halves)
    shares = [count / n for count, n in zip(counts, ns, strict=True)]
    return PChart(baseline, limits, _outside(shares, limits))


class EwmaRule(NamedTuple):
    """The target and the sigma of one point; λ, the weight of the newest point; L, half the width in sigmas."""

    target: float
    sigma: float
    weight: float = 0.3
    width: float = 3.0


@dataclass(frozen=True, slots=True)
class Ewma:
    """The smoothed points and the limits of each."""

    values: tuple[float, ...]
    limits: tuple[Limits, ...]
    outside: tuple[int, ...]


def ewma(values: Iterable[float], rule: EwmaRule, exact: bool = False) -> Ewma:
    """zᵢ = λxᵢ + (1 − λ)zᵢ₋₁ from the target on (Roberts 1959), within target ± L·σ·√(λ/(2 − λ)) once steady.

    `exact`: times √(1 − (1 − λ)^2i), narrower for the first points (Lucas & Saccucci 1990).
    """
    target, sigma, weight, width = rule
    smoothed, limits, latest = [], [], target
    for number, value in enumerate(values, 1):
        latest = weight * value + (1 - weight) * latest
        settled = 1 - (1 - weight) ** (2 * number) if exact else 1.0
        half = width * sigma * sqrt(weight / (2 - weight) * settled)
        smoothed.append(latest)
        limits.append(Limits(target - half, target + half))
    return Ewma(tuple(smoothed), tuple(limits), _outside(smoothed, limits))


def _outside(values: Sequence[float], limits: Sequence[tuple[float, float]]) -> tuple[int, ...]:
    pairs = enumerate(zip(values, limits, strict=True))
    return tuple(number for number, (value, (low, high)) in pairs if not low <= value <= high)

"""The bootstrap over accounts: of a figure (BCa) and of a change (percentiles)."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from math import isfinite, nan, sqrt
from statistics import NormalDist

import numpy as np

from tests.reference.side import Ends, Side

DRAWS = 2000
SEED = 20260101
NORMAL = NormalDist()

Sums = Sequence[Fraction]


@dataclass(frozen=True)
class Sample:
    """What each account (by its place in the order of keys) adds to some sums, and the figure made of the sums.

    The figure divides by zero where there is none. Sums are exact, so that equal figures are equal.
    """

    parts: Mapping[int, Sequence[Fraction]]
    figure: Callable[[Sums], Fraction]

    def of(self, places: Sequence[int]) -> Fraction | None:
        """The figure of these accounts, some of them several times; those it does not know add nothing."""
        width = len(next(iter(self.parts.values())))
        rows = [self.parts[place] for place in places if place in self.parts]
        try:
            return self.figure([sum((row[column] for row in rows), Fraction(0)) for column in range(width)])
        except ZeroDivisionError:
            return None


@cache
def draws(n: int) -> list[list[int]]:
    """Which of n accounts are drawn, 2,000 times."""
    found: list[list[int]] = np.random.default_rng(SEED).integers(0, n, (DRAWS, n)).tolist()
    return found


def _redrawn(sample: Sample, places: Sequence[int]) -> list[Fraction] | None:
    known: dict[tuple[int, ...], Fraction | None] = {}
    found = []
    for drawn in draws(len(places)):
        chosen = tuple(sorted(places[number] for number in drawn))
        if chosen not in known:
            known[chosen] = sample.of(chosen)
        figure = known[chosen]
        if figure is None:
            return None
        found.append(figure)
    return found


def bca(sample: Sample) -> Ends | None:
    """Bias-corrected and accelerated, as scipy.stats.bootstrap does it; None where anything is not finite."""
    places = sorted(sample.parts)
    if len(places) < 2:
        return None
    value, redrawn = sample.of(places), _redrawn(sample, places)
    without = [sample.of([other for other in places if other != place]) for place in places]
    left = [figure for figure in without if figure is not None]
    if value is None or redrawn is None or len(left) < len(places):
        return None
    acceleration, bias = _acceleration(left), _bias(value, redrawn)
    shares = [_corrected(share, bias, acceleration) for share in (0.025, 0.975)]
    if not all(map(isfinite, shares)):
        return None
    low, high = np.percentile([float(figure) for figure in redrawn], [100 * share for share in shares])
    return float(low), float(high)


def _acceleration(without: Sequence[Fraction]) -> float:
    mean = sum(without, Fraction(0)) / len(without)
    cubes = sum(float(mean - figure) ** 3 for figure in without)
    squares = sum(float(mean - figure) ** 2 for figure in without)
    return cubes / (6 * squares * sqrt(squares)) if squares else nan


def _bias(value: Fraction, redrawn: list[Fraction]) -> float:
    ranked = sorted(redrawn)
    share = (bisect_left(ranked, value) + bisect_right(ranked, value)) / (2 * len(ranked))
    return NORMAL.inv_cdf(share) if 0 < share < 1 else nan


def _corrected(share: float, bias: float, acceleration: float) -> float:
    moved = bias + NORMAL.inv_cdf(share)
    try:
        return NORMAL.cdf(bias + moved / (1 - acceleration * moved))
    except ZeroDivisionError:
        return nan


def resampled(now: Side, then: Side) -> Ends:
    """Of a change: the same draws on both sides, over the union of their accounts; `material` are their samples."""
    places = sorted({*now.material.parts, *then.material.parts})
    if len(places) < 2:
        return None, None
    ours, theirs = _redrawn(now.material, places), _redrawn(then.material, places)
    if ours is None or theirs is None:
        return None, None
    changes = [float(a - b) for a, b in zip(ours, theirs, strict=True)]
    low, high = np.percentile(changes, [2.5, 97.5])
    return float(low), float(high)

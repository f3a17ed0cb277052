"""How good predictions were: chances against what happened, and rankings against who it happened to.

`happened` holds one truth per prediction, `chances` 0-1, `scores` anything that puts the likeliest highest. None where
a figure is not defined.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from math import fsum


def brier(happened: Sequence[bool], chances: Sequence[float]) -> float | None:
    """The mean of (chance − happened)², 0 at best (Brier 1950); None of nothing."""
    squares = [(chance - truth) ** 2 for truth, chance in zip(happened, chances, strict=True)]
    return fsum(squares) / len(squares) if squares else None


def brier_skill(happened: Sequence[bool], chances: Sequence[float], base: float | None = None) -> float | None:
    """1 − Brier/Brier of always saying `base`: above 0 better than that; base: the share it happened to.

    None when the base rate itself is never wrong.
    """
    rate = base if base is not None else sum(happened) / len(happened) if happened else 0.0
    reached, reference = brier(happened, chances), brier(happened, [rate] * len(happened))
    return 1 - reached / reference if reached is not None and reference else None


def roc_auc(happened: Sequence[bool], scores: Sequence[float]) -> float | None:
    """The chance that one it happened to scores above one it did not, a tie counting half (Hanley & McNeil 1982)."""
    below, won, missed = 0, 0.0, sum(not truth for truth in happened)
    for hits, misses in reversed(list(_ranked(happened, scores))):
        won += hits * (below + misses / 2)
        below += misses
    hit = len(happened) - missed
    return won / (hit * missed) if hit and missed else None


def average_precision(happened: Sequence[bool], scores: Sequence[float]) -> float | None:
    """Σ (Rₙ − Rₙ₋₁)·Pₙ from the top, equal scores being one step, without interpolation (as scikit-learn has it)."""
    found, seen, total = 0, 0, 0.0
    for hits, misses in _ranked(happened, scores):
        found, seen = found + hits, seen + hits + misses
        total += hits * found / seen
    return total / found if found else None


def precision_at(happened: Sequence[bool], scores: Sequence[float], k: int) -> float | None:
    """The share of the k highest it happened to; of equal scores at the cut, the share of them that fits."""
    left, found = k, 0.0
    for hits, misses in _ranked(happened, scores):
        taken = min(left, hits + misses)
        found, left = found + hits * taken / (hits + misses), left - taken
    return found / k if k > 0 and left == 0 else None


def _ranked(happened: Sequence[bool], scores: Sequence[float]) -> Iterator[tuple[int, int]]:
    """Per distinct score from the highest down: how many it happened to, and how many it did not."""
    pairs = sorted(zip(scores, happened, strict=True), key=lambda pair: -pair[0])
    for _, group in groupby(pairs, key=lambda pair: pair[0]):
        truths = [bool(truth) for _, truth in group]
        yield sum(truths), len(truths) - sum(truths)

"""Percentiles of a few values by a named method: sources disagree on the same twelve numbers. A median's interval."""

from collections.abc import Sequence
from fractions import Fraction
from statistics import median
from typing import Literal, NamedTuple, get_args

Method = Literal[
    "inverted_cdf",
    "averaged_inverted_cdf",
    "closest_observation",
    "interpolated_inverted_cdf",
    "hazen",
    "weibull",
    "linear",
    "median_unbiased",
    "normal_unbiased",
]
METHODS: dict[str, Method] = {f"type {number}": method for number, method in enumerate(get_args(Method), 1)}
"""The nine of Hyndman & Fan (1996): type 7 is R's, numpy's and spreadsheets' default, type 6 NIST's (n + 1)p."""


def percentile(values: Sequence[float], percent: float, method: str = "type 7") -> float:
    """The value below which `percent` of 100 lie, by a method of METHODS."""
    import numpy as np

    return float(np.percentile(np.asarray(values, dtype=float), percent, method=METHODS[method]))


class MedianInterval(NamedTuple):
    """The median of some values, and the order statistics that enclose the true one with chance `coverage` or more."""

    median: float
    low: float
    high: float
    coverage: float


def median_interval(values: Sequence[float], level: float = 0.95) -> MedianInterval | None:
    """The k-th value from either end, the greatest k with 1 − 2·P(Bin(n, ½) < k) >= level (Thompson 1936).

    None when even the least and the greatest value enclose the median with a smaller chance: n < 6 for 95 %.
    """
    n, ordered = len(values), sorted(values)
    allowed = Fraction((1 - level) / 2) * 2**n
    below, ways, k = 0, 1, 0
    while below + ways <= allowed:
        below, ways, k = below + ways, ways * (n - k) // (k + 1), k + 1
    if k == 0:
        return None
    return MedianInterval(median(ordered), ordered[k - 1], ordered[n - k], 1 - 2 * below / 2**n)

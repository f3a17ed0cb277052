"""What a measurement came to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import quantiles


@dataclass(frozen=True)
class Report:
    """A table for people and the same figures for programs; units stand in the names."""

    title: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    figures: Mapping[str, float | int]


def percentile(values: Sequence[float], percent: int) -> float:
    """The value that so many percent of the values do not exceed, interpolated."""
    return quantiles(values, n=100, method="inclusive")[percent - 1]

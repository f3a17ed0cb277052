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
    return quantiles(values, n=100, method="inclusive")[percent - 1] if len(values) > 1 else values[0]


def held(value: float, most: float, form: str) -> str:
    """A figure beside the most that is asked for, in words: `0.42, asked ≤ 0.5` or `0.80, asked ≤ 0.5: missed`."""
    return f"{form.format(value)}, asked ≤ {form.format(most)}{'' if value <= most else ': missed'}"

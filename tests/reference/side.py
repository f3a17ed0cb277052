"""One side of a comparison: a KPI's figures for one period."""

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from tests.reference.population import View
from tests.reference.spans import Span

Number = Fraction | float
"""Exact where it can be."""

Ends = tuple[float | None, float | None]
"""Of an interval; None where it is open."""


@dataclass(frozen=True)
class Side:
    """`material` is what the change is computed from, as the KPI's own way of comparing takes it."""

    value: Number | None
    n: int
    accounts: int
    numerator: Number | None
    denominator: Number | None
    interval: Ends | None = None
    details: dict[str, Any] = field(default_factory=dict)
    material: Any = None


Measure = Callable[[View, Span], Side]
Compare = Callable[[Side, Side], Ends | None]
"""The interval of now − then, both of which have values; None: the two are not to be compared."""


def percent(part: Number, whole: Number) -> Number | None:
    """100 · part/whole; None of nothing."""
    return 100 * part / Fraction(whole) if whole else None


def hundredfold(ends: Ends) -> Ends:
    """An interval of shares in percent."""
    low, high = ends
    return (None if low is None else 100 * low, None if high is None else 100 * high)

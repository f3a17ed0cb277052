"""Percentiles of a few values by a named method: sources disagree on the same twelve numbers."""

from collections.abc import Sequence
from typing import Literal

METHODS: dict[str, Literal["linear", "weibull"]] = {"type 7": "linear", "type 6": "weibull"}


def percentile(values: Sequence[float], percent: float, method: str = "type 7") -> float:
    """The value below which `percent` of 100 lie; Hyndman & Fan (1996) type 7 (R's and numpy's default) or 6 (NIST)."""
    import numpy as np

    return float(np.percentile(np.asarray(values, dtype=float), percent, method=METHODS[method]))

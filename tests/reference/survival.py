"""Kaplan–Meier, its quantiles, and their log(−log) bands."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

from tests.reference.intervals import Z

Time = TypeVar("Time", int, float)

HAIR = 1e-12


@dataclass(frozen=True)
class Step:
    """A time at which something happened: the share surviving it, and Greenwood's sum (None: nobody is left)."""

    time: float
    survival: Fraction
    greenwood: Fraction | None

    @property
    def band(self) -> tuple[float, float | None]:
        """The log(−log) band; nothing is known of the upper one where nobody is left."""
        if self.greenwood is None:
            return 0.0, None
        share = float(self.survival)
        se = math.sqrt(self.greenwood) / abs(math.log(share))
        return share ** math.exp(Z * se), share ** math.exp(-Z * se)


def steps(times: Sequence[tuple[Time, bool]]) -> list[Step]:
    """From (time, whether it happened then; else no longer watched from then on)."""
    survival, greenwood = Fraction(1), Fraction(0)
    found = []
    for time in sorted({time for time, happened in times if happened}):
        at_risk = sum(other >= time for other, _ in times)
        events = sum(other == time and happened for other, happened in times)
        survival *= Fraction(at_risk - events, at_risk)
        if survival:
            greenwood += Fraction(events, at_risk * (at_risk - events))
        found.append(Step(time, survival, greenwood if survival else None))
    return found


def quantile(curve: Sequence[Step], p: float) -> float | None:
    """The smallest time that at most a share `p` survives; None: not reached."""
    return next((step.time for step in curve if float(step.survival) <= p + HAIR), None)


def quantile_ends(curve: Sequence[Step], p: float) -> tuple[float | None, float | None]:
    """The interval of a quantile: where the lower band, and where the upper one, comes down to `p`."""
    low = next((step.time for step in curve if step.band[0] <= p + HAIR), None)
    uppers = ((step.time, step.band[1]) for step in curve)
    return low, next((time for time, upper in uppers if upper is not None and upper <= p + HAIR), None)


def share_until(curve: Sequence[Step], time: Fraction | int) -> Fraction:
    """The share to whom it happened by `time`."""
    return 1 - min((step.survival for step in curve if step.time <= time), default=Fraction(1))

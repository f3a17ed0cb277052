"""The difference of two estimates that each come with an interval of their own."""

from math import hypot
from typing import NamedTuple

from kpi.stats.proportions import Bounds


class Estimate(NamedTuple):
    """A finite value and its interval; an end may be infinite."""

    value: float
    low: float
    high: float


def mover(now: Estimate, before: Estimate) -> Bounds:
    """The interval of now − before by the method of variance estimates recovery (Zou & Donner 2008).

    d − √((v₁ − l₁)² + (u₂ − v₂)²) to d + √((u₁ − v₁)² + (v₂ − l₂)²); an infinite end makes its own side infinite.
    """
    delta = now.value - before.value
    return Bounds(
        delta - hypot(now.value - now.low, before.high - before.value),
        delta + hypot(now.high - now.value, before.value - before.low),
    )

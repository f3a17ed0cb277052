"""The shifted-beta-geometric law, fitted by maximum likelihood to what was lost of what was at risk, month by month.

Its hazard in month t is α/(α + β + t − 1) = μ/(1 + ρ·(t − 1)) with μ = α/(α + β) and ρ = 1/(α + β). The likelihood of
terms, each conditional on survival to its entry month, is that of each month's lost and kept: Π h^d·(1 − h)^(n − d).
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from scipy.optimize import minimize_scalar

Months = Mapping[int, tuple[int, int]]
"""Month of a term's life, from 1 → (lost, at risk)."""


@dataclass(frozen=True)
class ShiftedBetaGeometric:
    """ρ = 0 is the geometric law, to which the others tend as α and β grow."""

    mu: float
    rho: float

    def hazard(self, month: int) -> float:
        """Which share of those left is lost in this month."""
        return self.mu / (1 + self.rho * (month - 1))

    def survival(self, month: int, *, given: int) -> float:
        """Which share of those left after month `given` is left after `month`."""
        return math.prod(1 - self.hazard(one) for one in range(given + 1, month + 1))

    def log_likelihood(self, months: Months) -> float:
        """Of what was seen."""
        total = 0.0
        for month, (lost, at_risk) in months.items():
            hazard = self.hazard(month)
            total += lost * math.log(hazard)
            if at_risk > lost:
                total += (at_risk - lost) * math.log1p(-hazard)
        return total


def fitted(months: Months) -> ShiftedBetaGeometric:
    """The likeliest; somebody was lost. Where all are equally likely, the geometric."""

    def cost(log_rho: float) -> float:
        return -_likeliest(months, math.exp(log_rho)).log_likelihood(months)

    start = min(range(-16, 21), key=cost)
    found = minimize_scalar(cost, bounds=(start - 1, start + 1), method="bounded", options={"xatol": 1e-10})
    candidates = [_likeliest(months, rho) for rho in (0.0, math.exp(start), math.exp(found.x))]
    best = candidates[0]
    for candidate in candidates[1:]:
        if candidate.log_likelihood(months) > best.log_likelihood(months) + 1e-12:
            best = candidate
    return best


def _likeliest(months: Months, rho: float) -> ShiftedBetaGeometric:
    """The likeliest μ with this ρ: the likelihood rises and then falls, so its slope is halved down to nought."""

    def slope(mu: float) -> float:
        total = 0.0
        for month, (lost, at_risk) in months.items():
            weight = 1 / (1 + rho * (month - 1))
            total += lost / mu
            if at_risk > lost:
                total -= (at_risk - lost) * weight / (1 - mu * weight)
        return total

    return ShiftedBetaGeometric(_root(slope), rho)


def _root(slope: Callable[[float], float]) -> float:
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if middle == 1.0 or slope(middle) > 0:
            low = middle
        else:
            high = middle
    return high

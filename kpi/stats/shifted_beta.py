"""The shifted-beta-geometric model of how long clients stay (Fader & Hardie 2007, Projecting customer retention)."""

from collections.abc import Iterable
from math import exp, inf, lgamma, log
from typing import NamedTuple


class Tenure(NamedTuple):
    """`weight` clients seen from `entry` months on, until they were lost in month `end` or last seen after `end`."""

    entry: int
    end: int
    lost: bool
    weight: float = 1.0


class ShiftedBeta(NamedTuple):
    """Every client has a chance of loss per month of its own, spread over clients as Beta(alpha, beta)."""

    alpha: float
    beta: float

    @property
    def mean_loss(self) -> float:
        """The chance of loss in the first month: alpha/(alpha + beta)."""
        return self.alpha / (self.alpha + self.beta)

    def retention(self, month: int) -> float:
        """Of those there before `month` (1, 2, …) the share there after it: (beta + t − 1)/(alpha + beta + t − 1)."""
        return (self.beta + month - 1) / (self.alpha + self.beta + month - 1)

    def log_survival(self, months: int) -> float:
        """ln S(t) = ln B(alpha, beta + t) − ln B(alpha, beta)."""
        a, b = self.alpha, self.beta
        return lgamma(b + months) - lgamma(a + b + months) - lgamma(b) + lgamma(a + b)

    def log_likelihood(self, tenures: Iterable[Tenure]) -> float:
        """Each tenure given survival to its entry; a loss in month t has S(t−1) · (1 − retention(t))."""
        total = 0.0
        for entry, end, lost, weight in tenures:
            reached = self.log_survival(end - 1) + log(1 - self.retention(end)) if lost else self.log_survival(end)
            total += weight * (reached - self.log_survival(entry))
        return total


def fit(tenures: Iterable[Tenure]) -> ShiftedBeta | None:
    """The most likely model; None without any loss, when every model that loses less is likelier."""
    from scipy.optimize import minimize

    seen = tuple(tenures)
    if not any(tenure.lost and tenure.weight > 0 for tenure in seen):
        return None

    def cost(logs: Iterable[float]) -> float:
        alpha, beta = (exp(value) for value in logs)
        return -ShiftedBeta(alpha, beta).log_likelihood(seen) if 0 < alpha < inf and 0 < beta < inf else inf

    found = minimize(cost, (0.0, 1.0), method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-12, "maxiter": 4000})
    return ShiftedBeta(*(exp(float(value)) for value in found.x))

"""The shifted-beta-geometric model of how long clients stay (Fader & Hardie 2007, Projecting customer retention)."""

from collections.abc import Callable, Iterable
from math import log, log1p
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SPREADS = (1e-8, 1e8)
"""The least and the greatest 1/(alpha + beta): at the least, clients are all alike for as long as anybody looks."""


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
        """ln S(t) = Σ ln retention = ln B(alpha, beta + t) − ln B(alpha, beta), exact also for large parameters."""
        return -sum(log1p(self.alpha / (self.beta + month)) for month in range(months))

    def log_survivals(self, months: int) -> "Floats":
        """ln S(0), ln S(1), … ln S(months)."""
        import numpy as np

        return np.append(0.0, -np.cumsum(np.log1p(self.alpha / (self.beta + np.arange(months)))))

    def log_likelihood(self, tenures: Iterable[Tenure]) -> float:
        """Each tenure given survival to its entry; a loss in month t has S(t−1) · (1 − retention(t))."""
        total = 0.0
        for entry, end, lost, weight in tenures:
            reached = self.log_survival(end - 1) + log(1 - self.retention(end)) if lost else self.log_survival(end)
            total += weight * (reached - self.log_survival(entry))
        return total


class Exposure(NamedTuple):
    """Per month t of a tenure, `before` = t − 1 months after its beginning: how many were lost in it, how many stayed.

    With m the loss in the first month and s = 1/(alpha + beta), month t loses m/(1 + (t − 1)s) of its clients: the
    whole likelihood in two numbers, s = 0 being clients who are all alike.
    """

    before: "Floats"
    lost: "Floats"
    stayed: "Floats"

    def mean_loss(self, spread: float) -> float:
        """The likeliest m for an s: Σ lost/m = Σ stayed/(1 − m + (t − 1)s), the derivative by m, falls all the way."""
        total, later = self.lost.sum(), self.before * spread

        def slope(m: float) -> float:
            return float(total / m - (self.stayed / (1 - m + later)).sum())

        return _root(slope, 1e-12, 1 - 1e-12)

    def log_likelihood(self, spread: float) -> float:
        """At the likeliest m for this s."""
        import numpy as np

        m, later = self.mean_loss(spread), self.before * spread
        lost = self.lost.sum() * log(m) + (self.stayed * np.log(1 - m + later)).sum()
        return float(lost - ((self.lost + self.stayed) * np.log1p(later)).sum())

    def slope(self, spread: float) -> float:
        """The derivative of that by s."""
        m, later = self.mean_loss(spread), self.before * spread
        terms = self.stayed / (1 - m + later) - (self.lost + self.stayed) / (1 + later)
        return float((self.before * terms).sum())


def fit(tenures: Iterable[Tenure]) -> ShiftedBeta | None:
    """The most likely model; None without any loss, when every model that loses less is likelier.

    Clients as alike as can be told give a very large alpha and beta: the geometric model.
    """
    import numpy as np

    exposure = _exposure(tenures)
    if exposure is None:
        return None
    spreads = np.geomspace(*SPREADS, 65)
    best = int(np.argmax([exposure.log_likelihood(spread) for spread in spreads]))
    low, high = spreads[max(best - 1, 0)], spreads[min(best + 1, len(spreads) - 1)]
    spread = _root(exposure.slope, float(low), float(high))
    mean_loss = exposure.mean_loss(spread)
    return ShiftedBeta(mean_loss / spread, (1 - mean_loss) / spread)


def _root(falling: Callable[[float], float], low: float, high: float) -> float:
    """Where a function falls through 0 between `low` and `high`; the nearer end when it does not."""
    from scipy.optimize import brentq

    if falling(low) <= 0:
        return low
    return high if falling(high) >= 0 else float(brentq(falling, low, high, xtol=1e-300, rtol=1e-14))


def _exposure(tenures: Iterable[Tenure]) -> Exposure | None:
    """Tenures that end before they were first seen were never at risk; None when nobody was seen to leave."""
    import numpy as np

    rows = np.array([(t.entry, t.end - bool(t.lost), t.lost, t.weight) for t in tenures], dtype=float).reshape(-1, 4)
    rows = rows[(rows[:, 0] <= rows[:, 1]) & (rows[:, 3] > 0)]
    entry, reached, gone = (rows[:, column].astype(np.int64) for column in range(3))
    weight = rows[:, 3]
    if not gone.any():
        return None
    months = int(reached.max()) + 1
    lost = np.bincount(reached, weight * gone, months).astype(np.float64)
    change = np.bincount(entry, weight, months + 1) - np.bincount(reached, weight, months + 1)
    stayed = np.cumsum(change)[:months].astype(np.float64)
    stayed[stayed < 1e-12 * weight.sum()] = 0
    return Exposure(np.arange(months, dtype=np.float64), lost, stayed)

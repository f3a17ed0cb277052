"""Net scores (promoters − detractors): the adjusted Wald interval and the difference of two. All on −1 to 1."""

from math import sqrt
from typing import NamedTuple

from kpi.stats.proportions import Bounds, z_value


class Tally(NamedTuple):
    """Promoters, passives and detractors; broken counts where they are scaled to an effective n*."""

    promoters: float
    passives: float
    detractors: float

    @property
    def n(self) -> float:
        """All answers."""
        return self.promoters + self.passives + self.detractors

    @property
    def score(self) -> float:
        """P − D."""
        return (self.promoters - self.detractors) / self.n

    @property
    def variance(self) -> float:
        """Of one answer on {−1, 0, 1}: P + D − (P − D)² (dividing by n, not n − 1)."""
        return (self.promoters + self.detractors) / self.n - self.score**2

    def scaled(self, n: float) -> "Tally":
        """The same shares of `n` answers."""
        return Tally(*(count * n / self.n for count in self))

    def adjusted(self) -> "Tally":
        """With ¾ promoter, 1½ passives and ¾ detractor added (Rocks 2016, arXiv:1601.07235)."""
        return Tally(self.promoters + 0.75, self.passives + 1.5, self.detractors + 0.75)


def wald(tally: Tally, level: float = 0.95) -> Bounds:
    """(P − D) ± z·√(variance/n), not clipped; the plain one, too narrow for few answers."""
    half = z_value(level) * sqrt(tally.variance / tally.n)
    return Bounds(tally.score - half, tally.score + half)


def adjusted_wald(tally: Tally, level: float = 0.95) -> Bounds:
    """Wald's interval of the adjusted counts, clipped to −1 and 1 (Rocks 2016)."""
    low, high = wald(tally.adjusted(), level)
    return Bounds(max(low, -1.0), min(high, 1.0))


class Difference(NamedTuple):
    """now − before: the estimate and its standard error."""

    delta: float
    error: float

    def bounds(self, level: float = 0.95) -> Bounds:
        """delta ± z·error, not clipped."""
        half = z_value(level) * self.error
        return Bounds(self.delta - half, self.delta + half)


def difference(now: Tally, before: Tally) -> Difference:
    """Of two independent scores: Δ, √(v₁/n₁ + v₂/n₂). Pass adjusted counts for the adjusted Wald difference."""
    return Difference(now.score - before.score, sqrt(now.variance / now.n + before.variance / before.n))

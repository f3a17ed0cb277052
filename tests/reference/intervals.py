"""95 % intervals by their formulas."""

import math
from collections.abc import Sequence
from fractions import Fraction
from statistics import NormalDist

from scipy.stats import gamma, t

from tests.reference.side import Ends, Side

Z = NormalDist().inv_cdf(0.975)

Clusters = Sequence[Sequence[int]]
"""Values of answers, account by account; no account without any."""


def effective_n(clusters: Clusters) -> float:
    """How many independent answers these are worth (n*)."""
    m, n = len(clusters), sum(map(len, clusters))
    if not 2 <= m < n:
        return float(n)
    mean = Fraction(sum(map(sum, clusters)), n)
    between = sum((sum(values) - len(values) * mean) ** 2 for values in clusters)
    var_c = Fraction(m, m - 1) * between / n**2
    var_s = (Fraction(sum(x * x for values in clusters for x in values), n) - mean**2) / n
    deff = max(1.0, float(var_c / var_s)) if var_s else 1.0
    return float(n / deff * (t.ppf(0.975, n - 1) / t.ppf(0.975, m - 1)) ** 2)


def wilson(p: float, n: float) -> Ends:
    """Of a proportion."""
    centre = (p + Z**2 / (2 * n)) / (1 + Z**2 / n)
    half = Z * math.sqrt(p * (1 - p) / n + Z**2 / (4 * n**2)) / (1 + Z**2 / n)
    return max(0.0, centre - half), min(1.0, centre + half)


def newcombe(now: Side, then: Side) -> Ends:
    """Of a difference of proportions in percent; `material` is (p, n)."""
    (p1, n1), (p2, n2) = now.material, then.material
    return _recovered((100 * p1, *_percent(p1, n1)), (100 * p2, *_percent(p2, n2)))


def _percent(p: float, n: float) -> tuple[float, float]:
    low, high = wilson(p, n)
    assert low is not None
    assert high is not None
    return 100 * low, 100 * high


def adjusted_wald(promoters: int, passives: int, detractors: int, n_star: float) -> tuple[float, float]:
    """The adjusted mean of promoters (1) and detractors (−1), and its variance."""
    scale = n_star / (promoters + passives + detractors)
    up, down, n = promoters * scale + 0.75, detractors * scale + 0.75, n_star + 3
    mean = (up - down) / n
    return mean, ((up + down) / n - mean**2) / n


def adjusted_wald_ends(mean: float, variance: float) -> Ends:
    """In points."""
    half = Z * math.sqrt(variance)
    return max(-100.0, 100 * (mean - half)), min(100.0, 100 * (mean + half))


def adjusted_wald_difference(now: Side, then: Side) -> Ends:
    """Centred on the adjusted difference; `material` is (adjusted mean, its variance)."""
    (mean1, variance1), (mean2, variance2) = now.material, then.material
    half = Z * math.sqrt(variance1 + variance2)
    return 100 * (mean1 - mean2 - half), 100 * (mean1 - mean2 + half)


def mover(now: Side, then: Side) -> Ends:
    """Of a difference, recovered from the two intervals."""
    assert now.value is not None
    assert then.value is not None
    if now.interval is None or then.interval is None:
        return None, None
    return _recovered((float(now.value), *now.interval), (float(then.value), *then.interval))


Estimate = tuple[float, float | None, float | None]


def _recovered(now: Estimate, then: Estimate) -> Ends:
    (v1, low1, high1), (v2, low2, high2) = now, then
    low = None if low1 is None or high2 is None else v1 - v2 - math.hypot(v1 - low1, high2 - v2)
    high = None if high1 is None or low2 is None else v1 - v2 + math.hypot(high1 - v1, v2 - low2)
    return low, high


def poisson_rate(counts: Sequence[tuple[int, int]]) -> Ends:
    """Events per unit of exposure, from each account's (events, exposure > 0), widened where they differ too much."""
    y, e, m = sum(y for y, _ in counts), sum(e for _, e in counts), len(counts)
    dispersion = Fraction(1)
    if m > 1 and y > 0:
        expected = [Fraction(y, e) * exposure for _, exposure in counts]
        squares = ((events - mean) ** 2 / mean for (events, _), mean in zip(counts, expected, strict=True))
        dispersion = max(Fraction(1), sum(squares, Fraction(0)) / (m - 1))
    events, exposure = float(y / dispersion), float(e / dispersion)
    low = float(gamma.ppf(0.025, events)) / exposure if y else 0.0
    return low, float(gamma.ppf(0.975, events + 1)) / exposure

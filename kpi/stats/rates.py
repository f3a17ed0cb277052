"""Rates: losses that compound over time, and counts of events per exposure."""

from collections.abc import Sequence
from math import fsum, inf
from typing import NamedTuple

from kpi.stats.proportions import Bounds


def scaled(rate: float, times: float) -> float:
    """A rate of loss over `times` equal spans in a row: 1 − (1 − r)^times, never r · times."""
    return float(1 - (1 - rate) ** times)


def with_joiners(lost: int, at_start: int, joined: int) -> float | None:
    """Losses, joiners among them, of all who were there at any time: lost/(at start + joined); None of nobody."""
    return lost / (at_start + joined) if at_start + joined else None


def garwood(count: float, exposure: float, level: float = 0.95) -> Bounds:
    """The exact interval of a Poisson rate (Garwood 1936), per unit of exposure; R's poisson.test for whole counts.

    The gamma quantiles Γ⁻¹(count, α/2) and Γ⁻¹(count + 1, 1 − α/2) over the exposure; the low end is 0 without events.
    """
    from scipy.special import gammaincinv

    low = gammaincinv(count, (1 - level) / 2) if count > 0 else 0.0
    return Bounds(float(low) / exposure, float(gammaincinv(count + 1, (1 + level) / 2)) / exposure)


def overdispersion(counts: Sequence[float], exposures: Sequence[float]) -> float:
    """φ = max(1, Σ(y − λe)²/(λe)/(m − 1)), λ = Σy/Σe: how much more m counts scatter than Poisson's (Pearson's χ²).

    1 for fewer than two counts or no event at all; a count without exposure is left out.
    """
    pairs = [(float(y), float(e)) for y, e in zip(counts, exposures, strict=True) if e > 0]
    events = fsum(y for y, _ in pairs)
    if len(pairs) < 2 or events == 0:
        return 1.0
    rate = events / fsum(e for _, e in pairs)
    return max(1.0, fsum((y - rate * e) ** 2 / (rate * e) for y, e in pairs) / (len(pairs) - 1))


class RateRatio(NamedTuple):
    """How many times the earlier rate the later one is: inf after no events before, None when there are none at all."""

    ratio: float | None
    bounds: Bounds
    p: float


def rate_ratio(now: tuple[int, float], before: tuple[int, float], level: float = 0.95) -> RateRatio:
    """Two rates from (whole count, exposure) each, given the sum of both counts; R's poisson.test of two counts.

    Given the sum, the later count is binomial (Przyborowski & Wilenski 1940): two-sided p by the likelihoods, bounds
    p/(1 − p) · e₂/e₁ from Clopper & Pearson's.
    """
    from scipy.stats import binomtest

    (count, exposure), (earlier, earlier_exposure) = now, before
    if count + earlier == 0:
        return RateRatio(None, Bounds(0.0, inf), 1.0)
    test = binomtest(count, count + earlier, exposure / (exposure + earlier_exposure))
    low, high = (
        float(share) / (1 - float(share)) * earlier_exposure / exposure if share < 1 else inf
        for share in test.proportion_ci(level, method="exact")
    )
    ratio = count / exposure * earlier_exposure / earlier if earlier else inf
    return RateRatio(ratio, Bounds(low, high), float(test.pvalue))

"""Intervals of ratios of sums by drawing whole accounts anew; the same draws every time."""

from collections.abc import Callable, Iterator
from functools import lru_cache
from math import ceil, log10
from typing import TYPE_CHECKING, Any

from kpi.stats.proportions import Bounds

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Statistic = Callable[[Floats], Floats]

DRAWS = 2000
SEED = 20260101
DIGITS = 12
CELLS = 1_000_000
"""Drawn rows held at once: three arrays of them are 24 MB."""
KEPT_ROWS = 5_000
"""Of so many rows at most the draws are kept for the next time."""


def ratio(sums: "Floats") -> "Floats":
    """sums[..., 0]/sums[..., 1]."""
    quotient: Floats = sums[..., 0] / sums[..., 1]
    return quotient


def bca(columns: "Floats", statistic: "Statistic", level: float = 0.95) -> Bounds | None:
    """The bias-corrected and accelerated interval (Efron 1987), digit by digit that of scipy.stats.bootstrap.

    columns: (n, k), one row per account; statistic: column sums (..., k) → values (...). None for fewer than two
    accounts, or when a draw, a leave-one-out value or a bound is not finite.
    """
    import numpy as np

    if len(columns) < 2:
        return None
    total = columns.sum(axis=0)
    with np.errstate(all="ignore"):
        value, left_out, drawn = _even(statistic(total), statistic(total - columns), statistic(_drawn_sums(columns)))
        ends = _adjusted_levels(float(value), drawn, left_out, (1 - level) / 2)
    varies = np.isfinite(left_out).all() and np.ptp(left_out) > 0
    return _percentiles(drawn, ends) if varies else None


def percentile_change(now: "Floats", before: "Floats", statistic: "Statistic", level: float = 0.95) -> Bounds | None:
    """The percentile interval of statistic(now) − statistic(before) over one union of accounts, row by row the same.

    Both sides are drawn together. None for fewer than two accounts, which do not vary, or when a draw is not finite.
    """
    import numpy as np

    if len(now) < 2:
        return None
    k = now.shape[1]
    sums = _drawn_sums(np.concatenate([now, before], axis=1))
    with np.errstate(all="ignore"):
        after, earlier = _even(statistic(sums[:, :k]), statistic(sums[:, k:]))
        change = after - earlier
    return _percentiles(change, ((1 - level) / 2, (1 + level) / 2))


def _even(*parts: "Floats") -> "tuple[Floats, ...]":
    """The values without what is beyond the usual ones' twelfth digit, or the twelfth decimal.

    Sums in another order are the same sums, and what did not change has not changed by a hair.
    """
    import numpy as np

    decimals = DIGITS - ceil(log10(max(1.0, *map(_usual_size, parts))))
    return tuple(np.round(part, decimals) for part in parts)


def _usual_size(values: "Floats") -> float:
    """The middle of the finite values' sizes, 0 without any."""
    import numpy as np

    sizes = np.abs(np.atleast_1d(values))
    finite = sizes[np.isfinite(sizes)]
    return float(np.median(finite)) if finite.size else 0.0


def _drawn_sums(columns: "Floats") -> "Floats":
    """(DRAWS, k): the column sums of n rows drawn with replacement, per draw.

    Each draw is how often every row comes: their product with the columns is the sums.
    """
    import numpy as np

    kept, n = np.ascontiguousarray(columns, dtype=float), len(columns)
    counts = _kept_counts(n) if n <= KEPT_ROWS else _counts(n)
    return np.concatenate([part.astype(float) @ kept for part in counts])


@lru_cache(maxsize=4)
def _kept_counts(n: int) -> "tuple[NDArray[Any], ...]":
    """The draws of n rows, which are the same whoever's they are: DRAWS · n small numbers, 10 MB at most."""
    return tuple(_counts(n))


def _counts(n: int) -> "Iterator[NDArray[Any]]":
    """How often each row is among those default_rng(SEED).integers(0, n, (DRAWS, n)) holds, a few draws at a time."""
    import numpy as np

    rng, size = np.random.default_rng(SEED), max(1, CELLS // n)
    for first in range(0, DRAWS, size):
        draws = min(size, DRAWS - first)
        rows = rng.integers(0, n, (draws, n)) + n * np.arange(draws)[:, None]
        yield np.bincount(rows.ravel(), minlength=draws * n).reshape(draws, n).astype(np.uint8)


def _adjusted_levels(value: float, drawn: "Floats", left_out: "Floats", alpha: float) -> tuple[float, float]:
    """The levels α₁, α₂ to read off the draws: Φ(z₀ + (z₀ + z)/(1 − a(z₀ + z))) (Efron & Tibshirani 1993, 14.10).

    z₀ = Φ⁻¹ of the share of draws below the value, ties half; a = Σu³/(6(Σu²)^1.5), u = mean − leave-one-out value.
    """
    from scipy.special import ndtr, ndtri

    z0 = ndtri(((drawn < value).sum() + (drawn <= value).sum()) / (2 * len(drawn)))
    n = float(len(left_out))
    u = (n - 1) * (left_out.mean() - left_out)
    acceleration = 1 / 6 * ((u**3).sum() / n**3) / ((u**2).sum() / n**2) ** 1.5
    shifted = (z0 + ndtri(alpha), z0 - ndtri(alpha))
    low, high = (float(ndtr(z0 + each / (1 - acceleration * each))) for each in shifted)
    return low, high


def _percentiles(drawn: "Floats", ends: tuple[float, float]) -> Bounds | None:
    import numpy as np

    if not (np.isfinite(drawn).all() and np.isfinite(ends).all()):
        return None
    low, high = np.quantile(drawn, ends)
    return Bounds(float(low), float(high))

"""Many comparisons at once: which of them still count. One answer per p value, in the caller's order."""

from collections.abc import Sequence


def benjamini_hochberg(p_values: Sequence[float], q: float) -> tuple[bool, ...]:
    """Which are rejected when at most a share q of the rejected may be false (Benjamini & Hochberg 1995).

    All up to the last in ascending order with p₍ᵢ₎ <= q·i/m.
    """
    ordered, m = sorted(p_values), len(p_values)
    passed = [p for rank, p in enumerate(ordered, 1) if p <= q * rank / m]
    return tuple(bool(passed) and p <= passed[-1] for p in p_values)


def holm(p_values: Sequence[float], alpha: float) -> tuple[bool, ...]:
    """Which are rejected when a single false one may happen with chance alpha (Holm 1979).

    All before the first in ascending order with p₍ᵢ₎ > alpha/(m − i + 1).
    """
    ordered, m = sorted(p_values), len(p_values)
    stopped = next((p for rank, p in enumerate(ordered) if p > alpha / (m - rank)), None)
    return tuple(stopped is None or p < stopped for p in p_values)


def bonferroni(p_values: Sequence[float], alpha: float) -> tuple[bool, ...]:
    """The same with every p held against alpha/m; Holm's rejects all of these and more."""
    return tuple(p <= alpha / len(p_values) for p in p_values)

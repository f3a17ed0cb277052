"""How long until something happens when some are still waiting: the curve of Kaplan & Meier (1958) and its bounds.

S(t) = Π_{i ≤ t} (1 − dᵢ/nᵢ) over the distinct event times i: dᵢ events among nᵢ at risk. Times keep the caller's unit.
"""

from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING, Any, Literal

from kpi.stats.proportions import Bounds, z_value

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

ROUNDING = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """One row per distinct event time, ascending; whole durations and unweighted counts stay whole.

    `variance` is Greenwood's sum Σ d/(n(n − d)), infinite from where nobody is left.
    """

    times: "NDArray[Any]"
    at_risk: "NDArray[Any]"
    events: "NDArray[Any]"
    survival: "NDArray[np.float64]"
    variance: "NDArray[np.float64]"

    def at(self, time: float) -> float:
        """S(time); 1 before the first event."""
        passed = int(self.times.searchsorted(time, side="right"))
        return float(self.survival[passed - 1]) if passed else 1.0

    def quantile(self, p: float) -> float | None:
        """The smallest event time with S <= p: the median for p = 0.5; None when the curve stays above."""
        found = _first(self.times, self.survival, p)
        return None if found == inf else found

    def bands(self, level: float = 0.95) -> "tuple[NDArray[np.float64], NDArray[np.float64]]":
        """The lower and the upper log(−log) band S^exp(±z·se), se = √variance/|log S| (Kalbfleisch & Prentice 1980).

        Where S = 0 the lower one is 0 and the upper one nan.
        """
        import numpy as np

        inside = (self.survival > 0) & (self.survival < 1)
        s = self.survival[inside]
        spread = np.exp(z_value(level) * np.sqrt(self.variance[inside]) / -np.log(s))
        low, high = self.survival.copy(), np.where(self.survival == 0, np.nan, self.survival)
        low[inside], high[inside] = s**spread, s ** (1 / spread)
        return low, high

    def quantile_bounds(self, p: float, level: float = 0.95) -> Bounds:
        """A quantile's bounds (Brookmeyer & Crowley 1982): where each band is first at p or below, inf when never."""
        low, high = self.bands(level)
        return Bounds(_first(self.times, low, p), _first(self.times, high, p))


def _first(times: "NDArray[Any]", curve: "NDArray[np.float64]", p: float) -> float:
    below = (curve <= p + ROUNDING).nonzero()[0]
    return times[below[0]].item() if below.size else inf


def kaplan_meier(
    durations: "ArrayLike",
    observed: "ArrayLike",
    entry: "ArrayLike | None" = None,
    weights: "ArrayLike | None" = None,
) -> Curve:
    """The curve of n subjects: each at risk until `duration`, where the event is `observed` or sight of it lost.

    With `entry` (delayed entry) a subject is at risk at t only when entry < t <= duration; without, from the beginning
    on, t = 0 included. A weight counts a subject several times or in part.
    """
    import numpy as np

    ends, seen = np.asarray(durations), np.asarray(observed, dtype=bool)
    counts = None if weights is None else np.asarray(weights)
    starts = None if entry is None else np.asarray(entry)
    if starts is not None:
        ever = starts < ends
        ends, seen, starts = ends[ever], seen[ever], starts[ever]
        counts = None if counts is None else counts[ever]
    everybody, lost = _Ends.of(ends, counts), _Ends.of(ends[seen], None if counts is None else counts[seen])
    times = lost.distinct()
    at_risk = everybody.beyond(times, "left")
    if starts is not None:
        at_risk = at_risk - _Ends.of(starts, counts).beyond(times, "left")
    return _curve(times, at_risk, lost.beyond(times, "left") - lost.beyond(times, "right"))


@dataclass(frozen=True, slots=True, eq=False)
class _Ends:
    """Ends in ascending order, and the weight of each and all after it with a 0 behind; None: each counts once."""

    ends: "NDArray[Any]"
    weight: "NDArray[Any] | None"

    @classmethod
    def of(cls, ends: "NDArray[Any]", counts: "NDArray[Any] | None") -> "_Ends":
        import numpy as np

        if counts is None:
            return cls(np.sort(ends), None)
        order = np.argsort(ends, kind="stable")
        return cls(ends[order], np.append(np.cumsum(counts[order][::-1])[::-1], np.zeros(1, dtype=counts.dtype)))

    def distinct(self) -> "NDArray[Any]":
        """Every end that has any weight, once."""
        import numpy as np

        if self.weight is None:
            ends = self.ends
            return ends[np.append(True, ends[1:] != ends[:-1])] if ends.size else ends
        return np.unique(self.ends[self.weight[:-1] > self.weight[1:]])

    def beyond(self, times: "NDArray[Any]", side: Literal["left", "right"]) -> "NDArray[Any]":
        """Per time the weight of those whose end is at it or later ("left"), or later only ("right")."""
        import numpy as np

        first = np.searchsorted(self.ends, times, side=side)
        return len(self.ends) - first if self.weight is None else self.weight[first]


def _curve(times: "NDArray[Any]", at_risk: "NDArray[Any]", events: "NDArray[Any]") -> Curve:
    import numpy as np

    left = at_risk - events
    left = np.where(left <= ROUNDING * at_risk, 0, left)
    with np.errstate(divide="ignore"):
        variance = np.cumsum(events / (at_risk * left.astype(float)))
    return Curve(times, at_risk, events, np.cumprod(left / at_risk), variance)


def log_rank(one: "tuple[ArrayLike, ArrayLike]", other: "tuple[ArrayLike, ArrayLike]") -> tuple[float, float]:
    """χ² with one degree of freedom and its p (Mantel 1966) for two groups of (durations, observed); R's survdiff.

    (0, 1) when the events tell nothing: at none of their times both groups are at risk and somebody stays.
    """
    import numpy as np
    from statsmodels.duration.survfunc import survdiff

    groups = [(np.asarray(durations, dtype=float), np.asarray(seen, dtype=float)) for durations, seen in (one, other)]
    if not all(len(ends) for ends, _ in groups):
        return 0.0, 1.0
    durations, observed = (np.concatenate(parts) for parts in zip(*groups, strict=True))
    try:
        chi2, p = survdiff(durations, observed, np.repeat([0, 1], [len(ends) for ends, _ in groups]))
    except np.linalg.LinAlgError:  # the variance is 0
        return 0.0, 1.0
    return float(chi2), float(p)

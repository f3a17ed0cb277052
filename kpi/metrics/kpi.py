"""What a KPI's arithmetic consists of."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from kpi.errors import UnknownWord
from kpi.facts import Facts
from kpi.metrics.measure import Measure
from kpi.model import CLIENTS
from kpi.periods import Period
from kpi.stats.proportions import Bounds

RANGES = {"percent": (0.0, 100.0), "points": (-100.0, 100.0), "score": (0.0, 100.0)}
MOST = 1e12
"""More than any amount or length of time is aimed for."""

Measurer = Callable[[Facts, Period], Measure[Any]]
Changer = Callable[[Measure[Any], Measure[Any]], Bounds | None]


@dataclass(frozen=True, slots=True)
class Base:
    """What a KPI is computed from.

    `frames` of Facts it reads; `period`: the words shown when none are given; `reads`: what it takes of a period, after
    “It looks at”; `counts`: what n counts, one and several;
    `private`: n counts what people did, and fewer than the definition's min_n are not shown; `wide`: it reads the whole
    workspace whatever the scope; `waits`: it counts how long something has lasted by now, so that it changes by itself;
    `lookback_days`: how long before the earliest period its dated facts begin.
    """

    frames: frozenset[str]
    period: str
    reads: str
    counts: tuple[str, str] = CLIENTS
    private: bool = False
    wide: bool = False
    waits: bool = False
    lookback_days: int = 0

    def window(self, period: Period, previous: Period) -> tuple[date, date]:
        """The local days `[first, end)` whose dated facts (answers, not terms) a KPI and its change read."""
        return min(period.start, previous.start) - timedelta(days=self.lookback_days), max(period.end, previous.end)


@dataclass(frozen=True, slots=True)
class Doubt:
    """How far a value may be off: the method of its interval, and the interval of a change."""

    interval: str
    change: Changer


@dataclass(frozen=True, slots=True)
class Kpi:
    """One KPI's arithmetic. How it is named, judged and aimed at is its KpiDefinition, found by `key`.

    `better`: up or down; `variants`: every way to measure it by name, where there are several, `variant` the one of
    `measure`; `lowest`: of percent that may exceed 100, the least there can be.
    """

    key: str
    unit: str
    better: str
    measure: Measurer
    base: Base
    doubt: Doubt
    variants: Mapping[str, Measurer] = field(default_factory=dict)
    variant: str | None = None
    lowest: float | None = None

    @property
    def reach(self) -> tuple[float, float]:
        """The least and the most that can be aimed for."""
        return RANGES.get(self.unit, (0.0, MOST)) if self.lowest is None else (self.lowest, MOST)

    def as_variant(self, name: str | None) -> "Kpi":
        """The same KPI measured the way `name` says; None: the usual way. UnknownWord with the ways there are."""
        if name is None:
            return self
        if name not in self.variants:
            ways = f"there are {', '.join(self.variants)}" if self.variants else "it has none"
            raise UnknownWord(f"“{name[:40]}” is not a variant of {self.key}: {ways}.", tuple(self.variants))
        return replace(self, measure=self.variants[name], variant=name)

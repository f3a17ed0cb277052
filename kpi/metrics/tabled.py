"""Measures made in two steps: what every account has, once; then what some of them come to together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from kpi.metrics.population import members

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kpi.facts import Facts
    from kpi.metrics.measure import Measure
    from kpi.periods import Period

Table = TypeVar("Table")


@dataclass(frozen=True, slots=True)
class Tabled(Generic[Table]):
    """A measure of accounts: `table` is what all of the facts' scope have in a period, `of` makes the measure of some.

    Many groups are measured so without reading the whole workspace for each of them.
    """

    table: Callable[[Facts, Period], Table]
    of: Callable[[Table, Sequence[int]], Measure[Any]]

    def __call__(self, facts: Facts, period: Period) -> Measure[Any]:
        """The measure of the facts' whole scope."""
        return self.of(self.table(facts, period), members(facts))

"""KPIs made of sums over accounts: BCa bootstrap over accounts, the same draws on both sides of a change."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import fsum, inf
from typing import TYPE_CHECKING, Any

from kpi.metrics.measure import Measure, of_accounts
from kpi.model import Interval
from kpi.stats.bootstrap import bca, percentile_change, ratio
from kpi.stats.proportions import Bounds

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    Parts = tuple[float | None, float | None]


@dataclass(frozen=True, slots=True)
class PerAccount:
    """Columns of numbers by account id, and what a KPI is of their sums: (…, columns) → (…), in the KPI's unit.

    `among`: all accounts looked at, these and others, in the order they are drawn in: that of their keys.
    """

    columns: Mapping[int, tuple[float, ...]]
    among: Sequence[int]
    statistic: Callable[[Any], Any] = field(default=ratio)

    @property
    def totals(self) -> tuple[float, ...]:
        """The sum of each column, correctly rounded; empty without accounts."""
        return tuple(fsum(column) for column in zip(*self.columns.values(), strict=True))

    @property
    def value(self) -> float:
        """The KPI itself."""
        import numpy as np

        return float(self.statistic(np.array(self.totals)))

    def matrix(self, accounts: Sequence[int]) -> Any:
        """The columns of these accounts, zeros where one is unknown: (accounts, columns)."""
        import numpy as np

        width = len(next(iter(self.columns.values()), ()))
        return np.array([self.columns.get(account, (0.0,) * width) for account in accounts], dtype=float)


def percent(sums: Any) -> Any:
    """100 · first column/second column."""
    return 100 * ratio(sums)


def of_sums(basis: PerAccount, reason: str | None, **more: Any) -> Measure[PerAccount]:
    """First column/second column, with both as numerator and denominator; `reason`: why there is no value."""
    numerator, denominator = basis.totals or (0.0, 0.0)
    return weighed(basis, reason, (numerator, denominator), **more)


def weighed(
    basis: PerAccount, reason: str | None, parts: Parts, n: int | None = None, **more: Any
) -> Measure[PerAccount]:
    """The value of a basis with its bootstrap interval; n and status count `n` accounts, the basis' own if None."""
    count = len(basis.columns) if n is None else n
    value = None if reason else basis.value
    bounds = None if value is None else bca(basis.matrix(ordered(basis)), basis.statistic)
    interval = bounds and Interval(bounds.low, bounds.high, "bca")
    numerator, denominator = parts
    return of_accounts(
        value, interval, count, numerator=numerator, denominator=denominator, reason=reason, basis=basis, **more
    )


def ordered(*bases: PerAccount) -> list[int]:
    """The accounts of all, in the order they are drawn in."""
    there = {account for basis in bases for account in basis.columns}
    return [account for account in dict.fromkeys(one for basis in bases for one in basis.among) if account in there]


def change(now: Measure[PerAccount], before: Measure[PerAccount]) -> Bounds:
    """The percentile bootstrap of now − before over the union of accounts; endless where a draw has no value."""
    accounts = ordered(now.basis, before.basis)
    both = now.basis.matrix(accounts), before.basis.matrix(accounts)
    return percentile_change(*both, now.basis.statistic) or Bounds(-inf, inf)


def change_of_rest(now: Measure[PerAccount], before: Measure[PerAccount]) -> Bounds:
    """The same for 100 − the ratio."""
    low, high = change(now, before)
    return Bounds(-high, -low)

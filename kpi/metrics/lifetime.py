"""How long clients stay: learned from the terms seen so far, months at a time (KPIS.md, clv)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from math import fsum
from typing import TYPE_CHECKING, Any

from kpi.metrics.population import DAY
from kpi.periods import shift
from kpi.stats.shifted_beta import ShiftedBeta, Tenure, fit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from kpi.metrics.population import Client


@dataclass(frozen=True, slots=True)
class Lifetime:
    """A curve of losses by month of tenure: Kaplan–Meier up to the last month with a loss, the model beyond it."""

    kept: Mapping[int, float]
    last_loss: int
    model: ShiftedBeta
    losses: int

    def ahead(self, age: int, months: int) -> list[float]:
        """S(age + k)/S(age) for k = 1 … months."""
        share, found = 1.0, []
        for month in range(age + 1, age + months + 1):
            share *= self.kept.get(month, 1.0) if month <= self.last_loss else self.model.retention(month)
            found.append(share)
        return found

    def worth(self, age: int, months: int, discount_rate: float) -> float:
        """Σ_{k = 1 … months} S(age + k)/S(age)/(1 + d)^{k/12}: that many months' payments to be expected, of today."""
        kept = self.ahead(age, months)
        return fsum(share / (1 + discount_rate) ** (month / 12) for month, share in enumerate(kept, 1))

    @property
    def details(self) -> dict[str, Any]:
        """What it was learned from."""
        return {"losses": self.losses, "last_loss_month": self.last_loss, **self.model._asdict()}


def learned(everyone: Iterable[Client], last: date) -> Lifetime | None:
    """From all terms cut at `last`: discrete-month Kaplan–Meier with delayed entry, and the model fitted to the same.

    None without a loss. A loss falls in the month after those completed on its last day of service; whoever is still
    there counts up to the months completed on `last`; whoever was observed only later, from the months completed then.
    """
    tenures = Counter(tenure for client in everyone for tenure in _tenures(client, last))
    lost = Counter[int]()
    for (_, end, is_loss), weight in tenures.items():
        lost[end] += weight if is_loss else 0
    losses = {month: n for month, n in lost.items() if n}
    model = fit(Tenure(*tenure, weight) for tenure, weight in sorted(tenures.items())) if losses else None
    if model is None:
        return None
    kept = {
        month: 1 - n / sum(w for (entry, end, _), w in tenures.items() if entry < month <= end)
        for month, n in losses.items()
    }
    return Lifetime(kept, max(losses), model, sum(losses.values()))


def age(client: Client, day: date) -> int:
    """The months completed on a day of the term that covers it."""
    return next(completed_months(first, day) for first, end in client.spells if first <= day < end)


def _tenures(client: Client, last: date) -> Iterable[tuple[int, int, bool]]:
    """(entry, end, lost) in months of every spell that was seen by `last`."""
    for first, end in client.spells:
        seen = max(first, client.observed_from)
        if first <= last and seen < end and seen <= last:
            is_loss = end <= last
            months = completed_months(first, end - DAY if is_loss else last)
            yield completed_months(first, seen), months + is_loss, is_loss


def completed_months(first: date, day: date) -> int:
    """Calendar months completed from `first` to `day`: one is on the day of the month it began on."""
    return 12 * (day.year - first.year) + day.month - first.month - (day.day < first.day)


def months_before(end: date, count: int) -> list[date]:
    """The first days of so many calendar months complete by `end`, and the day after them."""
    return [shift(end.replace(day=1), "month", back) for back in range(-count, 1)]


def months_lost(client: Client, months: list[date]) -> tuple[float, float]:
    """(months in which a client was lost, months at whose start it was active)."""
    there = [client.active_on(day) for day in months]
    at_start = sum(there[:-1])
    kept = sum(now and then for now, then in pairwise(there))
    return float(at_start - kept), float(at_start)

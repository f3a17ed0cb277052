"""Client lifetime value, in three variants: by survival, by formula, and what was earned so far."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from math import fsum
from typing import TYPE_CHECKING, Any

from kpi.metrics.churn import nobody
from kpi.metrics.lifetime import completed_months, learned
from kpi.metrics.money import mrr, received
from kpi.metrics.population import DAY, clients, last_day, scoped
from kpi.metrics.sums import PerAccount, weighed
from kpi.periods import shift

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kpi.facts import Facts
    from kpi.metrics.lifetime import Lifetime
    from kpi.metrics.measure import Measure
    from kpi.metrics.population import Client
    from kpi.periods import Period

HORIZON_MONTHS = 60
FORMULA_MONTHS = 12
NO_LOSS = "No client has been lost yet, so nothing tells how long they stay; the variant historic needs no loss."
ENDLESS = "No client was lost in the last 12 complete months, so the formula has no end; the variant historic has."


def clv(facts: Facts, period: Period) -> Measure[PerAccount]:
    """The mean over accounts active on the last day of margin received + MRR · margin · months to be expected.

    Expected: Σ_{k=1..60} S(a+k)/S(a)/(1+d)^{k/12} at the account's age a in months, S from all terms of the workspace
    (`lifetime.learned`). Undefined without a loss to learn from. Needs facts of the whole workspace.
    """
    last = last_day(period, facts.today)
    active = _active(facts, last)
    lifetime = learned(clients(facts).values(), last)
    if lifetime is None:
        return _mean(dict.fromkeys(active, 0.0), NO_LOSS if active else nobody(last), {})
    margin, monthly, earned = (
        float(facts.workspace.gross_margin),
        mrr(facts, active, last),
        _earned(facts, active, last),
    )
    ages = {account: _age(client, last) for account, client in active.items()}
    ahead = {age: _expected_months(lifetime, age, float(facts.workspace.discount_rate)) for age in set(ages.values())}
    values = {account: earned[account] + monthly[account] * margin * ahead[age] for account, age in ages.items()}
    return _mean(values, None if active else nobody(last), lifetime.details)


def historic(facts: Facts, period: Period) -> Measure[PerAccount]:
    """The mean margin received to the end of the period from the accounts active on its last day."""
    last = last_day(period, facts.today)
    active = _active(facts, last)
    return _mean(_earned(facts, active, last), None if active else nobody(last), {})


def formula(facts: Facts, period: Period) -> Measure[PerAccount]:
    """MRR per account · margin/loss per month, of the last day and of the last 12 complete calendar months.

    Loss per month: Σ lost/Σ active at start. Undefined when nobody was lost.
    """
    last = last_day(period, facts.today)
    active = _active(facts, last)
    monthly, months = mrr(facts, active, last), _months_before(last + DAY)
    rows = {
        account: (monthly.get(account, 0.0), float(account in active), *_losses(client, months))
        for account, client in scoped(facts).items()
    }
    steady = Steady(float(facts.workspace.gross_margin))
    basis = PerAccount({account: row for account, row in rows.items() if row[1] or row[3]}, steady)
    worth, number, lost, at_start = basis.totals or (0.0,) * 4
    reason = nobody(last) if not active else None if lost else ENDLESS
    parts = (worth / number * steady.margin, lost / at_start) if reason is None else (None, None)
    return weighed(basis, reason, parts, n=len(active))


@dataclass(frozen=True, slots=True)
class Steady:
    """(Σ MRR/accounts) · margin/(Σ lost/Σ active at start), of sums (…, 4)."""

    margin: float

    def __call__(self, sums: Any) -> Any:
        return sums[..., 0] / sums[..., 1] * self.margin / (sums[..., 2] / sums[..., 3])


def _active(facts: Facts, last: date) -> Mapping[int, Client]:
    return {account: client for account, client in scoped(facts).items() if client.active_on(last)}


def _earned(facts: Facts, active: Mapping[int, Client], last: date) -> dict[int, float]:
    margin = float(facts.workspace.gross_margin)
    return {account: paid * margin for account, paid in received(facts, active, date.min, last + DAY).items()}


def _age(client: Client, last: date) -> int:
    return next(completed_months(first, last) for first, end in client.spells if first <= last < end)


def _expected_months(lifetime: Lifetime, age: int, discount_rate: float) -> float:
    kept = lifetime.ahead(age, HORIZON_MONTHS)
    return fsum(share / (1 + discount_rate) ** (month / 12) for month, share in enumerate(kept, 1))


def _months_before(end: date) -> list[date]:
    """The first days of the 12 calendar months complete by `end`, and the day after them."""
    return [shift(end.replace(day=1), "month", back) for back in range(-FORMULA_MONTHS, 1)]


def _losses(client: Client, months: list[date]) -> tuple[float, float]:
    """(months in which it was lost, months at whose start it was active)."""
    there = [client.active_on(day) for day in months]
    at_start = sum(there[:-1])
    kept = sum(now and then for now, then in pairwise(there))
    return float(at_start - kept), float(at_start)


def _mean(values: Mapping[int, float], reason: str | None, details: Mapping[str, Any]) -> Measure[PerAccount]:
    """Σ of the accounts' values/their number."""
    basis = PerAccount({account: (value, 1.0) for account, value in values.items()})
    total, number = basis.totals or (0.0, 0.0)
    return weighed(basis, reason, (None if reason else total, number), details=details)

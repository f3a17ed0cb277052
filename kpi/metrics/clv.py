"""Client lifetime value, in three variants: by survival, by formula, and what was earned so far."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from kpi.metrics.churn import nobody
from kpi.metrics.lifetime import age, learned, months_before, months_lost
from kpi.metrics.listing import Lister, ranked
from kpi.metrics.money import mrr, received
from kpi.metrics.population import DAY, clients, last_day, scoped
from kpi.metrics.sums import PerAccount, weighed
from kpi.metrics.tabled import Tabled

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kpi.facts import Facts
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
    return SURVIVAL(facts, period)


class Worth(NamedTuple):
    """What every account active on the `last` day is worth; `reason`: why nobody can tell."""

    last: date
    values: Mapping[int, float]
    reason: str | None = None
    details: Mapping[str, Any] = MappingProxyType({})


def _to_come(facts: Facts, period: Period) -> Worth:
    last = last_day(period, facts.today)
    active = _active(facts, last)
    lifetime = learned(clients(facts).values(), last)
    if lifetime is None:
        return Worth(last, dict.fromkeys(active, 0.0), NO_LOSS)
    margin, monthly, earned = (
        float(facts.workspace.gross_margin),
        mrr(facts, active, last),
        _earned(facts, active, last),
    )
    ages, rate = {account: age(client, last) for account, client in active.items()}, facts.workspace.discount_rate
    ahead = {months: lifetime.worth(months, HORIZON_MONTHS, float(rate)) for months in set(ages.values())}
    values = {account: earned[account] + monthly[account] * margin * ahead[ages[account]] for account in active}
    return Worth(last, values, None, lifetime.details)


def _so_far(facts: Facts, period: Period) -> Worth:
    """The margin received to the end of the period from the accounts active on its last day."""
    last = last_day(period, facts.today)
    return Worth(last, _earned(facts, _active(facts, last), last))


def _mean(worth: Worth, accounts: Sequence[int]) -> Measure[PerAccount]:
    """Σ of the accounts' values/their number."""
    values = {account: worth.values[account] for account in accounts if account in worth.values}
    basis = PerAccount({account: (value, 1.0) for account, value in values.items()}, accounts)
    total, _ = basis.totals or (0.0, 0.0)
    reason = worth.reason if values else nobody(worth.last)
    parts = (None if worth.reason else total, len(values))
    listing = None if reason else _listing({account: (value,) for account, value in values.items()}, "value")
    return weighed(basis, reason, parts, details=worth.details, listing=listing)


class Steadiness(NamedTuple):
    """Of every account (MRR, active, months lost in, months active at the start of), seen on the `last` day."""

    last: date
    rows: Mapping[int, tuple[float, float, float, float]]
    steady: Steady


def _steadiness(facts: Facts, period: Period) -> Steadiness:
    last = last_day(period, facts.today)
    active = _active(facts, last)
    monthly = mrr(facts, active, last)
    months = [min(day, facts.today) for day in months_before(last + DAY, FORMULA_MONTHS)]
    rows = {
        account: (monthly.get(account, 0.0), float(account in active), *months_lost(client, months))
        for account, client in scoped(facts).items()
    }
    seen = {account: row for account, row in rows.items() if row[1] or row[3]}
    return Steadiness(last, seen, Steady(float(facts.workspace.gross_margin)))


def _by_formula(seen: Steadiness, accounts: Sequence[int]) -> Measure[PerAccount]:
    """MRR per account · margin/loss per month, of the last day and of the last 12 complete calendar months.

    Loss per month: Σ lost/Σ active at start. Undefined when nobody was lost.
    """
    rows = {account: seen.rows[account] for account in accounts if account in seen.rows}
    basis = PerAccount(rows, accounts, seen.steady)
    worth, number, lost, at_start = basis.totals or (0.0,) * 4
    reason = nobody(seen.last) if not number else None if lost else ENDLESS
    parts = (worth / number * seen.steady.margin if number else None, lost / at_start if at_start else None)
    figures = {account: (row[0], row[2], row[3]) for account, row in basis.columns.items()}
    listing = _listing(
        figures, "monthly_revenue", ("months_lost_in", "count"), ("months_active_at_the_start_of", "count")
    )
    return weighed(basis, reason, parts, n=int(number), listing=listing)


def _listing(figures: Mapping[int, tuple[float, ...]], amount: str, *more: tuple[str, str]) -> Lister:
    """The accounts worth most first."""
    most_first = dict(sorted(figures.items(), key=lambda each: -each[1][0]))
    return lambda _: (ranked("accounts", most_first, (amount, "money"), *more),)


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


SURVIVAL, FORMULA, HISTORIC = Tabled(_to_come, _mean), Tabled(_steadiness, _by_formula), Tabled(_so_far, _mean)

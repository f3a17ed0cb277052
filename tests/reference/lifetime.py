"""What a client is worth: clv by survival, by the formula, and so far."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from tests.reference.facts import Account
from tests.reference.geometric import Months, ShiftedBetaGeometric, fitted
from tests.reference.money import mrr, received_until
from tests.reference.population import View, active, completed_months, spells
from tests.reference.resampling import Sample, Sums, bca
from tests.reference.side import Side
from tests.reference.spans import Span, shifted

HORIZON_MONTHS = 60


def clv(view: View, span: Span) -> Side:
    """By the variant asked for; `survival` where none is."""
    return {"survival": by_survival, "formula": by_formula, "historic": historic}[view.variant or "survival"](
        view, span
    )


def historic(view: View, span: Span) -> Side:
    """Mean margin received to the end of the period."""
    margin = Fraction(view.settings.gross_margin)
    values = {
        place: margin * received_until(view, account, span.end) for place, account in _present(view, span.last_day)
    }
    return _mean(values)


def by_survival(view: View, span: Span) -> Side:
    """Margin received, and what is still to be expected of it within five years, discounted."""
    present = _present(view, span.last_day)
    curve = survival_curve(view, span.last_day)
    if curve is None:
        return Side(None, len(present), len(present), None, len(present))
    margin = Fraction(view.settings.gross_margin)
    return _mean(
        {
            place: margin * received_until(view, account, span.end)
            + margin * mrr(view, account, span.last_day) * Fraction(_years_to_come(view, account, span.last_day, curve))
            for place, account in present
        }
    )


def _present(view: View, day: date) -> list[tuple[int, Account]]:
    everyone = enumerate(view.book.accounts)
    return [(place, account) for place, account in everyone if account in view.accounts and active(view, account, day)]


def _mean(values: dict[int, Fraction]) -> Side:
    total, n = sum(values.values(), Fraction(0)), len(values)
    sample = Sample({place: (value, Fraction(1)) for place, value in values.items()}, lambda sums: sums[0] / sums[1])
    return Side(total / n if n else None, n, n, total, n, bca(sample), material=sample)


@dataclass(frozen=True)
class Curve:
    """Kaplan–Meier by months of a term's life up to the last month with a loss; beyond it the fitted law."""

    months: Months
    last: int
    law: ShiftedBetaGeometric

    def survival(self, month: int, *, given: int) -> float:
        """S(month)/S(given)."""
        share = Fraction(1)
        for one in range(given + 1, min(month, self.last) + 1):
            lost, at_risk = self.months.get(one, (0, 1))
            share *= Fraction(at_risk - lost, at_risk)
        beyond = self.law.survival(month, given=max(given, self.last)) if month > self.last else 1.0
        return float(share) * beyond


def survival_curve(view: View, day: date) -> Curve | None:
    """From all terms of the workspace, cut at `day`; None where nobody was lost."""
    lives = [life for account in view.book.accounts for life in _lives(view, account, day)]
    months: dict[int, tuple[int, int]] = {}
    for month in range(1, max((life.exit for life in lives), default=0) + 1):
        at_risk = [life for life in lives if life.entry < month <= life.exit]
        if at_risk:
            months[month] = (sum(life.lost and life.exit == month for life in at_risk), len(at_risk))
    last = max((month for month, (lost, _) in months.items() if lost), default=None)
    return None if last is None else Curve(months, last, fitted(months))


@dataclass(frozen=True)
class Life:
    """A term in months: seen from after `entry` up to `exit`, and lost in that month or not."""

    entry: int
    exit: int
    lost: bool


def _lives(view: View, account: Account, day: date) -> list[Life]:
    found = []
    for start, end in spells(view, account):
        seen_from = max(start, account.observed_from or start)
        if start > day or (end is not None and end <= seen_from):
            continue
        entry = completed_months(start, seen_from)
        if end is not None and end <= day:
            found.append(Life(entry, completed_months(start, end - timedelta(1)) + 1, lost=True))
        else:
            found.append(Life(entry, completed_months(start, day), lost=False))
    return found


def _years_to_come(view: View, account: Account, day: date, curve: Curve) -> float:
    """The discounted months to come, within the horizon, of an account active on `day`."""
    start = max(start for start, _ in spells(view, account) if start <= day)
    age = completed_months(start, day)
    yearly = 1 + float(view.settings.discount_rate)
    return sum(curve.survival(age + k, given=age) / math.pow(yearly, k / 12) for k in range(1, HORIZON_MONTHS + 1))


def by_formula(view: View, span: Span) -> Side:
    """ARPA · gross margin/monthly loss rate of the last 12 complete months."""
    margin = Fraction(view.settings.gross_margin)
    everyone = enumerate(view.book.accounts)
    parts = {place: _formula_parts(view, account, span) for place, account in everyone if account in view.accounts}
    parts = {place: part for place, part in parts.items() if any(part)}
    paid, present, lost, base = (sum((row[i] for row in parts.values()), Fraction(0)) for i in range(4))
    n = int(present)
    sample = Sample(parts, lambda sums: _formula(sums, margin))
    return Side(
        value=_formula((paid, present, lost, base), margin) if present and lost else None,
        n=n,
        accounts=n,
        numerator=paid / present * margin if present else None,
        denominator=lost / base if base else None,
        interval=bca(sample) if present and lost else None,
        material=sample,
    )


def _formula(sums: Sums, margin: Fraction) -> Fraction:
    paid, present, lost, base = sums
    return paid / present * margin / (lost / base)


def _formula_parts(view: View, account: Account, span: Span) -> Sequence[Fraction]:
    """MRR of the last day, whether active on it; months lost in, and months active at the start of."""
    now = active(view, account, span.last_day)
    months = [day for day in _last_12_months(span.end) if active(view, account, day)]
    ends = [min(shifted(day, 1), view.clock.today) for day in months]
    lost = sum(not active(view, account, day) for day in ends)
    paid = mrr(view, account, span.last_day)
    return (paid, Fraction(now), Fraction(lost), Fraction(len(months)))


def _last_12_months(end: date) -> list[date]:
    """The first days of the last 12 calendar months that are complete by `end`."""
    return [shifted(end.replace(day=1), -back) for back in range(12, 0, -1)]

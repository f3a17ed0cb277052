"""Amounts in the reporting currency, exactly, in major units."""

from calendar import monthrange
from collections import Counter
from datetime import date, timedelta
from fractions import Fraction

from tests.reference.facts import Account, Revenue
from tests.reference.population import View, active, covered
from tests.reference.settings import MissingRate


def rate(view: View, currency: str) -> Fraction:
    """One unit in the reporting currency, on the day the question takes its rates from."""
    if currency == view.settings.currency:
        return Fraction(1)
    in_force = [dated for dated in view.settings.rates.get(currency, ()) if dated[0] <= view.rate_day]
    if not in_force:
        raise MissingRate(currency)
    return Fraction(max(in_force)[1])


def mrr(view: View, account: Account, day: date) -> Fraction:
    """Monthly recurring revenue on a day."""
    if not active(view, account, day):
        return Fraction(0)
    rows = [row for row in view.book.revenue.get(account.key, ()) if row.recurring and _covers(row, day)]
    return sum((row.amount * rate(view, row.currency) for row in rows), Fraction(0))


def had_mrr_before(view: View, account: Account, start: date) -> bool:
    """Whether there was any on a day before `start`."""
    begun = [row.starts_on for row in view.book.revenue.get(account.key, ()) if row.recurring]
    day = min(begun, default=start)
    while day < start:
        if mrr(view, account, day) > 0:
            return True
        day += timedelta(1)
    return False


def received(view: View, account: Account, start: date, end: date) -> Fraction:
    """Revenue received in `[start, end)`."""
    rows = view.book.revenue.get(account.key, ())
    return sum((_received_of(view, account, row, start, end) for row in rows), Fraction(0))


def received_until(view: View, account: Account, end: date) -> Fraction:
    """Revenue received before `end`, from the first on."""
    return received(view, account, date.min, end)


def _received_of(view: View, account: Account, row: Revenue, start: date, end: date) -> Fraction:
    """Recurring: each month's share of days with a term. Project: the share of its own days."""
    day, last = max(row.starts_on, start), end if row.ends_on is None else min(row.ends_on, end)
    days_of_month: Counter[tuple[int, int]] = Counter()
    while day < last:
        if not row.recurring or covered(view, account, day):
            days_of_month[day.year, day.month] += 1
        day += timedelta(1)
    if not days_of_month:
        return Fraction(0)
    return row.amount * rate(view, row.currency) * _share(row, days_of_month)


def _share(row: Revenue, days_of_month: Counter[tuple[int, int]]) -> Fraction:
    """Of the amount: months where recurring, the part of all its days where a project."""
    if row.recurring:
        return sum((Fraction(days, monthrange(*month)[1]) for month, days in days_of_month.items()), Fraction(0))
    assert row.ends_on
    return Fraction(days_of_month.total(), (row.ends_on - row.starts_on).days)


def _covers(row: Revenue, day: date) -> bool:
    return row.starts_on <= day and (row.ends_on is None or day < row.ends_on)

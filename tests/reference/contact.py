"""How much we are in touch: engagement, engagement_score, communication_frequency."""

import math
from collections.abc import Sequence
from datetime import date, timedelta
from statistics import median

from tests.reference.clients import share_of_accounts
from tests.reference.facts import Account
from tests.reference.intervals import poisson_rate
from tests.reference.population import View, active, touch_days
from tests.reference.side import Ends, Side, percent
from tests.reference.spans import Span
from tests.reference.survival import quantile_ends, steps

WEIGHTS = {"meeting": 10, "review": 10}
HALF_LIFE_DAYS = 30
SCORED_DAYS = 90


def engagement(view: View, span: Span) -> Side:
    """Accounts touched at least twice in 30 days, of those active on the last day."""
    needed = max(1, math.floor(2 * len(span) / 30 + 0.5))
    present = [account for account in view.accounts if active(view, account, span.last_day)]
    return share_of_accounts([len(touch_days(view, account, span)) >= needed for account in present])


def engagement_score(view: View, span: Span) -> Side:
    """The median account's recent dealings, on the scale of the last calendar half-year."""
    sums = _sums(view, view.accounts, span.last_day)
    scale = _percentile_90(_sums(view, view.book.accounts, half_year_end(span.end) - timedelta(1)))
    scale = scale or _percentile_90(_sums(view, view.book.accounts, span.last_day))
    scores = [min(100.0, 100 * one / scale) if scale else 0.0 for one in sums]
    n = len(scores)
    if not scores:
        return Side(None, 0, 0, None, 0)
    return Side(median(scores), n, n, None, n, quantile_ends(steps([(score, True) for score in scores]), 0.5))


def half_year_end(end: date) -> date:
    """The first day after the last calendar half-year that ends on or before `end`."""
    return date(end.year, 7 if end.month >= 7 else 1, 1)


def _sums(view: View, accounts: Sequence[Account], day: date) -> list[float]:
    return [_dealings(view, account, day) for account in accounts if active(view, account, day)]


def _dealings(view: View, account: Account, last_day: date) -> float:
    """The weights of all that happened in the 90 days up to `last_day`, each halved for every 30 days of its age."""
    book, key = view.book, account.key
    dated = [(one.day, WEIGHTS.get(one.kind, 5)) for one in book.interactions.get(key, ())]
    dated += [(one.day, 1) for one in book.messages.get(key, ()) if one.from_client > 0]
    dated += [(view.clock.local(one.answered_at), 5) for one in book.answers if one.account == key]
    dated += [(day, 1) for day in {one.day for one in book.usage.get(key, ()) if one.value > 0}]
    aged = [((last_day - day).days, weight) for day, weight in dated]
    return math.fsum(weight * 0.5 ** (age / HALF_LIFE_DAYS) for age, weight in aged if 0 <= age < SCORED_DAYS)


def _percentile_90(values: Sequence[float]) -> float:
    """R type 7; 0 of nothing."""
    if not values:
        return 0.0
    ordered, place = sorted(values), 0.9 * (len(values) - 1)
    below = ordered[math.floor(place)]
    return below + (place - math.floor(place)) * (ordered[math.ceil(place)] - below)


def communication_frequency(view: View, span: Span) -> Side:
    """Touch days per 30 days on which an account is active."""
    exposure = {account: sum(active(view, account, day) for day in span) for account in view.accounts}
    counts = [(len(touch_days(view, account, span)), days) for account, days in exposure.items() if days]
    touched, days = sum(y for y, _ in counts), sum(e for _, e in counts)
    sent = [one for account in view.accounts for one in view.book.messages.get(account.key, ()) if one.day in span]
    theirs, ours = sum(one.from_client for one in sent), sum(one.from_us for one in sent)
    details = {"client_share": percent(theirs, theirs + ours)}
    if not counts:
        return Side(None, 0, 0, touched, days, details=details)
    return Side(30 * touched / days, len(counts), len(counts), touched, days, _per_30_days(counts), details)


def _per_30_days(counts: Sequence[tuple[int, int]]) -> Ends:
    low, high = poisson_rate(counts)
    assert low is not None
    assert high is not None
    return 30 * low, 30 * high

"""What clients pay: grr, revenue_churn, nrr, sales_growth."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from statistics import median
from typing import Any

from tests.reference.money import had_mrr_before, mrr, received
from tests.reference.population import View, active
from tests.reference.resampling import Sample, Sums, bca, resampled
from tests.reference.side import Ends, Number, Side, percent
from tests.reference.spans import Span

Pairs = dict[int, tuple[Fraction, Fraction]]
"""(then, now) of the accounts of a cohort, by their place in the order of keys."""


def _cohort(view: View, span: Span) -> Pairs:
    """MRR on the start day, where there is any, and at the end."""
    pairs = {
        place: (mrr(view, account, span.start), mrr(view, account, span.closing_day))
        for place, account in enumerate(view.book.accounts)
        if account in view.accounts
    }
    return {place: pair for place, pair in pairs.items() if pair[0] > 0}


def _growth(sums: Sums) -> Fraction:
    return 100 * (sums[1] - sums[0]) / sums[0]


def _kept(sums: Sums) -> Fraction:
    return 100 * sums[1] / sums[0]


def _ratio_of_sums(pairs: Pairs, **details: Any) -> Side:
    start = sum((then for then, _ in pairs.values()), Fraction(0))
    end = sum((now for _, now in pairs.values()), Fraction(0))
    sample = Sample(pairs, _kept)
    return Side(percent(end, start), len(pairs), len(pairs), end, start, bca(sample), details, sample)


def grr(view: View, span: Span) -> Side:
    """What is left of the MRR at the start, no account counting for more than it was."""
    return _ratio_of_sums({place: (then, min(then, now)) for place, (then, now) in _cohort(view, span).items()})


def revenue_churn(view: View, span: Span) -> Side:
    """What is not left of it."""
    kept = grr(view, span)
    assert isinstance(kept.numerator, Fraction)
    assert isinstance(kept.denominator, Fraction)
    value = None if kept.value is None else 100 - kept.value
    return replace(kept, value=value, numerator=kept.denominator - kept.numerator, interval=_from_100(kept.interval))


def _from_100(ends: Ends | None) -> Ends | None:
    if ends is None or ends[0] is None or ends[1] is None:
        return None
    return 100 - ends[1], 100 - ends[0]


def opposite_change(now: Side, then: Side) -> Ends:
    """The change of 100 less a figure."""
    low, high = resampled(now, then)
    return (None if high is None else -high, None if low is None else -low)


def nrr(view: View, span: Span) -> Side:
    """What has become of the MRR at the start."""
    pairs = _cohort(view, span)
    values = list(pairs.values())
    return _ratio_of_sums(
        pairs,
        start=sum((then for then, _ in values), Fraction(0)),
        churned=sum((then for then, now in values if now == 0), Fraction(0)),
        contraction=sum((then - now for then, now in values if 0 < now < then), Fraction(0)),
        expansion=sum((now - then for then, now in values if now > then), Fraction(0)),
        **_arrived(view, span),
    )


def _arrived(view: View, span: Span) -> dict[str, Fraction]:
    """MRR at the end of those without any on the start day: who had some before, and who had not."""
    found = {"reactivated": Fraction(0), "new": Fraction(0)}
    for account in view.accounts:
        now = mrr(view, account, span.closing_day)
        if now and not mrr(view, account, span.start):
            found["reactivated" if had_mrr_before(view, account, span.start) else "new"] += now
    return found


def sales_growth(view: View, span: Span) -> Side:
    """Revenue received now against then, of the accounts that were clients and paid then."""
    pairs = _received(view, span, span.previous())
    values = list(pairs.values())
    then, now = (sum((pair[side] for pair in values), Fraction(0)) for side in (0, 1))
    last_year = list(_received(view, span, span.year_before()).values())
    sample = Sample(pairs, _growth)
    details = {
        "median_account_growth": median(map(_growth, values)) if values else None,
        "top5_share": _top5_share([after for _, after in values]),
        "yoy": percent(sum(b - a for a, b in last_year), sum(a for a, _ in last_year)) if last_year else None,
    }
    return Side(percent(now - then, then), len(pairs), len(pairs), now - then, then, bca(sample), details, sample)


def _received(view: View, now: Span, then: Span) -> Pairs:
    pairs = {
        place: (received(view, account, then.start, then.end), received(view, account, now.start, now.end))
        for place, account in enumerate(view.book.accounts)
        if account in view.accounts and active(view, account, then.start)
    }
    return {place: pair for place, pair in pairs.items() if pair[0] > 0}


def _top5_share(amounts: Sequence[Fraction]) -> Number | None:
    return percent(sum(sorted(amounts)[-5:], Fraction(0)), sum(amounts, Fraction(0)))

"""What holds of every KPI whatever the facts: order, copies, currencies, limits, sums and chains."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from math import isclose, prod
from typing import Any

import pytest
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st

from kpi.facts import COLUMNS, Facts
from kpi.metrics.catalog import CATALOG
from kpi.metrics.document import to_json
from kpi.metrics.evaluate import evaluate
from kpi.metrics.kpi import Kpi
from kpi.model import KpiValue, Scope, Status
from kpi.periods import parse
from kpi.policy import WorkspacePolicy
from tests.portfolio import AS_OF, BERLIN, definition, facts

KPIS = {kpi.key: kpi for kpi in CATALOG}
WAYS = [kpi.as_variant(way) for kpi in CATALOG for way in kpi.variants or [None]]
MONEY = [kpi for kpi in WAYS if "revenue" in kpi.base.frames]
FIRST, DAYS = date(2026, 6, 1), 122
SEPTEMBER, QUARTER = date(2026, 9, 1), [date(2026, month, 1) for month in (7, 8, 9, 10)]

Account = Mapping[str, Any]
"""The rows of one account by frame, without its number; `answers` begin with the person."""

SEARCH = (Phase.explicit, Phase.reuse, Phase.generate)
few = settings(deadline=None, max_examples=10, phases=SEARCH)  # every KPI of a portfolio; to shrink one takes minutes
some = settings(deadline=None, max_examples=30, phases=SEARCH)

days = st.integers(0, DAYS - 1).map(lambda day: FIRST + timedelta(day))
ordinals = days.map(date.toordinal)
instants = st.integers(0, 24 * DAYS - 1).map(lambda hour: datetime(2026, 6, 1, tzinfo=UTC) + timedelta(hours=hour))
lasting = st.none() | st.integers(1, 90).map(timedelta)
spans = st.tuples(days, lasting).map(lambda span: (span[0], span[1] and span[0] + span[1]))
waits = st.tuples(instants, st.none() | st.integers(0, 60)).map(
    lambda wait: (wait[0], wait[1] and min(AS_OF, wait[0] + timedelta(hours=wait[1])))
)
ASKED = {"csat": range(1, 6), "nps": range(11), "ces": range(1, 8)}
answers = st.sampled_from(list(ASKED)).flatmap(
    lambda instrument: st.tuples(st.integers(1, 3), st.just(instrument), st.sampled_from(ASKED[instrument]), instants)
)
amounts = st.integers(0, 50).map(lambda hundreds: 10_000 * hundreds)
revenue = st.one_of(
    st.tuples(st.just("recurring"), spans, amounts, st.sampled_from(["EUR", "USD"])),
    st.tuples(st.just("project"), spans.filter(lambda span: span[1] is not None), amounts, st.just("USD")),
).map(lambda row: (row[0], *row[1], *row[2:]))
fates = st.sampled_from(["open", "implemented", "declined"])
feedback = st.tuples(waits, fates, st.booleans(), st.none() | st.just(AS_OF)).map(
    lambda row: (
        row[0][0],
        row[0][1] if row[1] == "implemented" else None,
        row[0][1] if row[1] == "declined" else None,
        *row[2:],
    )
)


def rows(one: st.SearchStrategy[Any], most: int = 3) -> st.SearchStrategy[list[Any]]:
    return st.lists(one, max_size=most)


def by_day(*counts: st.SearchStrategy[int]) -> st.SearchStrategy[list[Any]]:
    return st.lists(st.tuples(ordinals, *counts), max_size=6, unique_by=lambda row: row[0])


accounts: st.SearchStrategy[Account] = st.fixed_dictionaries(
    {
        "observed_from": st.none() | days,
        "terms": st.lists(st.just((date(2025, 1, 1), None)) | spans, min_size=1, max_size=2),
        "answers": rows(answers, 6),
        "surveys": rows(st.tuples(st.none(), instants, st.sampled_from(["answered", "expired", "open"])), 6),
        "interactions": by_day(st.integers(1, 2), st.integers(0, 1)),
        "messages": by_day(st.integers(0, 3), st.integers(0, 3)),
        "usage": by_day(),
        "episodes": rows(waits, 4),
        "revenue": rows(revenue),
        "offers": rows(st.tuples(days, st.booleans())),
        "feedback": rows(feedback),
    }
)
portfolios = st.lists(accounts, min_size=1, max_size=6)


def known(portfolio: Sequence[Account], rate: str = "0.5") -> Facts:
    """The portfolio's facts, accounts numbered from 1 on, a dollar being worth `rate` euros."""
    numbered = list(enumerate(portfolio, 1))

    def people(number: int, one: Account) -> list[Any]:
        return [(f"{number}/{who}", *rest) for who, *rest in one["answers"]]

    others: dict[str, Any] = {
        name: [(number, *row) for number, one in numbered for row in one[name]]
        for name in COLUMNS
        if name not in {"accounts", "answers"}
    }
    return facts(
        accounts=[(number, f"Client {number}", one["observed_from"]) for number, one in numbered],
        answers=[(number, *row) for number, one in numbered for row in people(number, one)],
        workspace=WorkspacePolicy(BERLIN, "EUR", rates={"USD": ((date(2020, 1, 1), Decimal(rate)),)}),
        **others,
    )


def valued(kpi: Kpi, seen: Facts, words: str = "2026-09") -> KpiValue:
    period = parse(words, as_of=AS_OF, zone=BERLIN)
    return evaluate(kpi, definition(kpi.key, better=kpi.better, target=2.0), seen, period, Scope())


def alike(one: float | None, other: float | None, tolerance: float = 1e-9) -> bool:
    if one is None or other is None:
        return one is other
    return isclose(one, other, rel_tol=tolerance, abs_tol=1e-9)


@pytest.mark.parametrize("kpi", WAYS, ids=lambda kpi: f"{kpi.key} {kpi.variant or ''}")
@few
@given(portfolios, st.integers(0, 2**32 - 1))
def test_the_same_facts_in_another_order_give_the_same_document(kpi: Kpi, portfolio: list[Account], seed: int) -> None:
    seen = known(portfolio)
    shuffled = {name: getattr(seen, name).sample(frac=1, random_state=seed) for name in kpi.base.frames - {"accounts"}}
    assert to_json(valued(kpi, seen)) == to_json(valued(kpi, replace(seen, **shuffled)))


@few
@given(portfolios)
def test_a_copy_of_every_account_changes_no_value(portfolio: list[Account]) -> None:
    """But the score's: the 90th percentile of twice as many is another one."""
    once, twice = known(portfolio), known([*portfolio, *portfolio])
    for kpi in WAYS:
        now, then = valued(kpi, once), valued(kpi, twice)
        assert then.n == 2 * now.n
        if kpi.key != "engagement_score" and now.status is not Status.INSUFFICIENT:
            assert alike(now.value, then.value, 1e-6 if kpi.variant == "survival" else 1e-9), kpi.key


@pytest.mark.parametrize("kpi", WAYS, ids=lambda kpi: f"{kpi.key} {kpi.variant or ''}")
def test_without_facts_there_is_no_value_and_a_sentence_why(kpi: Kpi) -> None:
    value = valued(kpi, facts())
    assert (value.value, value.n, value.interval, value.change, value.status) == (None, 0, None, None, "undefined")
    assert value.reason is not None
    assert value.reason[0].isupper()
    assert value.reason.endswith(".")


@few
@given(portfolios)
def test_a_value_lies_where_it_can_within_its_interval_or_says_why_there_is_none(portfolio: list[Account]) -> None:
    seen = known(portfolio)
    for kpi in WAYS:
        value, (low, high) = valued(kpi, seen), kpi.reach
        assert (value.value is None) == (value.reason is not None) == (value.status in {"undefined", "insufficient"})
        assert value.value is None or low <= value.value <= high
        if value.interval and kpi.doubt.interval != "bca":
            assert low <= value.interval.low <= value.interval.high
            assert value.interval.low - 1e-9 <= (value.value or 0) <= value.interval.high + 1e-9
            assert value.interval.high <= high or kpi.doubt.interval == "kaplan_meier"


@some
@given(portfolios)
def test_growth_can_only_add_to_what_is_left_of_revenue(portfolio: list[Account]) -> None:
    seen = known(portfolio)
    grr, nrr = (valued(KPIS[key], seen) for key in ("grr", "nrr"))
    assert (grr.n, grr.denominator) == (nrr.n, nrr.denominator)
    if grr.value is not None and nrr.value is not None:
        assert grr.value <= min(100, nrr.value) + 1e-9
        parts = nrr.details
        left = parts["start"] - parts["churned"] - parts["contraction"] + parts["expansion"]
        assert alike(left, nrr.numerator)


@some
@given(portfolios)
def test_what_is_lost_and_what_is_kept_are_all_there_was(portfolio: list[Account]) -> None:
    seen = known(portfolio)
    for lost, kept in (("churn", "retention"), ("revenue_churn", "grr")):
        gone, left = valued(KPIS[lost], seen), valued(KPIS[kept], seen)
        assert (gone.n, gone.status, gone.reason) == (left.n, left.status, left.reason)
        if gone.value is not None and left.value is not None:
            assert alike(gone.value + left.value, 100)
            assert alike((gone.numerator or 0) + (left.numerator or 0), gone.denominator)
        if gone.interval and left.interval:
            assert alike(gone.interval.low + left.interval.high, 100)
            assert alike(gone.interval.high + left.interval.low, 100)
        if gone.change and left.change and gone.change.low is not None:
            assert alike(gone.change.delta, -left.change.delta)
            assert alike(gone.change.low, -(left.change.high or 0))
            assert gone.change.beyond_noise == left.change.beyond_noise


@some
@given(portfolios, accounts)
def test_a_new_account_changes_neither_churn_nor_retention(portfolio: list[Account], new: Account) -> None:
    joined = [(max(first, SEPTEMBER + timedelta(1)), end) for first, end in new["terms"]]
    late = {**new, "terms": [(first, end) for first, end in joined if end is None or end > first]}
    for key in ("churn", "retention"):
        before, after = (valued(KPIS[key], known(each)) for each in (portfolio, [*portfolio, late]))
        assert (before.value, before.n, before.interval) == (after.value, after.n, after.interval)
        assert before.details["lost"] == after.details["lost"]


@some
@given(portfolios)
def test_retention_of_one_cohort_is_the_product_of_its_months(portfolio: list[Account]) -> None:
    """Of accounts with one term each: who left and came back is lost in a month and kept over the quarter."""
    single = [{**one, "terms": one["terms"][:1], "observed_from": None} for one in portfolio]
    start = QUARTER[0]
    cohort = [one for one in single for first, end in one["terms"] if first <= start and (end is None or start < end)]
    assume(cohort)
    seen = known(cohort)
    months = [valued(KPIS["retention"], seen, f"{first:%Y-%m}") for first in QUARTER[:-1]]
    shares = [month.value / 100 for month in months if month.value is not None]
    whole = valued(KPIS["retention"], seen, "2026-Q3").value
    assert alike(whole, 100 * prod(shares))
    assert all(month.n == (earlier.numerator or 0) for earlier, month in pairwise(months))


@few
@given(portfolios, st.sampled_from([2, 3, 10]))
def test_a_reporting_currency_of_another_worth_changes_amounts_and_no_ratio(
    portfolio: list[Account], times: int
) -> None:
    """What was euros is now a currency of which `times` make one: so are the dollars' rate and the euro amounts."""
    dearer = [{**one, "revenue": [_times(row, times) for row in one["revenue"]]} for one in portfolio]
    was, now = known(portfolio, "0.5"), known(dearer, str(Decimal("0.5") * times))
    for kpi in MONEY:
        before, after = valued(kpi, was), valued(kpi, now)
        scale = times if kpi.unit == "money" else 1
        assert alike(before.value and before.value * scale, after.value), kpi.key
        for bound in ("low", "high"):
            one, other = (getattr(value.interval, bound, None) for value in (before, after))
            assert alike(one and one * scale, other, 1e-6), kpi.key


def _times(row: tuple[Any, ...], times: int) -> tuple[Any, ...]:
    kind, starts_on, ends_on, minor, currency = row
    return kind, starts_on, ends_on, minor * (times if currency == "EUR" else 1), currency


@some
@given(st.lists(st.tuples(st.integers(0, 40), st.booleans()), min_size=5, max_size=12), st.sampled_from([2, 3, 24]))
def test_waits_twice_as_long_have_a_median_twice_as_long(listed: list[tuple[int, bool]], times: int) -> None:
    def median(scale: int) -> KpiValue:
        ends = [AS_OF if open_ else AS_OF - timedelta(hours=1) for _, open_ in listed]
        starts = [end - scale * timedelta(minutes=minutes) for end, (minutes, _) in zip(ends, listed, strict=True)]
        answered = [None if open_ else end for end, (_, open_) in zip(ends, listed, strict=True)]
        return valued(
            KPIS["response_time"],
            facts(episodes=[(1, start, end) for start, end in zip(starts, answered, strict=True)]),
            "last 90 days",
        )

    once, scaled = median(1), median(times)
    assert alike(once.value and once.value * times, scaled.value)
    assert once.details["open"] == scaled.details["open"]

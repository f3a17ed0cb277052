"""Two periods beside each other, in whichever order they are named."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from kpi.errors import KpiError
from kpi.metrics.catalog import CATALOG
from kpi.services.comparisons import compare
from kpi.services.questions import Question
from kpi.services.reports import Reports
from kpi.store.store import Store
from tests.builders import Portfolio, at, policy
from tests.fakes import FakeNow
from tests.sample_portfolio import sample_reports

NOW = FakeNow(at("2026-10-05"))


@pytest.fixture(scope="module")
def sample(shared_engine: Engine) -> Iterator[Reports]:
    with sample_reports(shared_engine, accounts=12, months=9) as reports:
        yield reports


@pytest.fixture
def portfolio(store: Store) -> Portfolio:
    return Portfolio(store)


@pytest.fixture
def reports(store: Store) -> Reports:
    return Reports(store, policy(), NOW)


@pytest.mark.parametrize("key", [kpi.key for kpi in CATALOG])
def test_two_periods_in_a_row_compare_as_a_period_does_with_the_one_before_it(sample: Reports, key: str) -> None:
    alone = sample.answer(Question(key, "2026-08"))
    found = compare(sample, Question(key, "2026-07"), "2026-08")
    assert found.later == alone
    assert found.earlier.period.key == "2026-07"
    if alone.previous:
        assert (found.earlier.n, found.earlier.period.key) == (alone.previous.n, alone.previous.period)


def test_periods_far_apart_are_compared_with_each_other_and_not_with_their_neighbours(
    reports: Reports, portfolio: Portfolio
) -> None:
    portfolio.answers([1] * 20, "2026-02-10")
    portfolio.answers([3] * 7, "2026-05-10")
    portfolio.answers([5] * 20, "2026-08-10")
    for first, second in (("2026-Q1", "2026-Q3"), ("2026-Q3", "2026-Q1")):
        found = compare(reports, Question("csat", first), second)
        assert (found.earlier.value, found.later.value) == (0.0, 100.0)
        assert found.later.previous
        assert (found.later.previous.period, found.later.previous.n) == ("2026-Q1", 20)
        assert found.later.change
        assert (found.later.change.delta, found.later.change.beyond_noise) == (100.0, True)
        assert (found.earlier.previous, found.earlier.change) == (None, None)
        assert not found.is_uneven


def test_a_month_and_a_quarter_are_uneven(reports: Reports) -> None:
    assert compare(reports, Question("csat", "2026-02"), "2026-Q2").is_uneven
    assert not compare(reports, Question("csat", "2026-02"), "2026-03").is_uneven


@pytest.mark.parametrize(
    ("one", "other", "words"),
    [
        ("2026-Q1", "2026-Q1", "share days"),
        ("2026-Q1", "2026-03", "share days"),
        ("last 90 days", "2026-09", "share days"),
        ("2026-Q1", "2027-Q1", "has not begun"),
        ("2026-Q1", "2026-13", "no month 13"),
    ],
)
def test_what_cannot_be_compared_is_said(reports: Reports, one: str, other: str, words: str) -> None:
    with pytest.raises(KpiError, match=words):
        compare(reports, Question("csat", one), other)

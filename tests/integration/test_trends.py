"""A KPI over the last periods: each as it would be alone, and what they say together."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from kpi.errors import KpiError
from kpi.metrics.catalog import CATALOG
from kpi.metrics.document import to_json
from kpi.model import Scope
from kpi.services.questions import Question
from kpi.services.reports import Reports
from kpi.services.targets import Targets, TargetWish
from kpi.services.trends import Trend, trend
from kpi.store.store import Store
from tests.builders import Portfolio, at, policy
from tests.fakes import FakeNow
from tests.sample_portfolio import sample_reports

NOW = FakeNow(at("2026-10-05"))
WAYS = [(kpi.key, way) for kpi in CATALOG for way in kpi.variants or [None]]


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


def keys(found: Trend) -> list[str]:
    return [value.period.key for value in found.values]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: " ".join(filter(None, way)))
@pytest.mark.parametrize("period", ["2026-08", "last 90 days", "this quarter"])
def test_each_period_has_the_very_document_it_has_when_it_is_asked_for_alone(
    sample: Reports, way: tuple[str, str | None], period: str
) -> None:
    key, variant = way
    found = trend(sample, Question(key, period, variant=variant), 3)
    for value in found.values:
        alone = sample.answer(Question(key, value.period.key, variant=variant))
        assert to_json(value) == to_json(alone)


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        (None, ["2026-07", "2026-08", "2026-09"]),
        ("2026-03", ["2026-01", "2026-02", "2026-03"]),
        ("2026-Q1", ["2025-Q3", "2025-Q4", "2026-Q1"]),
        ("FY2026", ["FY2024", "FY2025", "FY2026"]),
        ("2026-W02", ["2025-W52", "2026-W01", "2026-W02"]),
        ("this month", ["2026-08", "2026-09", "2026-10"]),
        ("last 30 days", ["2026-07-08..2026-08-06", "2026-08-07..2026-09-05", "last 30 days"]),
        ("2026-09-01..2026-09-10", ["2026-08-12..2026-08-21", "2026-08-22..2026-08-31", "2026-09-01..2026-09-10"]),
    ],
)
def test_the_periods_are_of_the_kind_asked_for_and_end_with_it(
    reports: Reports, period: str | None, expected: list[str]
) -> None:
    assert keys(trend(reports, Question("csat", period), 3)) == expected


def test_before_an_open_period_the_others_are_whole(reports: Reports, portfolio: Portfolio) -> None:
    for day in ("2026-08-31", "2026-09-30", "2026-10-01"):
        portfolio.answers([5] * 6, day)
    found = trend(reports, Question("csat", "this month"), 3)
    assert [(value.n, value.period.complete) for value in found.values] == [(6, True), (6, True), (6, False)]
    assert found.values[-1].previous
    assert found.values[-1].previous.period == "2026-09-01..2026-09-05", "an open one is compared with as many days"


def test_sixty_periods_are_read_at_once_and_signal_what_is_out_of_the_ordinary(
    reports: Reports, portfolio: Portfolio
) -> None:
    for number in range(20):
        year, month = divmod(number, 12)
        portfolio.answers([5] * 18 + [1] * 2, f"{2025 + year}-{month + 1:02}-10")
    portfolio.answers([5] * 4 + [1] * 16, "2026-09-10")
    found = trend(reports, Question("csat"), 60)
    assert (len(found.values), found.signals.points) == (60, 21)
    assert (found.signals.standing, found.signals.outside) == ("firm", ("2026-09",))
    document = found.document()
    assert list(document) == ["key", "trend", "values", "signals"]
    assert (document["key"], document["trend"], document["values"][-1]["value"]) == ("csat", 60, 20.0)


def test_every_period_is_judged_by_the_target_of_its_last_day(
    reports: Reports, portfolio: Portfolio, store: Store
) -> None:
    portfolio.answers([5] * 9, "2026-08-10")
    portfolio.answers([5] * 9, "2026-09-10")
    Targets(store, policy(), NOW).set(TargetWish("csat", 95, since=at("2026-09-15").date()), "a test")
    august, september = trend(reports, Question("csat"), 2).values
    assert august.target
    assert september.target
    assert (august.target.value, september.target.value) == (80, 95)


def test_a_trend_is_of_a_scope_and_as_known_at_an_instant(reports: Reports, portfolio: Portfolio) -> None:
    acme = portfolio.account("Acme")
    for score in (5, 5, 5, 5, 1):
        portfolio.reply(acme, score, at("2026-08-10"))
    portfolio.answers([1] * 9, "2026-08-11")
    found = trend(reports, Question("csat", "2026-08", Scope("account", "Acme"), as_of=at("2026-08-20")), 1)
    assert [(value.n, value.period.complete, value.scope.name) for value in found.values] == [(5, False, "Acme")]


@pytest.mark.parametrize("count", [0, 61, -3])
def test_a_count_out_of_range_is_told_in_one_line(reports: Reports, count: int) -> None:
    with pytest.raises(KpiError, match=f"A trend has 1 to 60 periods, not {count}"):
        trend(reports, Question("csat"), count)


@pytest.mark.parametrize(("period", "count"), [("1910", 60), ("1900-01", 2), ("last 3660 days", 60)])
def test_periods_before_1900_are_told_in_one_line(reports: Reports, period: str, count: int) -> None:
    with pytest.raises(KpiError, match="would begin before 1900; ask for fewer"):
        trend(reports, Question("csat", period), count)
    assert trend(reports, Question("csat", period), 1).values[0].n == 0

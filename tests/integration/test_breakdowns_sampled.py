"""Every KPI of a sample portfolio by segment, owner and account: what asking for each alone gives."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from kpi.metrics.catalog import CATALOG
from kpi.metrics.document import to_json
from kpi.model import KpiValue, Scope
from kpi.services.breakdowns import COVERING, KINDS, breakdown
from kpi.services.questions import Question
from kpi.services.reports import Reports
from tests.sample_portfolio import sample_reports

WAYS = [(kpi.key, way) for kpi in CATALOG for way in kpi.variants or [None]]
PERIODS = ["last 90 days", "2026-Q2", "last 12 months", "2026-08", "this quarter"]


@pytest.fixture(scope="module")
def sample(shared_engine: Engine) -> Iterator[Reports]:
    with sample_reports(shared_engine) as reports:
        yield reports


def named(values: tuple[KpiValue, ...]) -> list[str | None]:
    return [value.scope.name for value in values]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: " ".join(filter(None, way)))
@settings(max_examples=4, suppress_health_check=list(HealthCheck), derandomize=True)
@given(st.sampled_from(KINDS), st.sampled_from(PERIODS))
def test_each_group_has_the_very_document_it_has_when_it_is_asked_for_alone_or_is_covered(
    sample: Reports, way: tuple[str, str | None], by: str, period: str
) -> None:
    key, variant = way
    found = breakdown(sample, Question(key, period, variant=variant), by)
    assert found.values
    for value in found.values:
        if value.scope.name is not None:
            alone = sample.answer(Question(key, period, Scope(by, value.scope.name), variant=variant))
            if value.reason == COVERING:
                assert (value.value, value.n) == (None, alone.n)
            else:
                assert to_json(value) == to_json(alone)


@pytest.mark.parametrize("kpi", CATALOG, ids=lambda kpi: kpi.key)
@pytest.mark.parametrize("by", KINDS)
def test_every_group_has_its_place_the_worst_first_and_those_without_a_value_last_with_a_reason(
    sample: Reports, kpi: object, by: str
) -> None:
    key, better = kpi.key, kpi.better  # type: ignore[attr-defined]  # of the catalog
    found = breakdown(sample, Question(key, "last 12 months"), by)
    known = [value.value for value in found.values if value.value is not None]
    assert known == sorted(known, reverse=better == "down")
    last = found.values[len(known) :]
    assert all(value.value is None and value.reason for value in last)
    assert len(set(named(found.values))) == len(found.values)


@pytest.mark.parametrize(
    ("kind", "by"), [("owner", "account"), ("owner", "segment"), ("segment", "owner"), ("segment", "account")]
)
@pytest.mark.parametrize("key", ["csat", "churn", "clv", "engagement_score", "response_time"])
def test_a_scope_is_broken_down_into_what_it_has(sample: Reports, kind: str, by: str, key: str) -> None:
    whole = breakdown(sample, Question(key, "last 12 months"), kind).values
    for one in whole:
        if one.scope.name is not None:
            within = breakdown(sample, Question(key, "last 12 months", one.scope), by)
            if key != "clv":
                assert sum(value.n for value in within.values) == one.n
            assert within.scope.name == one.scope.name

"""A third opinion: the SQL an analyst would write for each KPI, beside the product's own figures."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Engine

from benchmarks.by_hand import keys
from benchmarks.recompute import bench_of
from bot.services import build_reports
from bot.settings import load
from kpi.metrics.catalog import CATALOG
from kpi.services.reports import Reports
from tests.sample_portfolio import sample_reports


@pytest.fixture(scope="module")
def reports(shared_engine: Engine) -> Iterator[Reports]:
    with sample_reports(shared_engine, accounts=40, months=18) as reports:
        yield reports


def test_every_kpi_is_written_down_by_hand() -> None:
    assert set(keys()) == {kpi.key for kpi in CATALOG}


@pytest.mark.parametrize("month", ["2026-09", "2026-07", "2026-01", "2025-10"])
def test_sql_by_hand_comes_to_the_same_value_n_numerator_and_denominator(reports: Reports, month: str) -> None:
    make = partial(build_reports, load({}, Path("/nonexistent")), reports.store)
    with bench_of(make, reports.now, month) as bench:
        assert [line for key in keys() for line in bench.differences(key)] == []

"""docs/bi.md describes the views as they are, and what it asks of them comes to what the KPIs come to."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

import pytest
from sqlalchemy import create_engine

from kpi.model import KpiValue, Scope
from kpi.services.publishing import Publishing
from kpi.services.questions import Question
from kpi.services.reports import Reports
from tests.analyst import VIEWS, Analyst, Row, analyst
from tests.conftest import new_database
from tests.fakes import FakeNow
from tests.sample_portfolio import NOW, sample_reports
from tests.views import PAGE, written_into

SHOWN = re.findall(r"^```sql\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class House:
    """A sample portfolio whose values are published, an analyst who reads it, and the program's own figures."""

    reports: Reports
    reader: Analyst

    def kpi(self, key: str, period: str, segment: str | None) -> KpiValue:
        return self.reports.answer(Question(key, period, Scope("segment", segment)))


@pytest.fixture(scope="module")
def house(postgres_url: str, migrated_template: str) -> Iterator[House]:
    with new_database(postgres_url, template=migrated_template) as url:
        engine = create_engine(url)
        with sample_reports(engine, accounts=60) as reports:
            workspace = reports.policy.workspace
            reports.store.count_by(workspace.timezone.key, workspace.currency)
            for months in (2, 1, 0):
                then = replace(reports, now=FakeNow(NOW.replace(month=NOW.month - months)))
                Publishing(then, reports.store).run()
            with analyst(reports.store) as reader:
                yield House(reports, reader)
        engine.dispose()


def test_the_page_describes_every_view_and_column_of_the_database(house: House) -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == written_into(page, house.reader.read(VIEWS)), "run: python -m tests.views"


def test_the_page_asks_three_questions() -> None:
    assert len(SHOWN) == 3


def asked(house: House, number: int) -> list[Row]:
    rows = house.reader.read(SHOWN[number])
    assert rows
    return rows


def test_the_published_months_are_those_of_the_command(house: House) -> None:
    rows = asked(house, 0)
    assert [row["period"] for row in rows] == ["2026-07", "2026-08", "2026-09"]
    for row in rows:
        value = house.reports.answer(Question("csat", row["period"]))
        interval = value.interval
        assert interval is not None
        assert (row["value"], row["low"], row["high"]) == pytest.approx((value.value, interval.low, interval.high))
        assert (row["n"], row["status"], row["target"]) == (value.n, value.status, value.target and value.target.value)


def test_satisfaction_by_month_and_segment_is_the_kpi(house: House) -> None:
    rows = [row for row in asked(house, 1) if row["segment"] is not None]
    assert len({row["month"] for row in rows}) > 10
    assert len({row["segment"] for row in rows}) > 2
    for row in rows:
        value = house.kpi("csat", row["month"], row["segment"])
        assert row["n"] == value.n, row
        assert float(row["csat"]) == pytest.approx(value.value), row


def test_clients_lost_by_segment_are_those_of_the_kpi(house: House) -> None:
    rows = [row for row in asked(house, 2) if row["segment"] is not None]
    assert len(rows) > 2
    assert sum(row["lost"] for row in rows) > 0
    for row in rows:
        value = house.kpi("churn", "2026-Q3", row["segment"])
        assert (row["clients"], row["lost"]) == (value.denominator, value.numerator), row
        assert isinstance(row["churn"], Decimal)
        assert float(row["churn"]) == pytest.approx(value.value)

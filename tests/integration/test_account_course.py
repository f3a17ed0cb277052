"""The course of an account through its form: its start and end, its coming back, and what it pays."""

from collections.abc import Iterator
from typing import Any

import pytest

from kpi.store import tables
from kpi.store.store import Record, Store
from tests.account_office import NEW, amounts, errors, inputs, of, opened, saved
from tests.agency import Agency
from tests.stage import Stage, listening


@pytest.fixture
def stage(tenant: Store) -> Iterator[Stage]:
    with listening() as ears:
        yield Stage(Agency(tenant), ears)


def test_an_end_comes_with_its_notice_and_reason_and_can_be_taken_back(stage: Stage) -> None:
    saved(stage, opened(stage), **NEW)
    stage.agency.now.move(days=1)
    view = opened(stage)
    end: dict[str, Any] = {"notice_on": "2026-09-10", "ends_on": "2026-12-01", "reason": "Budget 🚀 & <!channel>"}
    assert "&lt;!channel&gt;" in saved(stage, view, view_id="V2", **end)
    (term,) = of(stage, tables.account_term, "Initech Ltd")
    assert (str(term["notice_on"]), str(term["ends_on"]), term["reason"]) == tuple(end.values())
    assert term["end_recorded_at"] == stage.agency.now()
    assert term["recorded_at"] < term["end_recorded_at"]
    saved(stage, opened(stage), view_id="V3", notice_on="", ends_on="", reason="")
    (term,) = of(stage, tables.account_term, "Initech Ltd")
    assert (term["notice_on"], term["ends_on"], term["reason"], term["end_recorded_at"]) == (None, None, None, None)


def test_a_start_is_corrected_in_place(stage: Stage) -> None:
    saved(stage, opened(stage), **NEW, ends_on="2024-06-01")
    saved(stage, opened(stage), view_id="V2", starts_on="2024-02-01", ends_on="2024-02-20")
    (term,) = of(stage, tables.account_term, "Initech Ltd")
    assert (str(term["starts_on"]), str(term["ends_on"])) == ("2024-02-01", "2024-02-20")


def test_a_client_that_came_back_gets_a_new_term_and_keeps_the_old_one(stage: Stage) -> None:
    saved(stage, opened(stage), **NEW, ends_on="2025-01-01", reason="budget")
    words = saved(stage, opened(stage), view_id="V2", starts_on="2026-02-01", ends_on="", reason="")
    assert "*Terms:* 2; the earlier ones stay" in words
    days = [(str(row["starts_on"]), row["ends_on"] and str(row["ends_on"])) for row in _terms(stage)]
    assert days == [("2024-03-01", "2025-01-01"), ("2026-02-01", None)]
    view = opened(stage)
    assert inputs(view)["starts_on"]["initial_date"] == "2026-02-01"
    assert "An earlier term runs until 2025-01-01" in errors(stage, view, starts_on="2024-12-01")["starts_on"]


def _terms(stage: Stage) -> list[Record]:
    return sorted(of(stage, tables.account_term, "Initech Ltd"), key=lambda row: row["starts_on"])


def test_a_new_amount_ends_the_earlier_one_that_day(stage: Stage) -> None:
    saved(stage, opened(stage), **NEW, amount="4500 USD", amount_from="2024-03-01")
    view = opened(stage)
    assert "4,500.00 USD from Mar 1, 2024" in str(view["blocks"])
    words = saved(stage, view, view_id="V2", amount="5000.50", amount_from="2026-10-01")
    assert "5,000.50 USD from Oct 1, 2026" in words
    assert amounts(stage, "Initech Ltd") == [
        ("2024-03-01", "2026-10-01", 450_000, "USD"),
        ("2026-10-01", None, 500_050, "USD"),
    ]
    note = stage.agency.rows(tables.audit)[-1]
    assert [row["amount"] for row in note["before"]["revenue"]] == ["4500.00"]
    assert [row["amount"] for row in note["after"]["revenue"]] == ["4500.00", "5000.50"]


def test_an_amount_between_two_others_lasts_until_the_later_one(stage: Stage) -> None:
    saved(stage, opened(stage), **NEW, amount="100", amount_from="2024-01-01")
    saved(stage, opened(stage), view_id="V2", amount="300", amount_from="2024-09-01")
    saved(stage, opened(stage), view_id="V3", amount="200", amount_from="2024-05-01")
    saved(stage, opened(stage), view_id="V4", amount="250", amount_from="2024-05-01")
    assert amounts(stage, "Initech Ltd") == [
        ("2024-01-01", "2024-05-01", 10_000, "EUR"),
        ("2024-05-01", "2024-09-01", 25_000, "EUR"),
        ("2024-09-01", None, 30_000, "EUR"),
    ]

"""Closed periods are published, each once; nothing that is open, and nothing that is withheld."""

from json import loads

import pytest
from sqlalchemy import update

from bot.jobs import publish_values
from kpi.metrics.document import to_json
from kpi.services.questions import Question
from kpi.store import tables
from kpi.store.store import Store
from tests.builders import at
from tests.press import Press

PERIODS = {
    "csat": ["2026-09", "2026-Q3", "2026-W39"],
    "churn": ["2026-09", "2026-W39"],
    "clv": ["2025"],
    "upsell_ratio": ["2026-H1"],
}


@pytest.fixture
def press(tenant: Store) -> Press:
    press = Press(tenant)
    press.books.accounts("acme")
    press.books.term("acme", "2024-01-01")
    press.answers("september", [5, 5, 5, 4, 1], "2026-09-15")
    return press


def test_of_each_cadence_the_latest_complete_period_is_published(press: Press) -> None:
    press.publish()
    published = {key: sorted(row["period_key"] for row in press.rows if row["kpi_key"] == key) for key in PERIODS}
    assert published == PERIODS
    cadences = sum(len(definition.cadence) for definition in press.policy.kpis.values())
    assert len(press.rows) == cadences
    assert {row["revision"] for row in press.rows} == {0}


def test_a_published_value_is_what_anybody_gets_who_asks_with_its_numbers_in_columns(press: Press) -> None:
    press.publish()
    (row,) = press.of("csat", "2026-09")
    asked = press.publishing.reports.answer(Question("csat", "2026-09"))
    assert loads(row["document"]) == to_json(asked)
    assert (row["value"], row["numerator"], row["denominator"], row["n"], row["accounts"]) == (80, 4, 5, 5, 5)
    assert asked.interval
    assert (row["low"], row["high"]) == (asked.interval.low, asked.interval.high)
    assert (row["status"], row["target"], row["variant"]) == ("indicative", 80, "top_two")
    assert (row["as_of"], str(row["starts_on"]), str(row["ends_on"])) == (press.now(), "2026-09-01", "2026-10-01")


def test_a_period_is_published_only_when_it_is_over_where_the_workspace_is(press: Press) -> None:
    press.only("csat")
    press.now.at = at("2026-09-30", 21)  # 23:00 in Berlin
    press.publish()
    assert press.of("csat", "2026-09") == []
    press.now.move(hours=1)
    press.publish()
    assert len(press.of("csat", "2026-09")) == 1
    assert all(document["period"]["complete"] for document in press.documents())


def test_before_there_are_clients_nothing_is_published_that_their_import_would_revise(tenant: Store) -> None:
    empty = Press(tenant)
    assert (empty.publish().rows, empty.rows) == ([], [])
    empty.books.accounts("acme")
    assert empty.publish().rows


def test_too_few_answers_are_published_without_their_figures(press: Press) -> None:
    press.only("csat")
    press.now.at = at("2026-11-02")
    press.answers("october", [5, 1], "2026-10-12")
    press.publish()
    (row,) = press.of("csat", "2026-10")
    assert (row["status"], row["n"]) == ("insufficient", 2)
    assert [row[name] for name in ("value", "numerator", "denominator", "low", "high")] == [None] * 5
    document = loads(row["document"])
    assert (row["details"], document["details"], document["interval"], document["change"]) == ({}, {}, None, None)


def test_publishing_again_changes_nothing_the_same_night_or_the_next(press: Press) -> None:
    press.publish()
    before = press.rows
    assert press.publish().rows == []
    press.now.move(days=1)
    publish_values.run(press.publishing)
    assert press.rows == before


def test_a_kpi_that_cannot_be_computed_is_named_and_holds_up_no_other(press: Press) -> None:
    press.only("csat", "nrr", "churn")
    money = {"account": "acme", "starts_on": "2024-01-01", "ends_on": None, "amount": 100, "currency": "NOK"}
    press.books.put("revenue", money)
    done = press.publish()
    (problem,) = done.problems
    assert problem.startswith("nrr: There is no rate for NOK")
    assert {row["kpi_key"] for row in done.rows} == {"csat", "churn"}


def test_a_failure_of_ours_with_one_kpi_is_raised_when_the_others_are_published(press: Press) -> None:
    press.only("csat", "churn", cadence=("monthly",))
    press.publish()
    with press.store.transaction() as tx:
        broken = tables.kpi_value.c.kpi_key == "churn"
        tx.run(update(tables.kpi_value).where(tx.mine(tables.kpi_value), broken).values(document="broken"))
    press.now.move(days=40)
    with pytest.raises(ValueError, match="Expecting value"):
        publish_values.run(press.publishing)
    assert len(press.of("csat", "2026-10")) == 1


def test_a_new_definition_version_begins_a_series_of_its_own(press: Press) -> None:
    press.only("csat", cadence=("monthly",))
    press.publish()
    press.only("csat", min_n=6, definition_version=2)
    press.now.move(days=1)
    press.answers("late", [1], "2026-09-20", recorded_at=press.now().isoformat())
    press.publish()
    assert [(row["definition_version"], row["revision"], row["n"]) for row in press.of("csat", "2026-09")] == [
        (1, 0, 5),
        (2, 0, 6),
    ]
    assert press.replayed() == []

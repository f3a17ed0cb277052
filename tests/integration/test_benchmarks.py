"""Every measurement that asks the histories works, on a history of a few accounts."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import NullPool, create_engine, make_url

from benchmarks import answering, crowd, drain, freshness, recompute
from benchmarks.facts import ROWS
from benchmarks.history import History
from benchmarks.idle_memory import held_by
from benchmarks.report import Report, held
from bot.clock import utc_now
from kpi.periods import local_day
from kpi.services.intake import Intake, Mode
from kpi.sources.csv_files import Folder
from kpi.sources.sample import ZONE, Wish, planned, write
from kpi.store.store import open_store
from sandbox.server import Sandbox
from tests.conftest import new_database


@dataclass(frozen=True)
class Lent(History):
    """A history in a database of the tests'."""

    url: str

    def environment(self, slack: Sandbox) -> Mapping[str, str]:
        return {**History.environment(self, slack), "DATABASE_URL": self.url}


@pytest.fixture
def histories(migrated_url: str, postgres_url: str, tmp_path: Path) -> Iterator[Any]:
    """The same few accounts as the short and as the long history."""
    until = local_day(utc_now(), ZONE).replace(day=1)
    made = write(tmp_path / "sample", planned(Wish(accounts=24, months=6), until), lambda _done: None)
    engine = create_engine(migrated_url, poolclass=NullPool)
    taken = Intake(open_store(engine, utc_now()), utc_now, ZONE, "EUR").take(Folder(made.folder).sheets(), Mode())
    assert not [flaw for one in taken for flaw in one.flaws]
    with new_database(postgres_url, template=str(make_url(migrated_url).database)) as copy:
        yield SimpleNamespace(short=Lent(1, tmp_path, migrated_url), long=Lent(2, tmp_path, copy))


def words(report: Report) -> str:
    assert {len(row) for row in report.rows} == {len(report.columns)}
    return "\n".join(" · ".join(row) for row in report.rows)


def test_answers_are_timed_beside_an_echo_warm_and_cold(histories: Any) -> None:
    report = answering.measure(histories, rounds=1, calls=2)
    for kpi in ROWS:
        assert f"/kpi {kpi}, warm" in words(report)
        assert report.figures[f"{kpi}_cold_long_p95_ms"] > 0
    assert "asked ≤ 250 ms" in words(report)


def test_a_stored_fact_is_in_the_very_next_answer(histories: Any) -> None:
    assert words(freshness.measure(histories)).count("20 of 20") == 2


def test_a_month_computed_anew_is_timed_beside_sql_by_hand(histories: Any) -> None:
    report = recompute.measure(histories, rounds=1)
    assert "all together" in words(report)
    assert report.figures["ratio_answer"] > 0


def test_a_crowd_is_answered_and_clicks_are_stored_meanwhile(histories: Any) -> None:
    report = crowd.measure(histories, people=3, seconds=3)
    assert report.figures["asked_count"] > 0
    assert report.figures["clicked_count"] == 2
    assert [report.figures[f"{phase}_lost"] for phase in ("before", "asked", "clicked", "after")] == [0, 0, 0, 0]


def test_questions_drain_at_slacks_pace_while_people_are_served(migrated_url: str) -> None:
    report = drain.measure(24, DATABASE_URL=migrated_url)
    assert "questions, since they were due · 24" in words(report)
    assert [report.figures[name] for name in ("questions", "limited", "lost")] == [24, 0, 0]
    assert report.figures["urgent_notices_p50_ms"] > 0


def test_what_a_process_holds_is_read_from_the_kernel() -> None:
    if not Path("/proc/self/smaps_rollup").exists():
        pytest.skip("Linux alone tells")
    found = held_by(os.getpid())
    assert 0 < found["pss"] <= found["rss"]


def test_a_figure_stands_beside_what_is_asked_and_says_when_it_is_missed() -> None:
    assert held(0.42, 0.5, "{:.2f}") == "0.42, asked ≤ 0.50"
    assert held(0.8, 0.5, "{:.2f}") == "0.80, asked ≤ 0.50: missed"

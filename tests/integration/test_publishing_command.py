"""`kpibot publish` and `kpibot values list` as an operator calls them."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from typer.testing import CliRunner

from bot.cli import cli
from bot.clock import utc_now
from kpi.errors import KpiError
from kpi.periods import local_day, shift, spoken
from kpi.store import tables
from kpi.store.store import Store
from tests.press import Press

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def desk(store: Store, migrated_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "config").mkdir()
    monkeypatch.chdir(tmp_path)
    for name, value in (("DATABASE_URL", migrated_url), ("KPIBOT_CONFIG", "config"), ("KPIBOT_DATA", "data")):
        monkeypatch.setenv(name, value)
    return tmp_path


@pytest.fixture
def month(store: Store) -> str:
    """Last month, in which five people answered."""
    first = shift(utc_now().date().replace(day=1), "month", -1)
    press = Press(store)
    press.now.at = datetime(first.year, first.month, 20, tzinfo=UTC)
    press.answers("first", [5, 5, 5, 4, 1], f"{first:%Y-%m}-15")
    return f"{first:%Y-%m}"


def call(*words: str) -> str:
    ended = CliRunner().invoke(cli, words, env={"COLUMNS": "240"})
    assert ended.exception is None, ended.exception
    return ended.output.strip()


def late(store: Store, month: str) -> None:
    press = Press(store)
    press.now.at = utc_now()
    press.answers("late", [1, 1], f"{month}-16", recorded_at=press.now().isoformat())


def test_it_prints_a_line_for_each_new_value_and_each_revision(store: Store, month: str) -> None:
    lines = call("publish").splitlines()
    assert f"csat {month}: 80 %, n 5" in lines
    assert any(line.startswith("clv 2") and line.endswith(": no value, n 0") for line in lines)
    assert call("publish") == "Everything is published and as it was."
    late(store, month)
    revised = [line for line in call("publish").splitlines() if line.startswith(f"csat {month}, revision 1: ")]
    assert len(revised) == 1
    assert "80 → 57.1 %, n 5 → 7; 2 answers of " in revised[0]


def test_with_json_it_is_one_document(month: str) -> None:
    document = json.loads(call("publish", "--json"))
    assert document["problems"] == []
    (row,) = [row for row in document["published"] if (row["kpi_key"], row["period_key"]) == ("csat", month)]
    assert (row["value"], row["n"], row["revision"], row["revision_reason"]) == (80, 5, 0, None)
    assert (row["document"]["key"], row["document"]["value"]) == ("csat", 80)
    assert json.loads(call("publish", "--json")) == {"published": [], "problems": []}


def test_what_cannot_be_published_is_said_and_the_rest_is_published(store: Store) -> None:
    press = Press(store)
    press.books.accounts("acme")
    press.books.term("acme", "2020-01-01")
    money: dict[str, Any] = {"account": "acme", "starts_on": "2020-01-01", "ends_on": None, "amount": 1}
    press.books.put("revenue", {**money, "currency": "NOK"})
    ended = CliRunner().invoke(cli, ["publish"])
    assert isinstance(ended.exception, KpiError)
    assert "nrr: There is no rate for NOK" in str(ended.exception)
    assert "churn " in ended.output


def test_the_list_shows_values_with_their_revisions_of_all_or_of_one_kpi(store: Store, month: str) -> None:
    assert call("values", "list").startswith("Nothing has been published yet")
    call("publish")
    late(store, month)
    call("publish")
    lines = call("values", "list", "--kpi", "satisfaction").splitlines()
    place = next(place for place, line in enumerate(lines) if line.startswith(f"csat {month}: "))
    today = spoken(local_day(utc_now(), Press(store).policy.workspace.timezone))
    assert lines[place] == f"csat {month}: 80 %, n 5 (indicative, definition 1, on {today})"
    assert lines[place + 1].startswith(f"  revision 1 on {today}: 80 → 57.1 %, n 5 → 7; 2 answers of ")
    rows = json.loads(call("values", "list", "--json"))
    assert {row["kpi_key"] for row in rows} > {"csat", "churn", "clv"}
    assert [row["n"] for row in rows if (row["kpi_key"], row["period_key"]) == ("csat", month)] == [5, 7]


def test_a_run_that_is_killed_leaves_whole_kpis_and_the_next_one_does_the_rest(
    store: Store, migrated_url: str, month: str, desk: Path
) -> None:
    with psycopg.connect(migrated_url) as obstacle:
        # A definition of this KPI that is not committed yet holds the run up in the middle.
        obstacle.execute("INSERT INTO kpi_definition VALUES (1, 'clv', 1, 'x', NULL, 'x', now())")
        command = [sys.executable, "-m", "bot", "publish"]
        environ = {**os.environ, "PYTHONPATH": str(ROOT)}
        with subprocess.Popen(command, cwd=desk, env=environ, stdout=subprocess.PIPE) as victim:
            wait_until_blocked(migrated_url)
            victim.kill()
        obstacle.rollback()
    press = Press(store)
    cadences = {key: len(definition.cadence) for key, definition in press.policy.kpis.items()}
    written = [row["kpi_key"] for row in press.rows]
    assert "csat" in written
    assert "clv" not in written
    assert {key: written.count(key) for key in set(written)} == {key: cadences[key] for key in set(written)}
    call("publish")
    published = [row["kpi_key"] for row in press.rows]
    assert {key: published.count(key) for key in cadences} == cadences
    assert len(press.books.rows(tables.kpi_definition)) == len(cadences)


def wait_until_blocked(url: str) -> None:
    blocked = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    deadline = utc_now() + timedelta(seconds=60)
    with psycopg.connect(url, autocommit=True) as watcher:
        while watcher.execute(blocked).fetchone() != (1,):
            assert utc_now() < deadline
            watcher.execute("SELECT pg_sleep(0.02)")

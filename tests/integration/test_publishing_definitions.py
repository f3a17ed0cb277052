"""What was published under a definition's version stays what that version means."""

from pathlib import Path

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from bot.cli import cli
from kpi.errors import KpiError
from kpi.store import tables
from kpi.store.store import Store
from tests.press import Press

CHANGED = "csat: {{min_n: {fewest}, definition_version: {version}}}"


@pytest.fixture
def press(store: Store) -> Press:
    """One client, of whom nothing is known."""
    press = Press(store)
    press.books.accounts("acme")
    return press


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An operator's folder without a database."""
    (tmp_path / "config").mkdir()
    monkeypatch.chdir(tmp_path)
    for name, value in (("KPIBOT_CONFIG", "config"), ("KPIBOT_DATA", "data")):
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return tmp_path


def call(*words: str) -> str:
    ended = CliRunner().invoke(cli, words, env={"COLUMNS": "200"})
    if isinstance(ended.exception, KpiError):
        return f"fault: {ended.exception}"
    assert ended.exception is None, ended.exception
    return ended.output.strip()


def define(desk: Path, fewest: int, version: int) -> None:
    (desk / "config" / "kpis.yaml").write_text(CHANGED.format(fewest=fewest, version=version), encoding="utf-8")


def test_a_definition_is_written_down_when_it_is_first_published_by(press: Press) -> None:
    press.publish()
    press.now.move(days=40)
    press.publish()
    rows = press.books.rows(tables.kpi_definition)
    assert [row["kpi_key"] for row in rows] == sorted(press.policy.kpis)
    (clv,) = [row for row in rows if row["kpi_key"] == "clv"]
    assert (clv["definition_version"], clv["variant"]) == (1, "survival")
    assert clv["formula"] == press.policy.kpis["clv"].formula
    assert {row["first_published_at"] for row in rows} == {press.rows[0]["published_at"]}


@pytest.mark.parametrize(
    "changed",
    [{"formula": "otherwise"}, {"variant": "historic"}, {"min_n": 9}, {"variants": {"historic": "otherwise"}}],
    ids=str,
)
def test_another_definition_under_the_same_version_is_refused_and_other_kpis_go_on(
    press: Press, changed: dict[str, object]
) -> None:
    press.only("clv", "churn")
    press.publish()
    kpis = press.policy.kpis
    press.only("clv", **changed)
    press.define({**press.policy.kpis, "churn": kpis["churn"]})
    press.now.move(days=150)
    done = press.publish()
    assert {row["kpi_key"] for row in done.rows} == {"churn"}
    (problem,) = done.problems
    assert problem.startswith("kpis.yaml: clv.definition_version: 1 was published from 1 October 2026 on with")
    press.only("clv", definition_version=2)
    assert press.publish().problems == []


@pytest.mark.parametrize("words", [{"label": "Otherwise"}, {"target": 12.0}, {"question": "Otherwise?"}], ids=str)
def test_words_and_targets_may_change_under_the_same_version(press: Press, words: dict[str, object]) -> None:
    press.only("csat")
    press.publish()
    press.only("csat", **words)
    press.now.move(days=40)
    assert press.publish().problems == []
    assert press.replayed() == []


def test_check_fails_when_a_definition_changes_again_under_a_published_version(
    press: Press, desk: Path, migrated_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", migrated_url)
    define(desk, fewest=8, version=2)
    assert call("check").startswith("The configuration is sound")
    call("publish")
    assert call("check").startswith("The configuration is sound")
    define(desk, fewest=9, version=2)
    said = call("check")
    assert said.startswith("fault: kpis.yaml: csat.definition_version: 2 was published from ")
    assert said.endswith("give it one above 2, so that figures of before stay what they are.")
    assert call("publish") == said
    define(desk, fewest=9, version=3)
    assert call("check").startswith("The configuration is sound")


def test_check_makes_no_database_and_says_nothing_of_one_that_is_not_there(desk: Path) -> None:
    assert "compared" not in call("check")
    assert not (desk / "data").exists()


def test_check_says_in_one_line_that_it_could_not_ask_a_database_that_is_away_or_older(
    desk: Path, store: Store, migrated_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    sound, told, *_ = call("check").splitlines()
    assert sound.startswith("The configuration is sound")
    assert told.startswith("Not compared with what was published: The database cannot be reached just now")
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE kpibot_schema SET version_num = '0003'"))
    monkeypatch.setenv("DATABASE_URL", migrated_url)
    assert "Not compared with what was published: The database's tables are at version 0003" in call("check")
    with store.engine.begin() as connection:
        assert connection.execute(text("SELECT version_num FROM kpibot_schema")).scalar() == "0003", "not migrated"


def test_check_asks_a_database_without_a_workspace_and_leaves_it_so(
    desk: Path, migrated_url: str, monkeypatch: pytest.MonkeyPatch, database_url: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", migrated_url)
    assert "compared" not in call("check")
    monkeypatch.setenv("DATABASE_URL", database_url)
    assert "Not compared with what was published: The database's tables are at version none" in call("check")

"""`kpibot account | owner | contact | delete | correct` where docs/corrections.md does not show it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import cli
from kpi.store import tables
from kpi.store.store import Store
from tests.books import Books


@pytest.fixture
def books(store: Store, migrated_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Books:
    (tmp_path / "config").mkdir()
    monkeypatch.chdir(tmp_path)
    for name, value in (("DATABASE_URL", migrated_url), ("KPIBOT_CONFIG", "config"), ("KPIBOT_DATA", "data")):
        monkeypatch.setenv(name, value)
    books = Books(store)
    books.put("owners", {"owner": "anna", "name": "Anna [A]"})
    books.accounts("acme", "acme-old", owner="anna")
    books.term("acme", "2024-03-01", "2025-03-01")
    return books


def call(*words: str) -> Result:
    return CliRunner().invoke(cli, words)


def test_a_dry_run_says_what_would_be_and_keeps_nothing(books: Books) -> None:
    ended = call("account", "merge", "acme-old", "acme", "--dry-run")
    assert ended.output.startswith("Would be: “acme-old” is now part of “acme”")
    assert len(books.rows(tables.account)) == 2


def test_json_is_one_document(books: Books) -> None:
    ended = call("delete", "terms", "account=acme", "--json")
    assert json.loads(ended.output) == {
        "done": "Deleted from terms: account=acme.", "dry_run": False, "rows": {"terms": 1}}  # fmt: skip


def test_the_trace_says_it_was_done_on_the_command_line(books: Books) -> None:
    assert call("account", "assign", "acme", "--nobody").exit_code == 0
    assert books.row(tables.audit, action="account.assign")["actor"] == "command line"


def test_names_are_printed_as_they_are(books: Books) -> None:
    assert call("account", "assign", "acme-old", "--owner", "anna").output == (
        "Acme-old is looked after by Anna [A] from now on.\n")  # fmt: skip


@pytest.mark.parametrize(
    "words",
    [
        ("delete", "terms", "account"),
        ("delete", "terms", "=acme"),
        ("delete", "terms", "account=acme", "account=beta"),
        ("delete", "terms"),
        ("correct", "terms", "account=acme"),
        ("correct", "terms", "account=acme", "--set", "ends_on"),
        ("account", "assign", "acme"),
        ("account", "assign", "acme", "--owner", "anna", "--nobody"),
        ("account", "merge", "acme"),
    ],
)
def test_wrong_usage_changes_nothing(books: Books, words: tuple[str, ...]) -> None:
    assert call(*words).exit_code == 2
    assert [row["action"] for row in books.rows(tables.audit) if row["action"] != "rows.put"] == []


def test_a_value_may_hold_an_equals_sign(books: Books) -> None:
    assert call("correct", "terms", "account=acme", "--set", "reason=a=b").exit_code == 0
    assert books.row(tables.account_term)["reason"] == "a=b"

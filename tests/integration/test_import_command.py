"""`kpibot import` as an operator calls it."""

import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from sqlalchemy import func, select
from typer.testing import CliRunner

from bot.cli import cli
from bot.cli.importing import watched
from kpi.errors import KpiError
from kpi.records.catalog import ENTITIES
from kpi.store import tables
from kpi.store.store import Store
from tests.bots import Program

ACCOUNTS = "account,name,owner\nacme,ACME Ltd,anna\nbeta,Beta GmbH,\n"
OWNERS = "owner,name\nanna,Anna Berg\n"
TERMS = "account,starts_on,ends_on\nacme,2024-03-01,\nbeta,2025-01-01,2026-01-01\n"


@dataclass(frozen=True)
class Desk:
    """An operator with a folder of files and an empty database."""

    folder: Path
    environ: Mapping[str, str]
    store: Store

    def files(self, **contents: str | bytes) -> "Desk":
        """`terms="…"` writes terms.csv."""
        for name, content in contents.items():
            (self.folder / f"{name}.csv").write_bytes(content.encode() if isinstance(content, str) else content)
        return self

    def call(self, *options: str) -> tuple[int, str]:
        """The exit status and what was printed; a KpiError is printed as the program does."""
        ended = CliRunner().invoke(cli, ["import", str(self.folder), *options], env={**self.environ, "COLUMNS": "120"})
        if isinstance(ended.exception, KpiError):
            return 1, str(ended.exception)
        assert ended.exception is None or isinstance(ended.exception, SystemExit), ended.exception
        return ended.exit_code, ended.output

    def told(self, *options: str) -> dict[str, Any]:
        """The document of --json."""
        _, said = self.call(*options, "--json")
        document: dict[str, Any] = json.loads(said)
        return document

    def count(self, name: str) -> int:
        """The rows of a table."""
        with self.store.transaction() as tx:
            return int(tx.value(select(func.count()).select_from(tables.metadata.tables[name])))


@pytest.fixture
def desk(store: Store, migrated_url: str, tmp_path: Path) -> Desk:
    for name in ("config", "files"):
        (tmp_path / name).mkdir()
    environ = {"DATABASE_URL": migrated_url, "KPIBOT_CONFIG": str(tmp_path / "config"), "KPIBOT_DATA": str(tmp_path)}
    return Desk(tmp_path / "files", environ, store)


def table(said: str) -> dict[str, list[str]]:
    """The summary's lines by their file: rows, new, changed, unchanged, rejected, outcome."""
    lines = (re.split(r" {2,}", line.strip()) for line in said.splitlines() if ".csv  " in line)
    return {name: told for name, *told in lines}


def test_files_are_written_and_a_second_time_say_nothing_new(desk: Desk) -> None:
    desk.files(accounts=ACCOUNTS, owners=OWNERS, terms=TERMS)
    code, said = desk.call()
    assert code == 0
    assert table(said) == {
        "owners.csv": ["1", "1", "0", "0", "0", "written"],
        "accounts.csv": ["2", "2", "0", "0", "0", "written"],
        "terms.csv": ["2", "2", "0", "0", "0", "written"],
    }
    assert re.search(r"^5 rows in \d+\.\d s, at most \d+ MB of memory\.$", said, re.MULTILINE)
    code, said = desk.call()
    assert (code, table(said)["terms.csv"]) == (0, ["2", "0", "0", "2", "0", "up to date"])
    assert (desk.count("account"), desk.count("account_term")) == (2, 2)


def test_a_dry_run_says_what_would_happen_and_writes_nothing(desk: Desk) -> None:
    desk.files(accounts=ACCOUNTS, owners=OWNERS)
    code, said = desk.call("--dry-run")
    assert (code, table(said)["accounts.csv"]) == (0, ["2", "2", "0", "0", "0", "would be written"])
    assert "This was a dry run: nothing was written.\n" in said
    assert (desk.count("account"), desk.count("owner")) == (0, 0)


def test_a_dry_run_that_finds_faults_says_so_with_its_exit_status(desk: Desk) -> None:
    desk.files(accounts=ACCOUNTS)
    code, said = desk.call("--dry-run")
    assert code == 1
    assert "accounts.csv:2: owner: there is no owner “anna”; expected one among the owners that came before\n" in said
    assert "Nothing of accounts.csv would be written: 1 row has a fault.\n" in said


def test_a_file_with_a_fault_is_not_written_and_holds_the_next_ones_back(desk: Desk) -> None:
    desk.files(owners=OWNERS, accounts=f"{ACCOUNTS}gamma,,\n", terms=TERMS, usage="account,day,metric,value\n")
    code, said = desk.call()
    assert code == 1
    assert {name: told[-1] for name, told in table(said).items()} == {
        "owners.csv": "written",
        "accounts.csv": "refused",
        "terms.csv": "not written",
        "usage.csv": "not written",
    }
    assert said.partition("accounts.csv:4")[2].startswith(": name: the cell is empty; it must be filled in\n")
    assert "Nothing of accounts.csv was written: 1 row has a fault.\n" in said
    assert "2 files are fine; they were not written because accounts.csv was refused.\n" in said
    assert [desk.count(name) for name in ("owner", "account", "account_term")] == [1, 0, 0]


def test_the_good_rows_are_kept_on_request_and_the_exit_status_says_some_were_not(desk: Desk) -> None:
    desk.files(owners=OWNERS, accounts=f"{ACCOUNTS}gamma,,\n", terms=f"{TERMS}gamma,2026-01-01,\n")
    code, said = desk.call("--keep-good")
    assert code == 1
    assert table(said)["accounts.csv"] == ["3", "2", "0", "0", "1", "written"]
    assert "accounts.csv was written without 1 row with faults.\n" in said
    assert "terms.csv:4: account: there is no account “gamma”; expected one among the accounts that came before" in said
    assert [desk.count(name) for name in ("account", "account_term")] == [2, 2]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("terms", "account,starts_on,ends_on\nacme,2026-02-30,\n",
         "terms.csv:2: starts_on: “2026-02-30” cannot be taken; that day is not in the calendar; "
         "expected a day like 2026-09-30"),
        ("terms", "starts_on;ends_on;account\n01/09/2026;;acme\n",
         "terms.csv:2: starts_on: “01/09/2026” in cell A2 is a spreadsheet's own spelling of a date; "
         "expected a day like 2026-09-30"),
        ("terms", "account,starts_on\nacme,2026-02-01\n",
         "terms.csv:1: ends_on: this column is missing; add it, at any place"),
        ("terms", "account,starts_on,ends_on,Account\nacme,2026-02-01,,\n",
         "terms.csv:1: account: this column is there twice; keep one of them"),
        ("terms", "account,starts_on,ends_on\nnobody,2026-02-01,\n",
         "terms.csv:2: account: there is no account “nobody”; expected one among the accounts that came before"),
        ("terms", "account,starts_on,ends_on\nacme,2026-02-01,\nacme,2026-02-01,2026-03-01\n",
         "terms.csv:2: account: the same account and starts_on as line 3; expected each once"),
        ("owners", "owner,name\nanna,Ren\xe9e\n".encode("cp1252"),
         "owners.csv:2: is not UTF-8 (byte 0xE9 at character 9, as in Windows-1252); save the file as UTF-8"),
        ("owners", "owner,name\nanna," + "A" * 10_000_000,
         "owners.csv:2: this line has more than 1,000,000 bytes; is a quote left open, or are line ends missing?"),
        ("owners", bytes(range(256)) * 40,
         "owners.csv:1: this holds a byte 0, so it is not UTF-8 text; save it as “CSV UTF-8”"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_place_and_nothing_of_the_file_is_written(
    desk: Desk, name: str, content: str | bytes, said: str
) -> None:
    assert desk.files(owners=OWNERS, accounts=ACCOUNTS).call()[0] == 0
    before = desk.count("owner"), desk.count("account_term")
    code, printed = desk.files(**{name: content}).call()
    assert code == 1
    assert said in printed.splitlines()
    assert f"Nothing of {name}.csv was written: " in printed
    assert (desk.count("owner"), desk.count("account_term")) == before


def test_a_folder_named_like_a_file_is_refused(desk: Desk) -> None:
    (desk.folder / "owners.csv").mkdir()
    code, said = desk.call()
    assert code == 1
    assert "owners.csv: this is a folder, not a file; rename it or take it out of the folder\n" in said
    assert "Nothing of owners.csv was written: the file has a fault.\n" in said


def test_of_many_faults_the_first_are_shown_and_the_rest_counted(desk: Desk) -> None:
    rows = "".join(f"acme,2026-02-{day},\n" for day in range(30, 1285))
    desk.files(owners=OWNERS, accounts=ACCOUNTS, terms=f"account,starts_on,ends_on\n{rows}")
    _, said = desk.call()
    assert len(re.findall(r"^terms\.csv:\d+: ", said, re.MULTILINE)) == 20
    assert "… and 1,235 more in terms.csv\n" in said
    assert "Nothing of terms.csv was written: 1,255 rows have faults.\n" in said
    told = desk.told()["files"][-1]
    assert (len(told["faults"]), told["faults_in_all"]) == (1000, 1255)
    assert told["faults"][0]["line"] == 2


def test_with_json_there_is_one_document_and_nothing_else(desk: Desk) -> None:
    desk.files(owners=OWNERS, accounts=f"{ACCOUNTS}beta,Beta\n", Terms=TERMS, truth="x\n")
    told = desk.told()
    assert told["files"][0] == {
        "file": "owners.csv", "entity": "owners", "rows": 1, "new": 1, "changed": 0, "unchanged": 0, "rejected": 0,
        "fate": "written", "faults": [], "faults_in_all": 0,
    }  # fmt: skip
    assert told["files"][1]["fate"] == "refused"
    assert told["files"][1]["faults"] == [{"line": 4, "column": "", "text": "has 2 cells, the header has 3"}]
    assert told["not_taken"] == [{"file": "Terms.csv", "nearest": "terms.csv"}, {"file": "truth.csv", "nearest": None}]
    assert told["written"] is True
    assert told["seconds"] > 0
    assert told["peak_mb"] > 10
    assert desk.told("--dry-run")["written"] is False


def test_files_that_were_not_taken_are_named(desk: Desk) -> None:
    _, said = desk.files(owners=OWNERS, Accounts=ACCOUNTS, truth="x\n").call()
    assert "Accounts.csv was not taken; rename it if it is meant to be accounts.csv\ntruth.csv was not taken\n" in said
    (desk.folder / "usage.xlsx").write_bytes(b"PK")
    _, said = desk.call()
    assert "usage.xlsx was not taken; save it as “CSV UTF-8” in usage.csv if it is meant to be that\n" in said


def test_nothing_in_a_cell_reaches_the_terminal_as_it_is(desk: Desk) -> None:
    evil = "[bold]\x1b[31m:smile:\u202eevil\x07"
    desk.files(owners=f"owner,name\nanna,Anna\n{evil},{evil}\n", accounts=f"account,name,owner\na,A,{evil[:6]}\u202e\n")
    _, said = desk.call("--keep-good")
    assert "owners.csv:3: owner: “[bold]\\x1b[31m:smile:\\u202eevil\\x07” cannot be taken; expected" in said
    assert "accounts.csv:2: owner: there is no owner “[bold]\\u202e”; expected" in said
    assert not set("\x1b\x07\u202e") & set(said)


def test_a_template_is_written_once_and_can_be_imported_as_it_is(desk: Desk) -> None:
    code, said = desk.call("--template")
    assert code == 0
    assert said.startswith(f"Wrote {len(ENTITIES)} files to {desk.folder}, each with an example row.")
    assert desk.call("--template") == (1, f"{desk.folder} holds " + ", ".join(
        f"{entity.name}.csv" for entity in ENTITIES) + " already; name another folder.")  # fmt: skip
    told = desk.told()
    assert [(file["file"], file["new"], file["faults"]) for file in told["files"]] == [
        (f"{entity.name}.csv", 1, []) for entity in ENTITIES
    ]


def test_a_folder_without_files_and_none_at_all_say_what_to_do(desk: Desk) -> None:
    assert desk.call() == (
        1,
        f"{desk.folder} holds none of the files of an import, such as accounts.csv; "
        "`kpibot import --template DIR` writes one of each to begin with.",
    )
    desk.folder.rmdir()
    assert desk.call() == (1, f"{desk.folder} does not exist; make it with `kpibot import --template DIR`.")


@pytest.mark.parametrize("words", [["--template", "--dry-run"], ["--template", "--keep-good"], ["--fast"]])
def test_wrong_usage_has_a_status_of_its_own(desk: Desk, words: list[str]) -> None:
    assert desk.call(*words)[0] == 2
    assert list(desk.folder.iterdir()) == []


def test_the_page_shows_what_is_printed(desk: Desk) -> None:
    page = (Path(__file__).parents[2] / "docs" / "import.md").read_text(encoding="utf-8")
    (terms,), (shown,) = (
        re.findall(rf"^```{kind}\n(.*?)^```", page, re.DOTALL | re.MULTILINE) for kind in ("csv", "text")
    )
    desk.files(accounts="account,name\nacme,ACME Ltd\n").call()
    (desk.folder / "accounts.csv").unlink()
    _, said = desk.files(terms=terms).call()
    assert [line.rstrip() for line in said.splitlines()[:-1]] == shown.splitlines()


def test_a_bar_appears_on_a_terminal_once_it_takes_longer_than_a_second() -> None:
    screen = io.StringIO()
    times = iter([0.0, 0.9, 1.1, 1.2])
    with watched(Console(file=screen, force_terminal=True, width=100), lambda: next(times)) as told:
        told("usage.csv", 10, 100)
        assert screen.getvalue() == ""
        told("usage.csv", 50, 100)
        told("usage.csv", 100, 100)
    assert "usage.csv: writing" in screen.getvalue()
    assert "100%" in screen.getvalue()


def test_a_bar_appears_nowhere_else() -> None:
    screen = io.StringIO()
    with watched(Console(file=screen), lambda: 0.0) as told:
        told("usage.csv", 50, 100)
    assert screen.getvalue() == ""


def test_the_program_prints_the_same_and_no_bar_where_nobody_watches(desk: Desk, tmp_path: Path) -> None:
    desk.files(owners=OWNERS)
    ended = Program(desk.environ, tmp_path).call("import", str(desk.folder), "--json")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert json.loads(ended.stdout)["files"][0]["new"] == 1

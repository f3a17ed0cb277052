"""`kpibot export` as an operator calls it."""

import json
from pathlib import Path

import pytest

from kpi.store.store import Store
from tests.bots import Program
from tests.builders import Portfolio


@pytest.fixture
def program(portfolio: Portfolio, migrated_url: str, tmp_path: Path) -> Program:
    portfolio.term(portfolio.account("Acme [Ltd]"), "2024-03-01")
    (tmp_path / "config").mkdir()
    variables = {"KPIBOT_CONFIG": str(tmp_path / "config"), "KPIBOT_DATA": str(tmp_path / "data")}
    return Program({"DATABASE_URL": migrated_url, **variables}, tmp_path)


@pytest.fixture
def portfolio(store: Store) -> Portfolio:
    return Portfolio(store)


def test_it_says_what_it_wrote(program: Program, tmp_path: Path) -> None:
    ended = program.call("export", str(tmp_path / "facts"))
    assert (ended.returncode, ended.stderr) == (0, ""), "no bars where nobody watches"
    lines = {words[0]: words[1:] for line in ended.stdout.splitlines() if (words := line.split())}
    assert lines["File"] == ["Rows", "Bytes"]
    assert lines["terms.csv"][0] == "1"
    assert (tmp_path / "facts" / "terms.csv").read_text().splitlines()[1:] == ["key-acme [ltd],2024-03-01,,,,,"]


def test_json_is_one_document(program: Program, tmp_path: Path) -> None:
    ended = program.call("export", str(tmp_path / "facts"), "--format", "parquet", "--json")
    told = json.loads(ended.stdout)
    assert (told["format"], len(told["files"])) == ("parquet", 13)
    size = (tmp_path / "facts" / "terms.parquet").stat().st_size
    assert {"entity": "terms", "file": "terms.parquet", "rows": 1, "bytes": size} in told["files"]


def test_a_second_export_to_the_same_folder_is_refused_in_one_line(program: Program, tmp_path: Path) -> None:
    program.call("export", str(tmp_path / "facts"))
    again = program.call("export", str(tmp_path / "facts"))
    assert (again.returncode, again.stdout) == (1, "")
    assert again.stderr.count("\n") == 1
    assert again.stderr.endswith("owners.csv is there already; name an empty folder, or replace its files with "
                                 "--force.\n")  # fmt: skip
    assert program.call("export", str(tmp_path / "facts"), "--force").returncode == 0


def test_parquet_for_spreadsheets_is_wrong_usage(program: Program, tmp_path: Path) -> None:
    ended = program.call("export", str(tmp_path / "facts"), "--format", "parquet", "--for-spreadsheets")
    assert ended.returncode == 2
    assert "a spreadsheet opens CSV" in ended.stderr
    assert not (tmp_path / "facts").exists()

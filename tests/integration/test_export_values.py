"""Published values go out as one file, with their revisions."""

import csv
import json
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq  # type: ignore[import-untyped]  # it comes without types
import pytest

from kpi.errors import KpiError
from kpi.services.exports import Exports, Format, Manner
from kpi.store import tables
from kpi.store.store import Store
from tests.analyst import analyst
from tests.bots import Program
from tests.press import Press


@pytest.fixture
def press(store: Store) -> Press:
    """September was published and revised; values of narrower scopes stand beside it."""
    store.count_by("Europe/Berlin", "EUR")
    press = Press(store)
    press.only_shipped("csat", "clv", "churn")
    press.answers("first", [5, 5, 5, 4, 1], "2026-09-15")
    press.publish()
    press.now.move(days=2)
    press.answers("late", [1, 1], "2026-09-16", recorded_at=press.now().isoformat())
    press.now.move(hours=1)
    press.publish()
    press.books.put("owners", {"owner": "anna", "name": "Anna"})
    whole = press.of("csat", "2026-09")[0]
    anna = press.books.row(tables.owner, key="anna")["owner_id"]
    first = press.books.row(tables.account, key="first-0")["account_id"]
    with store.transaction() as tx:
        for kind, scope in (("owner", anna), ("account", first), ("segment", "retail"), ("account", 999)):
            told = {name: value for name, value in whole.items() if name != "workspace_id"}
            tx.insert(tables.kpi_value, {**told, "scope_kind": kind, "scope_id": str(scope)})
    return press


def series(row: dict[str, Any]) -> str:
    return " ".join(str(row[name]) for name in ("kpi", "scope", "scope_name", "period", "revision"))


def quiet(_file: str, _rows: int, _total: int) -> None:
    """Nobody watches."""


def test_the_file_holds_what_the_view_shows(press: Press, tmp_path: Path) -> None:
    (file,) = Exports(press.store).write_values(tmp_path, Manner(Format.PARQUET), quiet)
    rows = pq.read_table(tmp_path / "kpi_values.parquet").to_pylist()
    with analyst(press.store) as reader:
        shown = reader.everything("kpi_values")
    assert list(rows[0]) == list(shown[0])
    assert {(row["kpi"], row["currency"]) for row in rows} == {("churn", None), ("clv", "EUR"), ("csat", None)}
    assert file.rows == len(rows) == len(press.rows)
    assert sorted(rows, key=series) == sorted(shown, key=series)
    assert {row["scope_name"] for row in rows} == {None, "Anna", "First-0", "retail"}


def test_as_csv_a_value_and_its_revision_stand_below_one_another(press: Press, tmp_path: Path) -> None:
    Exports(press.store).write_values(tmp_path, Manner(), quiet)
    with (tmp_path / "kpi_values.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    month = [row for row in rows if (row["kpi"], row["scope"], row["period"]) == ("csat", "workspace", "2026-09")]
    told = ("value", "n", "revision", "is_latest", "starts_on", "published_at", "published_on")
    first, revised = ({name: row[name] for name in told} for row in month)
    assert first == {"value": "80", "n": "5", "revision": "0", "is_latest": "no", "starts_on": "2026-09-01",
                     "published_at": "2026-10-01T03:00:00Z", "published_on": "2026-10-01"}  # fmt: skip
    assert (revised["n"], revised["revision"], revised["is_latest"]) == ("7", "1", "yes")


def test_it_stands_beside_an_export_of_the_facts_and_replaces_only_itself(press: Press, tmp_path: Path) -> None:
    exports = Exports(press.store)
    exports.write(tmp_path, Manner(), quiet)
    exports.write_values(tmp_path, Manner(), quiet)
    facts = (tmp_path / "accounts.csv").stat().st_mtime_ns
    with pytest.raises(KpiError, match=r"kpi_values\.csv is there already"):
        exports.write_values(tmp_path, Manner(), quiet)
    exports.write_values(tmp_path, Manner(Format.PARQUET, replace=True), quiet)
    assert sorted(path.name for path in tmp_path.glob("kpi_values.*")) == ["kpi_values.parquet"]
    assert (tmp_path / "accounts.csv").stat().st_mtime_ns == facts


def test_the_command_says_what_it_wrote(press: Press, migrated_url: str, tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    variables = {"KPIBOT_CONFIG": str(tmp_path / "config"), "KPIBOT_DATA": str(tmp_path / "data")}
    program = Program({"DATABASE_URL": migrated_url, **variables}, tmp_path)
    ended = program.call("export", str(tmp_path / "out"), "--values", "--json")
    (told,) = json.loads(ended.stdout)["files"]
    assert (told["file"], told["rows"]) == ("kpi_values.csv", len(press.rows))
    assert date.fromisoformat((tmp_path / "out" / "kpi_values.csv").read_text().splitlines()[1].split(",")[8])
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["kpi_values.csv"]

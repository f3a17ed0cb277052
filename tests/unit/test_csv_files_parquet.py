"""Parquet files hold the same rows, whatever types their columns have."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa  # type: ignore[import-untyped]  # it comes without types
import pytest
from pyarrow import parquet

from kpi.ports import Sheet
from kpi.records.catalog import BY_NAME
from tests.files import faults, lines, only, rows

NOON = datetime(2026, 9, 1, 12, tzinfo=UTC)


def written(folder: Path, name: str, columns: dict[str, Any]) -> Sheet:
    parquet.write_table(pa.table(columns), folder / f"{name}.parquet", row_group_size=2)
    return only(folder)


@pytest.mark.parametrize(
    ("entity", "column", "values", "said"),
    [
        ("terms", "starts_on", pa.array([date(2026, 9, 1)]), "2026-09-01"),
        ("terms", "starts_on", pa.array([date(2026, 9, 1)], pa.date64()), "2026-09-01"),
        ("terms", "starts_on", pa.array(["2026-09-01"]).dictionary_encode(), "2026-09-01"),
        ("episodes", "opened_at", pa.array([NOON]), "2026-09-01T12:00:00+00:00"),
        ("episodes", "opened_at", pa.array([NOON], pa.timestamp("ns", "Asia/Tokyo")), "2026-09-01T12:00:00+00:00"),
        ("episodes", "opened_at", pa.array([NOON.replace(tzinfo=None)]), "2026-09-01T10:00:00+00:00"),
        ("episodes", "opened_at", pa.array([NOON.replace(microsecond=7)]), "2026-09-01T12:00:00.000007+00:00"),
        ("revenue", "amount", pa.array([Decimal("4500.50")]), "4500.50"),
        ("revenue", "amount", pa.array([4500.5]), "4500.5"),
        ("messages", "from_us", pa.array([3], pa.uint8()), "3"),
        ("messages", "from_us", pa.array([3.0]), "3"),
        ("usage", "value", pa.array([0.1]), "0.1"),
        ("feedback", "actionable", pa.array([True]), "true"),
        ("feedback", "text", pa.array([b"a\nb"]), "a\nb"),
        ("feedback", "text", pa.nulls(1), ""),
    ],
)
def test_a_column_of_any_type_reads_as_its_text_would(
    tmp_path: Path, entity: str, column: str, values: Any, said: str
) -> None:
    others = {one.name: [one.example] for one in BY_NAME[entity].columns if one.name in BY_NAME[entity].needed}
    given = written(tmp_path, entity, {**others, column: values})
    assert faults(given) == []
    assert [row[column] for row in rows(given)] == [said]


def test_rows_are_counted_from_one_and_empty_cells_are_empty(tmp_path: Path) -> None:
    given = written(
        tmp_path, "owners", {"Owner": ["a", "b", "", "d"], "name": ["A", "B", "C", None], "email": [None] * 4}
    )
    assert rows(given) == [{"owner": "a", "name": "A", "email": ""}, {"owner": "b", "name": "B", "email": ""}]
    assert lines(given) == [1, 2]
    assert faults(given) == [
        "owners.parquet:3: owner: the cell is empty; it must be filled in",
        "owners.parquet:4: name: the cell is empty; it must be filled in",
    ]
    assert [batch.done for batch in given.batches()][-1] == given.size


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"owner": ["a"]}, ["name: this column is missing; add it, at any place"]),
        (
            {"owner": ["a"], "name": [["A"]]},
            ["name: a column of list<element: string> cannot be taken; write it as text"],
        ),
        ({"owner": ["a"], "name": ["A"], "mail": [""]}, ["“mail”: there is no such column; did you mean email?"]),
        ({"owner": ["a"], "name": [b"\xff"]}, ["this is no Parquet file, or a damaged one; write it again"]),
    ],
)
def test_columns_that_cannot_be_taken_are_named(
    tmp_path: Path, columns: dict[str, Sequence[Any]], said: list[str]
) -> None:
    assert faults(written(tmp_path, "owners", columns)) == [f"owners.parquet: {sentence}" for sentence in said]


def test_a_torn_file_is_refused_wherever_it_is_torn(tmp_path: Path) -> None:
    path = tmp_path / "owners.parquet"
    written(tmp_path, "owners", {"owner": [f"o{number}" for number in range(99)], "name": ["A"] * 99})
    whole = path.read_bytes()
    for torn in (b"", b"owner,name\n", whole[:-9], whole[:50] + bytes(100) + whole[150:]):
        path.write_bytes(torn)
        assert faults(only(tmp_path)) == ["owners.parquet: this is no Parquet file, or a damaged one; write it again"]


def test_whatever_bytes_go_wrong_in_a_file_it_is_read_or_refused(tmp_path: Path) -> None:
    columns = {"episode": ["e1", "e2", "e3"], "account": ["a"] * 3, "opened_at": [NOON] * 3}
    written(tmp_path, "episodes", {**columns, "first_response_at": [None] * 3})
    whole = (tmp_path / "episodes.parquet").read_bytes()
    chance = Random(1)  # noqa: S311 the same bytes every time
    for _ in range(300):
        torn = bytearray(whole)
        for _ in range(chance.choice([1, 3])):
            torn[chance.randrange(len(torn))] = chance.randrange(256)
        (tmp_path / "episodes.parquet").write_bytes(torn)
        given = only(tmp_path)
        assert faults(given) or len(rows(given)) == 3

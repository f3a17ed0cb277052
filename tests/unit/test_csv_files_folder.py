"""Which files of a folder are taken, and what is said of the others."""

from pathlib import Path

import pytest

from kpi.errors import KpiError
from kpi.records.catalog import ENTITIES
from kpi.sources.csv_files import Folder, Other, write_template
from tests.files import faults, read


def test_files_come_in_the_order_they_refer_to_one_another(tmp_path: Path) -> None:
    for name in ("usage.csv", "replies.csv", "accounts.csv", "owners.csv"):
        (tmp_path / name).write_text("account\n")
    assert [sheet.place for sheet in Folder(tmp_path).sheets()] == [
        "owners.csv",
        "accounts.csv",
        "usage.csv",
        "replies.csv",
    ]


def test_files_that_look_like_rows_and_are_not_taken_are_named_with_what_they_may_be(tmp_path: Path) -> None:
    for name in (
        "accounts.csv",
        "truth.csv",
        "Terms.csv",
        "reply.csv",
        "usage.xlsx",
        "notes.md",
        "readme.txt",
        "up\x1b[1m.csv",
    ):
        (tmp_path / name).write_text("account\n")
    assert Folder(tmp_path).others() == [
        Other("Terms.csv", "terms.csv"),
        Other("reply.csv", "replies.csv"),
        Other("truth.csv", None),
        Other("up\\x1b[1m.csv", None),
        Other("usage.xlsx", "usage.csv"),
    ]


def test_a_file_name_that_is_no_text_can_be_shown(tmp_path: Path) -> None:
    (tmp_path / b"caf\xe9.csv".decode("utf-8", "surrogateescape")).write_text("")
    assert Folder(tmp_path).others() == [Other("caf\\udce9.csv", None)]


def test_the_same_rows_in_two_forms_are_not_chosen_between(tmp_path: Path) -> None:
    for name in ("usage.csv", "usage.parquet"):
        (tmp_path / name).write_text("account\n")
    with pytest.raises(KpiError, match=r"holds usage\.csv and usage\.parquet; keep one of them\.$"):
        Folder(tmp_path).sheets()


def test_a_folder_that_gives_nothing_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "truth.csv").write_text("account\n")
    for path, said in {
        tmp_path: "holds none of the files of an import, such as accounts.csv; "
        "`kpibot import --template DIR` writes one of each to begin with.",
        tmp_path / "away": "does not exist; make it with `kpibot import --template DIR`.",
        tmp_path / "truth.csv": "is a file; name the folder it is in.",
    }.items():
        with pytest.raises(KpiError) as fault:
            Folder(path).sheets()
        assert str(fault.value) == f"{path} {said}"


def test_the_template_is_one_file_for_each_with_a_row_that_can_be_read(tmp_path: Path) -> None:
    written = write_template(tmp_path / "new" / "folder")
    sheets = Folder(tmp_path / "new" / "folder").sheets()
    assert [path.name for path in written] == [sheet.place for sheet in sheets]
    assert [sheet.names for sheet in sheets] == [list(entity.names) for entity in ENTITIES]
    assert [fault for sheet in sheets for fault in faults(sheet)] == []
    assert {len(batch.lines) for sheet in sheets for batch in read(sheet)} == {1}


def test_the_examples_of_the_template_name_one_another(tmp_path: Path) -> None:
    keys = {entity.name: entity.column(entity.key[0]).example for entity in ENTITIES}
    for entity in ENTITIES:
        for column in entity.columns:
            assert column.names is None or column.example in {"", keys[column.names]}


@pytest.mark.parametrize("name", ["terms.csv", "terms.parquet"])
def test_the_template_never_overwrites(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("mine")
    with pytest.raises(KpiError) as fault:
        write_template(tmp_path)
    assert str(fault.value) == f"{tmp_path} holds {name} already; name another folder."
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_template_where_nothing_can_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(KpiError, match=r"cannot be written \(.*\); name another folder\.$"):
        write_template(tmp_path / "file")

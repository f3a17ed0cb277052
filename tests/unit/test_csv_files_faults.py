"""Every bad file is refused in one sentence that says where, what, and what to do."""

import gzip
import io
import os
import zipfile
from pathlib import Path

import pytest

from kpi.ports import Sheet
from tests.files import faults, only, rows, sheet

TERMS = "account,starts_on,ends_on,notice_on\n"
OWNER_COLUMNS = "owner, name, email, slack_user_id, manager, recorded_at"


def workbook() -> bytes:
    with zipfile.ZipFile(packed := io.BytesIO(), "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
    return packed.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", f"owners.csv:1: the file is empty; its first line should name its columns: {OWNER_COLUMNS}"),
        (b"\n ,,\n", f"owners.csv:1: the file is empty; its first line should name its columns: {OWNER_COLUMNS}"),
        (b"anna,Anna Berg\n", f"owners.csv:1: no column is named here; owners has {OWNER_COLUMNS}"),
        (
            workbook(),
            "owners.csv:1: this is an Excel workbook or another zip archive, not CSV; save it as “CSV UTF-8”",
        ),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512),
            "owners.csv:1: this is an Excel workbook, not CSV; save it as “CSV UTF-8”",
        ),
        (gzip.compress(b"owner,name\n", mtime=0), "owners.csv:1: this is packed with gzip; unpack it"),
        (b"PAR1" + bytes(20), "owners.csv:1: this is Parquet, not CSV; let its name end in .parquet"),
        (
            b"%PDF-1.7\n\xe2\xe3",
            "owners.csv:1: this is a PDF document, not CSV; open the table it was made from and save it as “CSV UTF-8”",
        ),
        ("owner,name\n".encode("utf-16"), "owners.csv:1: this is UTF-16, not UTF-8; save it as “CSV UTF-8”"),
        (
            "owner,name\n".encode("utf-16-be"),
            "owners.csv:1: this holds a byte 0, so it is not UTF-8 text; save it as “CSV UTF-8”",
        ),
        (
            b"owner,name\nanna,A\0\n",
            "owners.csv:2: this holds a byte 0, so it is not UTF-8 text; save it as “CSV UTF-8”",
        ),
        (
            "owner,name\n\nanna,Renée\nben,Zoë\n".encode("cp1252"),
            "owners.csv:3: is not UTF-8 (byte 0xE9 at character 9, as in Windows-1252); save the file as UTF-8",
        ),
        (
            "owner,name\nanna,Zoë ".encode() + b"\x81\n",
            "owners.csv:2: is not UTF-8 (byte 0x81 at character 10); save the file as UTF-8",
        ),
        (
            b"owner,name\nanna,Zo" + "ë".encode()[:1],
            "owners.csv:2: is not UTF-8 (byte 0xC3 at character 8, as in Windows-1252); save the file as UTF-8",
        ),
        (
            b"owner,name\nanna," + b"A" * 10_000_000 + b"\n",
            "owners.csv:2: this line has more than 1,000,000 bytes; is a quote left open, or are line ends missing?",
        ),
        (
            b"owner,name\nanna," + b"A" * 200_000 + b"\n",
            "owners.csv:2: a cell of this row has more than 131,072 characters; is a quote left open?",
        ),
        (
            b'owner,name\nanna,Anna\nben,"Ben\ncara,Cara\n',
            "owners.csv:3: a quote is opened in this row and never closed",
        ),
        (
            b'owner,name\nanna,"An"na\nben,Ben\n',
            "owners.csv:2: text follows a closing quote in this row; double the quotes within a cell, "
            "and close each cell's own",
        ),
        (
            b"owner,name\nben," + b'"\n",' * 1_500_000,
            "owners.csv:2: this row fills a book; is a quote left open?",
        ),
        (b"owner,name\nanna,Anna,x\nben\n", "owners.csv:2: has 3 cells, the header has 2"),
        (b"name,email\n", "owners.csv:1: owner: this column is missing; add it, at any place"),
        (b"owner,name,Name\n", "owners.csv:1: name: this column is there twice; keep one of them"),
        (b"owner,name,mail\n", "owners.csv:1: “mail”: there is no such column; did you mean email?"),
        (b"owner,name,salary\n", f"owners.csv:1: “salary”: there is no such column; there are {OWNER_COLUMNS}"),
        (b"owner,name,\n", "owners.csv:1: column 3 has no name; name it or delete it"),
    ],
)
def test_a_bad_file_is_refused_with_its_place(tmp_path: Path, content: bytes, said: str) -> None:
    assert faults(sheet(tmp_path, "owners", content))[0] == said


def terms(folder: Path, row: str) -> Sheet:
    return sheet(folder, "terms", f"{TERMS}acme,2024-01-01,,\n\n{row}\n")


@pytest.mark.parametrize("written", ["01/09/2026", "1.9.2026", "46266", "1-Sep-26", "1. Sept. 2026", "9/1/26 14:05"])
def test_a_date_a_spreadsheet_rewrote_is_named_by_its_cell(tmp_path: Path, written: str) -> None:
    assert faults(terms(tmp_path, f"acme,{written},,")) == [
        f"terms.csv:4: starts_on: “{written}” in cell B4 is a spreadsheet's own spelling of a date; "
        "expected a day like 2026-09-30"
    ]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (
            "acme,2026-02-30,,",
            "starts_on: “2026-02-30” cannot be taken; that day is not in the calendar; expected a day like 2026-09-30",
        ),
        ("acme,soon,,", "starts_on: “soon” cannot be taken; expected a day like 2026-09-30"),
        (",2026-02-01,,", "account: the cell is empty; it must be filled in"),
        ("acme,2026-02-01,2026-01-01,", "ends_on: the first day without service must come after starts_on"),
        ("acme,2026-02-01", "has 2 cells, the header has 4"),
        (
            "acme,\x1b[31m[bold]\u202e" + "x" * 999 + ",,",
            "starts_on: “\\x1b[31m[bold]\\u202e" + "x" * 48 + "…” cannot be taken; expected a day like 2026-09-30",
        ),
    ],
)
def test_a_bad_row_is_left_out_with_its_line_and_column(tmp_path: Path, row: str, said: str) -> None:
    given = terms(tmp_path, row)
    assert faults(given) == [f"terms.csv:4: {said}"]
    assert len(rows(given)) == 1


def test_all_that_is_wrong_with_a_header_is_said_at_once(tmp_path: Path) -> None:
    given = sheet(tmp_path, "messages", "account,Day;from_clients,from_us,from_us\n")
    assert faults(given) == [
        "messages.csv:1: day: this column is missing; add it, at any place",
        "messages.csv:1: from_client: this column is missing; add it, at any place",
        "messages.csv:1: from_us: this column is there twice; keep one of them",
        "messages.csv:1: “day;from_clients”: there is no such column; did you mean from_client?",
    ]


def test_a_header_of_nothing_but_strange_columns_is_not_listed_for_ever(tmp_path: Path) -> None:
    strange = ",".join(f"strange {number}" for number in range(50_000))
    assert len(faults(sheet(tmp_path, "owners", f"owner,name,{strange}\n"))) == 20


def test_a_byte_is_found_beyond_the_first_blocks(tmp_path: Path) -> None:
    row = "anna,Zoë Änderström\n".encode()
    content = b"owner,name\n" + row * 60_000 + b"ben,Zo\xeb\n" + row
    assert faults(sheet(tmp_path, "owners", content)) == [
        "owners.csv:60002: is not UTF-8 (byte 0xEB at character 7, as in Windows-1252); save the file as UTF-8"
    ]


def test_a_folder_a_pipe_and_a_lost_link_are_no_files(tmp_path: Path) -> None:
    places = [tmp_path / name for name in ("one", "two", "three")]
    for place in places:
        place.mkdir()
    (places[0] / "owners.csv").mkdir()
    os.mkfifo(places[1] / "owners.csv")
    (places[2] / "owners.csv").symlink_to("nowhere")
    assert [faults(only(place)) for place in places] == [
        ["owners.csv: this is a folder, not a file; rename it or take it out of the folder"],
        ["owners.csv: this is a pipe or a device, not a file; rename it or take it out of the folder"],
        ["owners.csv: it cannot be read (No such file or directory); mend that or take it out of the folder"],
    ]


def test_a_file_that_changes_while_it_is_read_is_not_believed(tmp_path: Path) -> None:
    given = sheet(tmp_path, "owners", "owner,name\nanna,Anna\n")
    (tmp_path / "owners.csv").write_text("owner,name\nanna,Anna\nben,Ben\n")
    assert faults(given) == ["owners.csv: the file changed while it was read; import it again"]
    (tmp_path / "owners.csv").write_bytes(b"owner,name\nanna,Ren\xe9e\n")
    assert faults(given) == ["owners.csv: the file changed while it was read; import it again"]
    (tmp_path / "owners.csv").unlink()
    assert faults(given) == [
        "owners.csv: it cannot be read (No such file or directory); mend that or take it out of the folder"
    ]

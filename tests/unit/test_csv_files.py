"""CSV files are read in the dialects people save them in, each row with its line."""

import csv
import io
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpi.sources.csv_files.pages import PAGE, Pages
from kpi.sources.csv_files.plain import plain_columns
from tests.files import faults, lines, read, rows, sheet

OWNERS = "owner,name\nanna,Anna Berg\nben,Ben Ross\n"
BOTH = [{"owner": "anna", "name": "Anna Berg"}, {"owner": "ben", "name": "Ben Ross"}]


@pytest.mark.parametrize(
    "content",
    [
        OWNERS,
        OWNERS.replace(",", ";"),
        OWNERS.replace(",", "\t"),
        "\ufeff" + OWNERS,
        OWNERS.replace("\n", "\r\n"),
        OWNERS.replace("\n", "\r"),
        OWNERS.rstrip(),
        OWNERS.replace("owner,name", '"Owner" , NAME '),
        OWNERS.replace("anna,Anna Berg", '"anna", Anna Berg '),
        "\n\n" + OWNERS.replace("ben,", "\n,\nben,") + "\n,\n\n",
    ],
    ids=["comma", "semicolon", "tab", "mark", "windows", "old mac", "no last end", "header", "spaces", "blank lines"],
)
def test_every_dialect_reads_the_same(tmp_path: Path, content: str) -> None:
    given = sheet(tmp_path, "owners", content)
    assert (rows(given), faults(given)) == (BOTH, [])


def test_columns_come_in_any_order_and_optional_ones_may_be_left_out(tmp_path: Path) -> None:
    given = sheet(tmp_path, "usage", "value,day,account,metric\n3,2026-09-01,acme,logins\n")
    assert given.names == ["value", "day", "account", "metric"]
    assert rows(given) == [{"account": "acme", "day": "2026-09-01", "metric": "logins", "value": "3.0"}]


def test_a_file_with_only_a_header_has_no_rows_and_no_fault(tmp_path: Path) -> None:
    given = sheet(tmp_path, "owners", "owner,name\n")
    assert (rows(given), faults(given)) == ([], [])


def test_a_quoted_cell_keeps_its_lines_and_the_rows_after_it_theirs(tmp_path: Path) -> None:
    text = 'feedback,account,text,received_at,implemented_at,declined_at\nf1,acme,"one\ntwo\r\nthree",2026-09-01,,\n'
    given = sheet(tmp_path, "feedback", f'{text}\nf2,acme,"say ""hi"", please",2026-09-02,,\n')
    assert [row["text"] for row in rows(given)] == ["one\ntwo\r\nthree", 'say "hi", please']
    assert lines(given) == [2, 6]


def test_records_are_counted_as_a_spreadsheet_does(tmp_path: Path) -> None:
    given = sheet(tmp_path, "owners", 'owner,name\nanna,"Anna"\n\n"ben","Ben"\n"c\n",C\ndora,Dora\n')
    (batch,) = given.batches()
    assert (list(batch.lines), list(batch.records)) == ([2, 4, 5, 7], [2, 4, 5, 6])


def test_a_long_file_comes_in_batches_and_says_how_far_it_is(tmp_path: Path) -> None:
    many = "".join(f"owner-{number},Owner {number}\n" for number in range(30_000))
    given = sheet(tmp_path, "owners", f"owner,name\n{many}")
    batches = read(given)
    assert 3 < len(batches) < 30
    assert [line for batch in batches for line in batch.lines] == list(range(2, 30_002))
    assert [batch.done for batch in batches] == sorted({batch.done for batch in batches})
    assert batches[-1].done == given.size == (tmp_path / "owners.csv").stat().st_size


@pytest.mark.parametrize("height", [2, 50])
def test_a_row_may_begin_on_one_page_and_end_on_another(tmp_path: Path, height: int) -> None:
    comment = "\n".join(["x" * 50] * height)
    many = "".join(f'owner-{number},"{comment}"\n' for number in range(200_000 // height))
    batches = list(sheet(tmp_path, "owners", f"owner,name\n{many}").batches())
    assert max(sum(map(len, batch.columns[1])) for batch in batches) < 2 * PAGE
    assert [line for batch in batches for line in batch.lines] == list(range(2, 200_002, height))


def test_reading_a_sheet_twice_gives_the_same(tmp_path: Path) -> None:
    given = sheet(tmp_path, "owners", OWNERS)
    assert rows(given) == rows(given)


def test_the_digest_tells_contents_apart(tmp_path: Path) -> None:
    digests = [sheet(tmp_path, "owners", text).digest for text in (OWNERS, OWNERS + "\n", OWNERS)]
    assert digests[0] == digests[2] != digests[1]


cells = st.text(st.sampled_from('ab ,;\t"\n\r\u2028é'), max_size=8)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
@given(st.lists(st.tuples(cells, cells), max_size=12), st.sampled_from(",;\t"), st.sampled_from(["\n", "\r\n", "\r"]))
def test_whatever_was_written_is_read_and_every_row_is_where_it_is_said_to_be(
    tmp_path: Path, table: list[tuple[str, str]], delimiter: str, end: str
) -> None:
    path = tmp_path / "any.csv"
    texts = [delimiter.join('"' + cell.replace('"', '""') + '"' for cell in row) + end for row in table]
    path.write_text("".join(texts), encoding="utf-8", newline="")
    with path.open(encoding="utf-8", newline="") as file:
        pages = list(Pages(file, delimiter, after_line=0))
    assert [tuple(row) for page in pages for row in page.rows] == table
    with path.open(encoding="utf-8", newline="") as file:
        whole = list(file)
    starts = [line - 1 for page in pages for line in page.lines]
    assert ["".join(whole[slice(*ends)]) for ends in pairwise([*starts, len(whole)])] == texts


def test_no_page_is_longer_than_a_page(tmp_path: Path) -> None:
    path = tmp_path / "any.csv"
    path.write_text("abcdefghi\n" * 100_000)
    with path.open() as file:
        sizes = [len(page.rows) for page in Pages(file, ",", after_line=0)]
    assert sum(sizes) == 100_000
    assert max(sizes) <= PAGE // 10 + 1


plain_cells = st.sampled_from(["a", "b", "c", "", "\u2028", '"q"', 'q"'])
plain_rows = st.lists(st.lists(plain_cells, min_size=1, max_size=3) | st.just(["a", "b", "c"]), max_size=6)


@settings(derandomize=True, max_examples=500)
@given(plain_rows, st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_a_page_taken_apart_at_once_is_what_csv_reads(table: list[list[str]], end: str, is_whole: bool) -> None:
    text = "".join(";".join(row) + end for row in table)
    text = text if is_whole else text.removesuffix(end)
    lines = io.StringIO(text, newline="").readlines()
    columns = plain_columns(lines, ";", 3) if lines else None
    if columns is not None:
        assert list(map(list, zip(*columns, strict=True))) == list(csv.reader(lines, delimiter=";", strict=True))


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_plain_pages_are_taken_apart_at_once(end: str) -> None:
    lines = [f"a;b;c{end}", f"d;;{end}", "e;f;g"]
    assert plain_columns(lines, ";", 3) == [["a", "d", "e"], ["b", "", "f"], ["c", "", "g"]]


def test_short_lines_that_add_up_to_a_row_are_not_taken_for_one(tmp_path: Path) -> None:
    given = sheet(tmp_path, "owners", "owner,name,email,manager\nanna,Anna,,\nben\nBen,b@x.example\ncara,Cara,,\n")
    assert faults(given) == [
        "owners.csv:3: has 1 cell, the header has 4",
        "owners.csv:4: has 2 cells, the header has 4",
    ]
    assert lines(given) == [2, 5]


def test_a_quote_far_down_a_plain_file_changes_nothing_before_or_behind_it(tmp_path: Path) -> None:
    many = [f"owner-{number},Owner {number}\n" for number in range(30_000)]
    many[20_000] = 'owner-20000,"Owner ""20000"""\n'
    given = sheet(tmp_path, "owners", "owner,name\n" + "".join(many))
    (batch,) = [batch for batch in given.batches() if 20_002 in batch.lines]
    assert lines(given) == list(range(2, 30_002))
    assert [name for name in batch.columns[1] if '"' in name] == ['Owner "20000"']
    assert list(batch.records) == list(batch.lines)

"""Rows are read column by column; a bad cell costs its row and no other, and the fault names it."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi.records.catalog import BY_NAME
from kpi.records.reading import Reader, shown, visible
from kpi.records.rows import Flaw, Rows
from tests.builders import BERLIN

USAGE = ("account", "day", "metric", "value")
EPISODES = ("episode", "account", "opened_at", "first_response_at")


def page(*rows: Sequence[str], first: int = 2) -> Rows:
    numbers = range(first, first + len(rows))
    return Rows(numbers, list(zip(*rows, strict=True)), numbers)


def usage() -> Reader:
    return Reader(BY_NAME["usage"], USAGE, BERLIN)


def test_cells_are_trimmed_and_spelled_in_one_way() -> None:
    read = usage().read(page((" acme ", "2026-09-01", "Log-Ins", " 3")))
    assert read.columns == [["acme"], ["2026-09-01"], ["log_ins"], ["3.0"]]
    assert read.flaws == []


def test_a_bad_cell_costs_its_row_and_leaves_the_others_their_lines() -> None:
    read = usage().read(page(("a", "2026-09-01", "x", "1"), ("b", "soon", "x", "2"), ("c", "2026-09-03", "x", "3")))
    assert (list(read.lines), read.columns[0]) == ([2, 4], ["a", "c"])
    assert read.flaws == [Flaw(3, "day", "“soon” cannot be taken; expected a day like 2026-09-30")]


def test_every_bad_cell_of_a_row_is_named_and_faults_come_in_the_order_of_lines() -> None:
    read = usage().read(page(("", "soon", "x", "1"), ("b", "2026-09-01", "-", "many")))
    assert [(flaw.line, flaw.column) for flaw in read.flaws] == [
        (2, "account"),
        (2, "day"),
        (3, "metric"),
        (3, "value"),
    ]
    assert (list(read.lines), read.columns) == ([], [[], [], [], []])


def test_faults_found_before_are_kept_and_so_is_how_far_the_file_was_read() -> None:
    before = Flaw(9, "", "has 5 cells, the header has 4")
    read = usage().read(replace(page(("a", "2026-09-01", "x", "1")), flaws=[before], done=77))
    assert (read.flaws, read.done, len(read.lines)) == ([before], 77, 1)


def test_the_cell_of_a_spreadsheets_date_is_named_as_the_spreadsheet_does() -> None:
    wide = Reader(BY_NAME["feedback"], [column.name for column in BY_NAME["feedback"].columns], BERLIN)
    row = ["f", "acme", "", "words", "", *["1.9.2026"] * 9]
    told = wide.read(page(row, first=1000)).flaws
    assert [flaw.text.split(" is ")[0] for flaw in told if flaw.column in {"received_at", "planned_at"}] == [
        "“1.9.2026” in cell F1000",
        "“1.9.2026” in cell N1000",
    ]


def test_without_a_spreadsheet_there_is_no_cell_to_name() -> None:
    rows = replace(page(("a", "46266", "x", "1")), records=())
    (flaw,) = usage().read(rows).flaws
    assert flaw.text == "“46266” cannot be taken; expected a day like 2026-09-30"


def test_a_rule_is_asked_of_good_rows_only_and_not_about_columns_left_out() -> None:
    both = Reader(BY_NAME["episodes"], EPISODES, BERLIN)
    late, early, bad = "2026-09-02T10:00Z", "2026-09-01T10:00Z", "soon"
    read = both.read(
        page(("e1", "a", late, early), ("e2", "a", bad, early), ("e3", "a", early, late), ("e4", "a", late, ""))
    )
    assert [(flaw.line, flaw.text.partition(";")[0]) for flaw in read.flaws] == [
        (2, "an answer cannot come before the question"),
        (3, "“soon” cannot be taken"),
    ]
    assert read.columns[0] == ["e3", "e4"]
    one = Reader(BY_NAME["episodes"], EPISODES[:3], BERLIN)
    assert one.read(page(("e1", "a", late))).flaws == []


@pytest.mark.parametrize("bad_at", [None, 3, 19_998])
def test_columns_of_many_different_texts_read_the_same_as_those_of_few(bad_at: int | None) -> None:
    rows = [
        (f"e{number}", "acme", f"2026-09-{1 + number % 28:02}T{number % 24:02}:{number % 60:02}:07Z", "")
        for number in range(20_000)
    ]
    if bad_at is not None:
        rows[bad_at] = ("", "acme", "soon", "")
    reader = Reader(BY_NAME["episodes"], EPISODES, BERLIN)
    pages = [reader.read(page(*rows[start : start + 2_000], first=start)) for start in range(0, len(rows), 2_000)]
    good = [row for number, row in enumerate(rows) if number != bad_at]
    assert [cell for one in pages for cell in one.columns[0]] == [row[0] for row in good]
    assert [cell for one in pages for cell in one.columns[2]] == [row[2].replace("Z", "+00:00") for row in good]
    assert [(flaw.line, flaw.column) for one in pages for flaw in one.flaws] == (
        [] if bad_at is None else [(bad_at, "episode"), (bad_at, "opened_at")]
    )


def test_long_texts_are_not_kept_in_memory() -> None:
    reader = Reader(BY_NAME["feedback"], ["text"], BERLIN)
    for number in range(100):
        reader.read(Rows([1], [[f"{number} " + "x" * 9_000]]))
    assert sum(map(len, reader._memories[0])) == 0  # the memory itself: what it costs shows nowhere else


texts = st.sampled_from(["", " ", "acme", "2026-09-01", "01/09/2026", "7", "x\ny", "nan", "logins"])


@settings(derandomize=True)
@given(st.lists(st.tuples(texts, texts, texts, texts), min_size=1, max_size=8))
def test_rows_together_are_read_as_each_is_by_itself(rows: list[tuple[str, ...]]) -> None:
    together = usage().read(page(*rows))
    apart = [usage().read(page(row, first=line)) for line, row in enumerate(rows, 2)]
    assert [list(row) for row in zip(*together.columns, strict=True)] == [
        [column[0] for column in one.columns] for one in apart if one.lines
    ]
    assert together.flaws == [flaw for one in apart for flaw in one.flaws]


@pytest.mark.parametrize(
    ("cell", "quoted"),
    [
        ("plain", "“plain”"),
        ("two \n lines", "“two lines”"),
        ("x" * 61, "“" + "x" * 60 + "…”"),
        ("\x1b[31mred\u202e\x9b", "“\\x1b[31mred\\u202e\\x9b”"),
        ("[bold] :smile:", "“[bold] :smile:”"),
        ("half \ud83d", "“half \\ud83d”"),
    ],
)
def test_a_cell_is_quoted_short_and_harmless(cell: str, quoted: str) -> None:
    assert shown(cell) == quoted


@given(st.text())
def test_what_is_visible_can_be_printed_and_stays_so(text: str) -> None:
    assert visible(text).isprintable()
    assert visible(visible(text)) == visible(text)


@pytest.mark.parametrize(
    ("flaw", "said"),
    [
        (Flaw(3, "day", "it is late"), "usage.csv:3: day: it is late"),
        (Flaw(3, "", "it is late"), "usage.csv:3: it is late"),
        (Flaw(0, "day", "it is late"), "usage.csv: day: it is late"),
        (Flaw(0, "", "it is late"), "usage.csv: it is late"),
    ],
)
def test_a_flaw_is_said_with_its_place(flaw: Flaw, said: str) -> None:
    assert flaw.at("usage.csv") == said

"""Every kind of value has one spelling, whatever was typed, and says what it wants where it cannot take a cell."""

import sys
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi.records import kinds
from kpi.records.kinds import Kind, Misread
from tests.builders import BERLIN

KINDS = [kind for kind in vars(kinds).values() if isinstance(kind, Kind)] + [kinds.one_of("won", "lost")]


@pytest.mark.parametrize(
    ("kind", "cell", "spelled"),
    [
        (kinds.KEY, "Ännä & [Co] ✓", "Ännä & [Co] ✓"),
        (kinds.TEXT, "two\nlines", "two\nlines"),
        (kinds.WORD, "Cross-Sell  offer", "cross_sell_offer"),
        (kinds.DAY, "2024-02-29", "2024-02-29"),
        (kinds.INSTANT, "2026-09-30T14:05:00Z", "2026-09-30T14:05:00+00:00"),
        (kinds.INSTANT, "2026-09-30t14:05z", "2026-09-30T14:05:00+00:00"),
        (kinds.INSTANT, "2026-09-30 14:05:00 +0200", "2026-09-30T12:05:00+00:00"),
        (kinds.INSTANT, "2026-09-30T14:05 Z", "2026-09-30T14:05:00+00:00"),
        (kinds.INSTANT, "2026-09-30T14:05:00,5-05", "2026-09-30T19:05:00.500000+00:00"),
        (kinds.INSTANT, "2026-09-30 14:05", "2026-09-30T12:05:00+00:00"),
        (kinds.INSTANT, "2026-12-30", "2026-12-29T23:00:00+00:00"),
        (kinds.INSTANT, "2026-10-25T02:30", "2026-10-25T00:30:00+00:00"),
        (kinds.AMOUNT, "1250.5", "1250.5"),
        (kinds.NUMBER, "17", "17.0"),
        (kinds.NUMBER, "-1.5e3", "-1500.0"),
        (kinds.COUNT, "007", "7"),
        (kinds.FLAG, "YES", "true"),
        (kinds.FLAG, "0", "false"),
        (kinds.CURRENCY, "eur", "EUR"),
        (kinds.ZONE, "Europe/Berlin", "Europe/Berlin"),
        (kinds.LANGUAGE, "pt-BR", "pt-BR"),
        (kinds.EMAIL, "carla@acme.example", "carla@acme.example"),
        (kinds.SLACK_USER, "U0123ABCD", "U0123ABCD"),
        (kinds.one_of("won", "lost"), "Won", "won"),
    ],
)
def test_a_cell_has_one_spelling_which_reads_as_itself(kind: Kind, cell: str, spelled: str) -> None:
    assert kind.read(cell, BERLIN) == spelled
    assert kind.read(spelled, BERLIN) == spelled


DAY = "expected a day like 2026-09-30"
INSTANT = "expected an instant like 2026-09-30T14:05:00+02:00"
KEY = "expected at most 255 characters, without line ends or control characters"


@pytest.mark.parametrize(
    ("kind", "cell", "expected"),
    [
        (kinds.KEY, "x" * 256, KEY),
        (kinds.KEY, "two\nlines", KEY),
        (kinds.KEY, "half \ud83d", KEY),
        (kinds.TEXT, "x" * 10_001, "expected at most 10,000 characters of text"),
        (kinds.TEXT, "nul \0", "expected at most 10,000 characters of text"),
        (kinds.TEXT, "half \udca9", "expected at most 10,000 characters of text"),
        (kinds.WORD, "- -", "expected a word"),
        (kinds.DAY, "2026-02-30", f"that day is not in the calendar; {DAY}"),
        (kinds.DAY, "1969-12-31", "expected a year from 1970 to 2199"),
        (kinds.DAY, "2026-9-1", DAY),
        (kinds.DAY, "20260901", DAY),
        (kinds.DAY, "٢٠٢٦-٠٩-٠١", DAY),
        (kinds.INSTANT, "2026-09-30T24:30Z", f"that instant is not in the calendar; {INSTANT}"),
        (kinds.INSTANT, "2026-02-30", f"that day is not in the calendar; {DAY}"),
        (kinds.INSTANT, "2026-W40-3T14:05Z", INSTANT),
        (kinds.INSTANT, "202٦-09-30T14:05:00Z", INSTANT),
        (kinds.INSTANT, "2200-01-01T00:00:00Z", "expected a year from 1970 to 2199"),
        (
            kinds.INSTANT,
            "2026-03-29T02:30",
            "the clocks in Europe/Berlin skipped that time; add its offset, like 2026-09-30T14:05:00+02:00",
        ),
        (kinds.AMOUNT, "1,250.00", "expected an amount in major units with a point, like 1250.00"),
        (kinds.AMOUNT, "-5", "expected an amount in major units with a point, like 1250.00"),
        (kinds.AMOUNT, "١٢", "expected an amount in major units with a point, like 1250.00"),
        (kinds.NUMBER, "1_000", "expected a number with a point, like 12.5"),
        (kinds.NUMBER, "1e999", "expected a number with a point, like 12.5"),
        (kinds.NUMBER, "nan", "expected a number with a point, like 12.5"),
        (kinds.COUNT, "-1", "expected a whole number from 0 to 1,000,000,000"),
        (kinds.COUNT, "3.0", "expected a whole number from 0 to 1,000,000,000"),
        (kinds.COUNT, "²", "expected a whole number from 0 to 1,000,000,000"),
        (kinds.FLAG, "maybe", "expected yes or no"),
        (kinds.CURRENCY, "€", "expected an ISO 4217 code like EUR"),
        (kinds.ZONE, "CET+1", "expected an IANA zone like Europe/Berlin"),
        (kinds.LANGUAGE, "en" + "-us" * 5, "expected a language like en or pt-BR"),
        (kinds.EMAIL, "carla at acme", "expected an e-mail address"),
        (kinds.EMAIL, "carla@acme\ud83d", "expected an e-mail address"),
        (kinds.SLACK_USER, "@anna", "expected a Slack user id like U0123ABCD"),
        (kinds.SLACK_TEAM, "U0123ABCD", "expected a Slack team id like T0123ABCD"),
        (kinds.SLACK_CHANNEL, "#acme", "expected a Slack channel id like C0123ABCD"),
        (kinds.one_of("won", "lost"), "maybe", "expected one of won, lost"),
    ],
)
def test_what_cannot_be_taken_is_told_what_is_expected(kind: Kind, cell: str, expected: str) -> None:
    with pytest.raises(Misread) as fault:
        kind.read(cell, BERLIN)
    assert fault.value.expected == expected


@pytest.mark.parametrize("kind", [kinds.DAY, kinds.INSTANT])
@pytest.mark.parametrize(
    "cell",
    ["01/09/2026", "1.9.2026", "1-9-26", "46266", "46266.58", "1-Sep-26", "01 September 2026", "1. Sept. 2026",
     "1-Mär-26", "9/1/26 14:05", "1.9.2026 14:05:00"],
)  # fmt: skip
def test_a_spreadsheets_own_dates_are_known_as_such(kind: Kind, cell: str) -> None:
    with pytest.raises(Misread) as fault:
        kind.read(cell, BERLIN)
    assert fault.value.from_spreadsheet


@pytest.mark.parametrize("cell", ["soon", "2026-02-30", "", "123", "1234567", "2026"])
def test_other_nonsense_is_not_blamed_on_a_spreadsheet(cell: str) -> None:
    with pytest.raises(Misread) as fault:
        kinds.DAY.read(cell, BERLIN)
    assert not fault.value.from_spreadsheet


@given(st.sampled_from(KINDS), st.text() | st.text("0123456789-+:.TZ "))
def test_a_kind_takes_a_text_or_says_why_and_never_fails_otherwise(kind: Kind, cell: str) -> None:
    try:
        spelled = kind.read(cell.strip() or "x", BERLIN)
    except Misread:
        return
    assert kind.read(spelled, BERLIN) == spelled
    assert spelled.encode()


instants = st.datetimes(datetime(1970, 1, 2), datetime(2199, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001 hypothesis


@given(instants, st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu"]))
def test_an_instant_is_the_same_in_every_zone(instant: datetime, zone: str) -> None:
    written = instant.astimezone(ZoneInfo(zone)).isoformat()
    assert kinds.INSTANT.read(written, BERLIN) == instant.isoformat()


COLUMNS = [
    (kinds.KEY, ["a", " b ", "", "é\u00a0", "x" * 255, "two\nlines", "x" * 256]),
    (kinds.TEXT, ["a", " b\n", "", "é", "x" * 10_000, "\0", "x" * 10_001, "\ud83d"]),
    (kinds.NUMBER, ["1", " 2.5 ", "-0", "1e9", "", "nan", "1_0", "x", "1e999"]),
    (
        kinds.INSTANT,
        ["2026-09-30T14:05:00Z", "2024-02-29T00:00:00Z", "", "2026-02-30T00:00:00Z", "1969-01-01T00:00:00Z", "soon"],
    ),
    (
        kinds.INSTANT,
        ["2026-09-30T14:05:00+02:00", "2026-01-01T00:30:00-05:30", "2026-09-30T14:05:00+00:00", "",
         "2026-09-30T14:05:00+25:00", "2026-09-30T14:05:00.1234", "20260930T140500+02000000"],
    ),
]  # fmt: skip


@settings(derandomize=True, max_examples=400)
@given(st.sampled_from(COLUMNS), st.data())
def test_cells_read_at_once_are_what_each_reads_as_by_itself(
    column: tuple[Kind, list[str]], data: st.DataObject
) -> None:
    kind, usual = column
    cells = data.draw(st.lists(st.sampled_from(usual), min_size=1))
    assert kind.read_all is not None
    found = kind.read_all(cells, BERLIN)
    if found is not None:
        assert found == [cell.strip() and kind.read(cell.strip(), BERLIN) for cell in cells]


@pytest.mark.parametrize(
    ("kind", "cells"),
    [(kind, usual[:4]) for kind, usual in COLUMNS[:2]] + [(COLUMNS[2][0], COLUMNS[2][1][:4])]
    + [(kind, usual[:3]) for kind, usual in COLUMNS[3:]],
)  # fmt: skip
def test_good_cells_are_read_at_once(kind: Kind, cells: list[str]) -> None:
    assert kind.read_all is not None
    assert kind.read_all([cell.replace("\u00a0", "") for cell in cells], BERLIN) is not None


def test_digits_of_other_scripts_never_reach_the_database() -> None:
    digits = [chr(code) for code in range(sys.maxunicode) if chr(code).isdigit() and not chr(code).isascii()]
    for kind in (kinds.AMOUNT, kinds.COUNT):
        for digit in digits:
            with pytest.raises(Misread):
                kind.read(digit, BERLIN)

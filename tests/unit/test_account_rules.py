"""Terms, amounts, keys and texts of an account's form, without a database."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.records.kinds import LONGEST_KEY, Misread
from kpi.services.accounts import amounts, reading, terms
from kpi.services.accounts.keys import slug
from kpi.store.store import Record

ZONE = ZoneInfo("Europe/Berlin")
FIRST, DAYS = date(2024, 1, 1), st.dates(date(2024, 1, 1), date(2026, 12, 31))


def paid(starts_on: date, ends_on: date | None, minor: int = 100, **more: Any) -> Record:
    row = {"starts_on": starts_on, "ends_on": ends_on, "amount_minor": minor, "currency": "EUR", "key": ""}
    return {**row, **more}


def term(starts_on: str, ends_on: str | None = None, notice_on: str | None = None) -> Record:
    day = date.fromisoformat
    days = {"ends_on": ends_on and day(ends_on), "notice_on": notice_on and day(notice_on)}
    return {"starts_on": day(starts_on), **days, "reason": None}


def want(starts_on: str = "", ends_on: str = "", notice_on: str = "", reason: str = "") -> dict[str, str]:
    return {"starts_on": starts_on, "ends_on": ends_on, "notice_on": notice_on, "reason": reason}


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("4500", ("4500", "EUR")),
        (" 4500.50 ", ("4500.50", "EUR")),
        ("4500 usd", ("4500", "USD")),
        ("GBP 12.5", ("12.5", "GBP")),
        ("1000.00", ("1000.00", "EUR")),
        ("0", ("0", "EUR")),
    ],
)
def test_an_amount_is_read_with_its_currency(typed: str, read: tuple[str, str]) -> None:
    assert reading.amount(typed, "EUR", ZONE) == read


@pytest.mark.parametrize(
    "typed",
    ["", "x", "4,500", "4.500", "1.234.567", "4500 EURO", "-1", "1e5", "٤", "5 EUR 6", "5 XYZ", "9" * 20, "4 500", "."],
)
def test_an_amount_that_could_be_misunderstood_is_not_taken(typed: str) -> None:
    with pytest.raises(Misread):
        reading.amount(typed, "EUR", ZONE)


def test_a_field_holds_its_spelling_and_every_wrong_one_is_named() -> None:
    said = {"name": " Acme ", "zone": "Mars", "starts_on": "tomorrow", "language": "pt-BR"}
    found, faults = reading.texts(said, ZONE)
    assert (found["name"], found["language"], found["reason"]) == ("Acme", "pt-BR", "")
    assert set(faults) == {"zone", "starts_on"}
    assert reading.texts({}, ZONE)[1] == {"name": "Please give it a name."}


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Acme GmbH", "acme-gmbh"),
        ("  Über & Söhne!! ", "ueber-and-soehne"),
        ("Crème Brûlée S.à r.l.", "creme-brulee-s-a-r-l"),
        ("🚀", "account"),
        ("株式会社", "account"),
        ("---", "account"),
    ],
)
def test_a_key_is_the_name_as_files_can_write_it(name: str, key: str) -> None:
    assert slug(name, "account") == key


@given(st.text(max_size=600))
def test_any_name_has_a_key_that_leaves_room_for_a_number(name: str) -> None:
    key = slug(name, "account")
    assert 0 < len(key) <= LONGEST_KEY - 10
    assert key.isascii()
    assert not set(key) - set("abcdefghijklmnopqrstuvwxyz0123456789-")


def test_unchanged_fields_of_a_term_stay_as_they_are_stored() -> None:
    stored = term("2024-03-01", "2026-01-01")
    said = want("2024-03-01", "2025-06-01")
    assert terms.wanted(said, {"starts_on"}, stored)["ends_on"] == "2026-01-01"
    assert terms.wanted(said, {"ends_on"}, stored)["ends_on"] == "2025-06-01"


@pytest.mark.parametrize(
    ("said", "fields"),
    [
        (want("2024-03-01"), set()),
        (want("2024-03-01", "2024-03-02", "2024-03-01", "r"), set()),
        (want(), set()),
        (want(reason="r"), {"starts_on", "reason"}),
        (want("2024-03-01", "2024-03-01"), {"ends_on"}),
        (want("2024-03-01", "2024-05-01", "2024-06-01"), {"notice_on"}),
        (want("2024-03-01", notice_on="2024-02-01"), {"notice_on"}),
        (want("2024-03-01", reason="r"), {"reason"}),
    ],
)
def test_what_a_term_may_say(said: dict[str, str], fields: set[str]) -> None:
    assert set(terms.faults(said, [])) == fields


def test_a_term_cannot_begin_within_an_earlier_one_but_after_it_is_a_new_one() -> None:
    stored = [term("2020-01-01", "2021-01-01"), term("2024-03-01", "2025-01-01")]
    assert set(terms.faults(want("2020-06-01"), stored)) == {"starts_on"}
    assert terms.faults(want("2021-01-01"), stored) == {}
    assert terms.comes_back(want("2025-01-01"), stored[-1])
    assert not terms.comes_back(want("2024-12-31"), stored[-1])
    assert set(terms.faults(want("2025-06-01", "2025-01-01"), stored)) == {"ends_on"}
    assert set(terms.faults(want(), stored)) == {"starts_on"}


def test_a_new_amount_ends_what_ran_and_takes_the_rest_of_its_time() -> None:
    stored = [paid(date(2024, 1, 1), date(2025, 1, 1)), paid(date(2025, 6, 1), None, 300)]
    ended, begun = amounts.change(stored, date(2024, 7, 1), "2", "EUR")
    assert (ended["starts_on"], ended["ends_on"], ended["amount"]) == ("2024-01-01", "2024-07-01", "1.00")
    assert (begun["starts_on"], begun["ends_on"], begun["amount"]) == ("2024-07-01", "2025-01-01", "2")


def test_several_running_amounts_are_all_replaced() -> None:
    stored = [paid(FIRST, None), paid(FIRST, None, 200, key="retainer", currency="USD")]
    *ended, begun = amounts.change(stored, date(2025, 1, 1), "5", "EUR")
    assert [(row["revenue"], row["currency"], row["ends_on"]) for row in ended] == [
        ("", "EUR", "2025-01-01"),
        ("retainer", "USD", "2025-01-01"),
    ]
    assert begun["ends_on"] == ""


def test_an_amount_of_the_same_day_is_corrected_and_another_of_it_stands_in_the_way() -> None:
    stored = [paid(FIRST, date(2025, 1, 1))]
    assert amounts.change(stored, FIRST, "7", "EUR")[0]["ends_on"] == "2025-01-01"
    assert amounts.clash(stored, FIRST, "EUR") is None
    assert "1.00 EUR begin that day already" in (amounts.clash(stored, FIRST, "USD") or "")
    assert amounts.clash([paid(FIRST, None, key="retainer")], FIRST, "EUR")


@given(st.lists(st.tuples(DAYS, st.integers(0, 10**9)), min_size=1, max_size=8))
def test_however_amounts_are_entered_exactly_one_is_paid_from_the_first_day_on(entered: list[tuple[date, int]]) -> None:
    stored: list[Record] = []
    for day, minor in entered:
        for row in amounts.change(stored, day, str(minor), "EUR"):
            stored = _put(stored, row)
    for day in {day for day, _ in entered}:
        (covering,) = [row for row in stored if row["starts_on"] <= day < (row["ends_on"] or date.max)]
        assert covering["starts_on"] == day
        assert covering["amount_minor"] == [minor for since, minor in entered if since == day][-1] * 100
    assert [row for row in stored if row["ends_on"] is None] == stored[-1:]


def _put(stored: list[Record], row: dict[str, Any]) -> list[Record]:
    """As the intake would: by the first day."""
    ends_on = date.fromisoformat(row["ends_on"]) if row["ends_on"] else None
    new = paid(date.fromisoformat(row["starts_on"]), ends_on, round(float(row["amount"]) * 100))
    others = (old for old in stored if old["starts_on"] != new["starts_on"])
    return sorted([*others, new], key=lambda each: each["starts_on"])

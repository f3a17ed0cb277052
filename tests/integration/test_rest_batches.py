"""Every entity by its key over REST: new, changed, unchanged, refused, and the same however often it is sent."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.web.rest.batches import BY_KEY
from bot.web.rest.schema import example_row
from kpi.records.catalog import BY_NAME
from kpi.store import tables
from kpi.store.store import Store
from tests.rest import Program

CHANGES: dict[str, dict[str, Any]] = {
    "owners": {"name": "Anna Bergmann"},
    "accounts": {"segment": "startup"},
    "terms": {"ends_on": "2026-12-01", "notice_on": "2026-09-01"},
    "contacts": {"language": "de"},
    "revenue": {"amount": 4800},
    "offers": {"amount": "1000.00"},
    "messages": {"from_client": 5},
    "usage": {"value": 18.5},
    "episodes": {"first_response_at": "2026-09-02T09:30:00Z"},
    "surveys": {"state": "expired"},
    "replies": {"score": 4},
    "feedback": {"implemented_at": "2026-09-01T08:00:00Z"},
}
WRONG: dict[str, tuple[dict[str, Any], str, str]] = {
    "owners": ({"manager": "nobody"}, "manager", "there is no owner “nobody”"),
    "accounts": ({"timezone": "Berlin"}, "timezone", "expected an IANA zone like Europe/Berlin"),
    "terms": ({"ends_on": "2024-02-01"}, "ends_on", "must come after starts_on"),
    "contacts": ({"account": "nope"}, "account", "there is no account “nope”"),
    "revenue": ({"amount": -3}, "amount", "“-3” cannot be taken; expected an amount"),
    "offers": ({"decided_on": None}, "decided_on", "has the day of its decision"),
    "messages": ({"from_us": -1}, "from_us", "“-1” cannot be taken; expected a whole number"),
    "usage": ({"day": "2.9.2026"}, "day", "expected a day like 2026-09-30"),
    "episodes": ({"first_response_at": "2026-09-01T09:00:00Z"}, "first_response_at", "before the question"),
    "surveys": ({"instrument": "stars"}, "instrument", "expected one of csat, nps, ces"),
    "replies": ({"score": 6}, "score", "outside the scale"),
    "feedback": ({"received_at": "2026-10-25"}, "triaged_at", "before it came"),
}
ENTITIES = [entity.name for entity in BY_KEY]


@pytest.fixture
def program(tenant: Store) -> Program:
    """Everything of the documented examples is known, and it is the end of the year."""
    program = Program(tenant)
    program.agency.now.at = datetime(2026, 12, 1, tzinfo=UTC)
    for name in ENTITIES:
        answer = program.put(name, example_row(BY_NAME[name]))
        assert (answer.status_code, answer.json()["accepted"]) == (200, 1), (name, answer.text)
    return program


def counts(answer: Any) -> tuple[int, ...]:
    """new, changed, unchanged, rejected"""
    told = answer.json()
    return tuple(told[name] for name in ("new", "changed", "unchanged", "rejected"))


def test_each_entity_is_tried() -> None:
    assert set(CHANGES) == set(WRONG) == set(ENTITIES) == set(BY_NAME) - {"interactions"}


@pytest.mark.parametrize("name", ENTITIES)
def test_a_row_sent_again_changes_nothing(program: Program, name: str) -> None:
    row = example_row(BY_NAME[name])
    answer = program.put(name, row)
    assert (answer.status_code, counts(answer)) == (200, (0, 0, 1, 0))


@pytest.mark.parametrize("name", ENTITIES)
def test_a_row_that_says_something_else_changes_what_there_is(program: Program, name: str) -> None:
    row = {**example_row(BY_NAME[name]), **CHANGES[name]}
    first, again = program.put(name, row), program.put(name, row)
    assert (first.status_code, counts(first)) == (200, (0, 1, 0, 0)), first.text
    assert counts(again) == (0, 0, 1, 0)


@pytest.mark.parametrize("name", ENTITIES)
def test_a_row_that_cannot_be_is_refused_with_its_reason_beside_good_ones(program: Program, name: str) -> None:
    change, column, words = WRONG[name]
    row = example_row(BY_NAME[name])
    answer = program.put(name, {**row, **other(name), **change}, row)
    assert (answer.status_code, counts(answer)) == (207, (0, 0, 1, 1)), answer.text
    (rejected,) = answer.json()["rows"]
    assert (rejected["row"], rejected["status"], rejected["column"]) == (0, "rejected", column)
    assert words in rejected["reason"]


def other(name: str) -> dict[str, Any]:
    """A key of its own."""
    elsewhere = {"day": "2026-09-03", "starts_on": "2024-04-01"}
    return {column: elsewhere.get(column, "other") for column in BY_NAME[name].key if column in elsewhere} or {
        BY_NAME[name].key[0]: "other"
    }


def test_what_a_batch_changed_is_kept_with_the_name_of_its_token(program: Program) -> None:
    before = program.agency.count(tables.audit)
    program.put("usage", {**example_row(BY_NAME["usage"]), "value": 99}, {"account": "nope"})
    *_, noted = program.agency.rows(tables.audit)
    assert (noted["actor"], noted["subject"], noted["at"]) == ("api:crm", "usage", program.agency.now())
    assert noted["after"] == {"new": 0, "changed": 1, "rejected": 1}
    program.put("usage", {**example_row(BY_NAME["usage"]), "value": 99})
    assert program.agency.count(tables.audit) == before + 1


def test_a_column_left_out_stays_and_one_that_is_null_is_emptied(program: Program) -> None:
    row = {"account": "acme", "name": "ACME Ltd"}
    assert counts(program.put("accounts", row)) == (0, 0, 1, 0)
    assert counts(program.put("accounts", {**row, "segment": None, "plan": ""})) == (0, 1, 0, 0)
    (acme,) = [account for account in program.agency.rows(tables.account) if account["key"] == "acme"]
    assert (acme["segment"], acme["plan"], acme["channel_id"]) == (None, None, "C0ACME")


def test_a_term_without_its_end_stated_is_not_reopened(program: Program) -> None:
    ended = {"account": "acme", "starts_on": "2024-03-01", "ends_on": "2026-12-01"}
    program.put("terms", ended)
    answer = program.put("terms", {"account": "acme", "starts_on": "2024-03-01", "reason": "moved away"})
    (rejected,) = answer.json()["rows"]
    assert (rejected["column"], rejected["reason"]) == ("ends_on", "it is missing; send null where it is empty")
    assert str(program.agency.only(tables.account_term)["ends_on"]) == "2026-12-01"


def test_a_key_that_comes_twice_in_a_batch_is_taken_once(program: Program) -> None:
    first = {"account": "acme", "day": "2026-09-07", "from_client": 1, "from_us": 1}
    answer = program.put("messages", first, {**first, "from_client": 2})
    assert counts(answer) == (1, 0, 0, 1)
    (rejected,) = answer.json()["rows"]
    assert (rejected["row"], rejected["reason"]) == (1, "the same account and day as row 0; expected once")


def test_rows_that_name_different_columns_go_in_together(program: Program) -> None:
    answer = program.put(
        "accounts",
        {"account": "globex", "name": "Globex", "segment": "startup"},
        {"account": "initech", "name": "Initech", "plan": "retainer"},
        {"account": "hooli", "name": "Hooli", "colour": "red"},
    )
    assert counts(answer)[0] + counts(answer)[1] == 2
    assert [row["row"] for row in answer.json()["rows"]] == [2]


def test_of_two_programs_at_once_each_sees_its_rows_taken(program: Program) -> None:
    def put(number: int) -> tuple[int, ...]:
        row = {"account": "acme", "day": "2026-09-08", "metric": f"m{number % 4}", "value": number}
        return counts(program.put("usage", row, {**row, "metric": "shared", "value": 7}))

    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(put, range(16)))
    assert all(sum(one) == 2 and one[3] == 0 for one in told)
    assert sum(one[0] for one in told) == 5

"""Every entity by its key over REST: new, changed, unchanged, refused, and the same however often it is sent."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.web.rest.batches import BY_KEY
from bot.web.rest.schema import example_row
from kpi.records.catalog import BY_NAME
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

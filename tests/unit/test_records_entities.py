"""What must hold within a row of each kind, and that one description fits files, batches and forms."""

from collections.abc import Mapping

import pytest

from kpi.records.catalog import BY_NAME, ENTITIES
from kpi.records.entity import Entity
from kpi.records.money import exponent
from kpi.records.reading import Reader
from kpi.records.rows import Rows
from tests.builders import BERLIN


def refusals(name: str, /, **changes: str) -> dict[str, str]:
    """What is wrong with the example row once these cells are changed, by column."""
    entity = BY_NAME[name]
    row = {column.name: column.example for column in entity.columns} | changes
    reader = Reader(entity, list(row), BERLIN)
    return {flaw.column: flaw.text for flaw in reader.read(Rows([2], [[cell] for cell in row.values()])).flaws}


@pytest.mark.parametrize("entity", ENTITIES, ids=lambda entity: entity.name)
def test_every_entity_is_described_well_enough_to_be_used(entity: Entity) -> None:
    assert refusals(entity.name) == {}, "its example is taken as it is"
    assert len(set(entity.names)) == len(entity.names)
    assert set(entity.key) <= set(entity.names)
    assert all(column.names is None or column.names in BY_NAME for column in entity.columns)
    assert all(column.doc.endswith(".") for column in entity.columns)
    assert {column for rule in entity.rules for column in rule.columns} <= set(entity.names)
    assert "recorded_at" in entity.names


@pytest.mark.parametrize("entity", ENTITIES, ids=lambda entity: entity.name)
def test_what_is_needed_may_not_be_left_out_and_what_is_required_may_not_be_empty(entity: Entity) -> None:
    for column in entity.columns:
        if column.required:
            assert refusals(entity.name, **{column.name: " "})[column.name] == "the cell is empty; it must be filled in"
            assert column.name in entity.needed
        assert not (column.required and column.stated)


def test_entities_come_after_those_they_name() -> None:
    order = list(BY_NAME)
    late = {
        (entity.name, column.names)
        for entity in ENTITIES
        for column in entity.columns
        if column.names and order.index(column.names) > order.index(entity.name)
    }
    assert late == set()


def test_a_column_that_is_not_there_is_not_found() -> None:
    assert BY_NAME["owners"].column("email").name == "email"
    with pytest.raises(KeyError):
        BY_NAME["owners"].column("salary")


@pytest.mark.parametrize(
    ("entity", "changes", "said"),
    [
        ("owners", {"manager": "anna"}, {"manager": "nobody reports to themselves"}),
        ("terms", {"ends_on": "2024-03-01"}, {"ends_on": "the first day without service must come after starts_on"}),
        (
            "terms",
            {"ends_on": "2025-01-01", "notice_on": "2025-02-01"},
            {"ends_on": "the end cannot come before the notice of it"},
        ),
        ("terms", {"notice_on": "2025-02-01"}, {}),
        ("revenue", {"ends_on": "2024-02-01"}, {"ends_on": "the first day not covered must come after starts_on"}),
        (
            "revenue",
            {"kind": "project"},
            {"ends_on": "a project needs its ends_on: its amount is spread over its days"},
        ),
        ("revenue", {"kind": "Project", "ends_on": "2024-04-01"}, {}),
        (
            "offers",
            {"outcome": "open"},
            {"decided_on": "an offer won or lost has the day of its decision, an open one has none"},
        ),
        (
            "offers",
            {"decided_on": ""},
            {"decided_on": "an offer won or lost has the day of its decision, an open one has none"},
        ),
        ("offers", {"outcome": "open", "decided_on": ""}, {}),
        ("offers", {"decided_on": "2026-08-02"}, {"decided_on": "an offer cannot be decided before it was made"}),
        (
            "episodes",
            {"first_response_at": "2026-09-02T07:11:59Z"},
            {"first_response_at": "an answer cannot come before the question"},
        ),
        ("episodes", {"first_response_at": "2026-09-02T07:12:00Z"}, {}),
        (
            "surveys",
            {"expires_at": "2026-09-01T14:59:59Z"},
            {"expires_at": "a question cannot close before it was asked"},
        ),
        (
            "surveys",
            {"state": "scheduled"},
            {"state": "“scheduled” cannot be taken; expected one of posted, answered, expired"},
        ),
        ("replies", {"score": "6"}, {"score": "outside the scale; there are csat 1 to 5, nps 0 to 10, ces 1 to 7"}),
        ("replies", {"score": "0", "instrument": "NPS"}, {}),
        ("replies", {"score": "10", "instrument": ""}, {}),
        ("replies", {"score": "11"}, {"score": "“11” cannot be taken; expected a whole number from 0 to 10"}),
        ("replies", {"survey": "", "account": ""}, {"account": "needed where there is no survey"}),
        ("replies", {"survey": "", "instrument": ""}, {"instrument": "needed where there is no survey"}),
        (
            "feedback",
            {"implemented_at": "2026-09-01", "declined_at": "2026-09-01"},
            {"declined_at": "feedback is implemented or declined, not both"},
        ),
        ("feedback", {"triaged_at": "2026-08-01"}, {"triaged_at": "it cannot be judged before it came"}),
        ("feedback", {"implemented_at": "2026-08-01"}, {"implemented_at": "it cannot be done before it came"}),
        ("feedback", {"declined_at": "2026-08-01"}, {"declined_at": "it cannot be declined before it came"}),
    ],
)
def test_what_must_hold_within_a_row(entity: str, changes: Mapping[str, str], said: Mapping[str, str]) -> None:
    assert refusals(entity, **changes) == said


@pytest.mark.parametrize(("currency", "decimals"), [("EUR", 2), ("JPY", 0), ("KWD", 3), ("CLF", 4)])
def test_a_currency_has_its_own_minor_units(currency: str, decimals: int) -> None:
    assert exponent(currency) == decimals

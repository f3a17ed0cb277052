"""Rows whose columns, order or neighbours make them easy to get wrong."""

from typing import Any

import pytest
from sqlalchemy import Engine, insert

from kpi.records.catalog import BY_NAME
from kpi.services.intake import Mode, Taken
from kpi.store import tables
from kpi.store.store import Store
from tests.books import BY, Books
from tests.sheets import NOW, Pages, intake, stored

ACME = {"account": "acme", "name": "ACME Ltd"}


BOOKED = {
    "interactions": tables.interaction,
    "episodes": tables.episode,
    "surveys": tables.survey,
    "replies": tables.reply_edit,
}


def put(store: Store, name: str, *rows: dict[str, Any]) -> Taken:
    return intake(store).put(BY_NAME[name], rows, "test")


def counts(taken: Taken) -> tuple[int, int, int, int]:
    return taken.new, taken.changed, taken.unchanged, taken.rejected


@pytest.fixture
def books(tenant: Store) -> Books:
    books = Books(tenant)
    books.accounts("acme", "beta")
    return books


@pytest.mark.parametrize("first", [0, 1])
def test_a_slack_user_who_is_another_owner_from_now_on_may_stand_in_either_row_first(tenant: Store, first: int) -> None:
    put(tenant, "owners", {"owner": "anna", "name": "Anna", "slack_user_id": "U0ANNA"},
        {"owner": "bob", "name": "Bob", "slack_user_id": ""})  # fmt: skip
    rows = [{"owner": "anna", "name": "Anna", "slack_user_id": ""}, {"owner": "bob", "name": "Bob",
            "slack_user_id": "U0ANNA"}]  # fmt: skip
    assert counts(put(tenant, "owners", rows[first], rows[1 - first])) == (0, 2, 0, 0)


def test_two_owners_may_swap_their_slack_users(tenant: Store) -> None:
    rows = [{"owner": key, "name": key, "slack_user_id": f"U0{key.upper()}"} for key in ("anna", "bob")]
    put(tenant, "owners", *rows)
    rows[0]["slack_user_id"], rows[1]["slack_user_id"] = rows[1]["slack_user_id"], rows[0]["slack_user_id"]
    assert counts(put(tenant, "owners", *rows)) == (0, 2, 0, 0)
    assert counts(put(tenant, "owners", *rows)) == (0, 0, 2, 0)


@pytest.mark.parametrize("first", [0, 1])
def test_a_slack_user_who_is_another_contact_from_now_on_may_stand_in_either_row_first(
    books: Books, first: int
) -> None:
    books.put("contacts", {"contact": "carla", "account": "acme", "slack_user_id": "U0CARLA"},
              {"contact": "cy", "account": "acme", "slack_user_id": ""})  # fmt: skip
    rows = [{"contact": "carla", "account": "acme", "slack_user_id": ""},
            {"contact": "cy", "account": "acme", "slack_user_id": "U0CARLA"}]  # fmt: skip
    assert counts(put(books.store, "contacts", rows[first], rows[1 - first])) == (0, 2, 0, 0)


def test_a_contact_who_moved_comes_again_without_losing_when(books: Books) -> None:
    carla = {"contact": "carla", "account": "acme", "moved_at": ""}
    books.put("contacts", carla)
    met = {"interaction": "i", "account": "acme", "contact": "carla", "kind": "call", "occurred_at": "2026-09-01"}
    books.put("interactions", met)
    moved = {**carla, "account": "beta"}
    assert counts(put(books.store, "contacts", moved)) == (0, 1, 0, 0)
    assert counts(put(books.store, "contacts", moved)) == (0, 0, 1, 0)
    assert counts(put(books.store, "interactions", met)) == (0, 0, 1, 0)


def test_when_a_contact_moved_is_a_change_of_its_own(books: Books) -> None:
    books.put("contacts", {"contact": "carla", "account": "acme"})
    said = {"contact": "carla", "account": "acme", "moved_at": "2026-09-01T00:00:00Z"}
    assert counts(put(books.store, "contacts", said)) == (0, 1, 0, 0)


def test_an_offer_keeps_the_currency_that_is_not_repeated(books: Books) -> None:
    offer = {"offer": "o", "account": "acme", "kind": "upsell", "offered_on": "2026-08-03", "decided_on": "",
             "outcome": "open"}  # fmt: skip
    books.put("offers", {**offer, "amount": "900", "currency": "USD"})
    assert counts(put(books.store, "offers", {**offer, "amount": "900"})) == (0, 0, 1, 0)
    assert counts(put(books.store, "offers", {**offer, "amount": "950"})) == (0, 1, 0, 0)
    assert [(row["currency"], row["amount_minor"]) for row in books.rows(tables.offer)] == [("USD", 95_000)]
    books.put("offers", {**offer, "currency": "JPY"})
    assert [(row["currency"], row["amount_minor"]) for row in books.rows(tables.offer)] == [("JPY", 950)]


def test_a_manager_whose_row_is_refused_is_nobodys_manager_and_that_is_said(tenant: Store) -> None:
    rows = [{"owner": "anna", "name": "Anna", "manager": "max"}, {"owner": "max", "name": "Max", "manager": ""},
            {"owner": "max", "name": "Maximilian", "manager": ""}]  # fmt: skip
    (taken,) = intake(tenant).take([Pages("owners", rows)], Mode(keep_good=True))
    assert counts(taken) == (0, 0, 0, 3)
    assert (taken.flaws[0].line, taken.flaws[0].column) == (2, "manager")


def test_a_survey_that_comes_again_without_its_owner_keeps_whom_it_was_left_to(books: Books) -> None:
    books.put("owners", {"owner": "anna", "name": "Anna"}, {"owner": "bob", "name": "Bob"})
    books.put("accounts", {**ACME, "owner": "anna"})
    asked = {"survey": "s", "account": "acme", "interaction": "", "instrument": "csat", "posted_at": "2026-09-01",
             "state": "posted"}  # fmt: skip
    books.put("surveys", asked)
    books.fix.assign("acme", "bob", BY)
    assert counts(put(books.store, "surveys", asked)) == (0, 0, 1, 0)
    assert books.key_of(tables.owner, books.row(tables.survey)["owner_at_send"]) == "anna"


def test_the_end_of_a_contract_is_not_known_before_its_notice_because_the_contract_was(books: Books) -> None:
    books.term("acme", "2026-01-01", recorded_at="2026-01-01T00:00:00Z")
    books.term("acme", "2026-01-01", "2026-12-31", notice_on="2026-10-01")
    row = books.row(tables.account_term)
    assert str(row["end_recorded_at"]) == "2026-09-30 22:00:00+00:00"


@pytest.fixture
def other(shared_engine: Engine) -> Store:
    """Another workspace, in which only what is right came in."""
    with shared_engine.begin() as connection:
        made = insert(tables.workspace).values(name="other", created_at=NOW).returning(tables.workspace.c.workspace_id)
        return Store(shared_engine, connection.execute(made).scalar_one())


@pytest.mark.parametrize(
    ("name", "row", "column"),
    [
        ("interactions", {"interaction": "x", "account": "acme", "kind": "call"}, "occurred_at"),
        ("episodes", {"episode": "x", "account": "acme", "first_response_at": ""}, "opened_at"),
        ("surveys", {"survey": "x", "account": "acme", "instrument": "nps", "state": "posted"}, "posted_at"),
        ("replies", {"reply": "x", "account": "acme", "instrument": "nps", "score": "9"}, "answered_at"),
    ],
)
def test_what_was_known_when_it_happened_is_so_still_when_it_happened_earlier(
    books: Books, other: Store, name: str, row: dict[str, str], column: str
) -> None:
    Books(other).accounts("acme", "beta")
    books.put(name, {**row, column: "2026-09-05T10:00:00Z"})
    for store in (books.store, other):
        put(store, name, {**row, column: "2026-09-01T10:00:00Z"})
    assert stored(books.store) == stored(other)
    said = {**row, column: "2026-09-01T10:00:00Z", "recorded_at": "2026-09-09T10:00:00Z"}
    books.put(name, said)
    books.put(name, {**row, column: "2026-09-02T10:00:00Z"})
    (kept,) = books.rows(BOOKED[name])
    assert kept["recorded_at"].day == 9

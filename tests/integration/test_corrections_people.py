"""Owners hand over, and people change sides."""

from collections.abc import Iterator
from typing import Any

import pytest

from kpi.errors import KpiError, UnknownWord
from kpi.store import tables
from kpi.store.store import Store
from tests.books import BY, Books
from tests.builders import at


@pytest.fixture
def books(tenant: Store) -> Iterator[Books]:
    books = Books(tenant)
    books.put("owners", {"owner": "anna", "name": "Anna"}, {"owner": "ben", "name": "Ben", "manager": "anna"},
              {"owner": "cem", "name": "Cem", "manager": "anna"}, {"owner": "dana", "name": "Dana"})  # fmt: skip
    books.accounts("acme", "globex", owner="anna")
    books.accounts("initech", owner="ben")
    books.put("contacts", {"contact": "carla", "account": "acme", "name": "Carla", "slack_user_id": "U0CARLA"})
    yield books
    assert books.counted() == books.recounted()


def owner_of(books: Books, account: str) -> str | None:
    return books.key_of(tables.owner, books.row(tables.account, key=account)["owner_id"])


def test_an_account_has_another_owner_from_now_on(books: Books) -> None:
    assert books.fix.assign("acme", "ben", BY).sentence == "Acme is looked after by Ben from now on."
    assert owner_of(books, "acme") == "ben"
    trace = books.row(tables.audit, action="account.assign")
    assert (trace["before"], trace["after"]) == ({"owner": "anna"}, {"owner": "ben"})


def test_what_was_answered_before_stays_with_the_owner_of_that_day(books: Books) -> None:
    books.answer("r1", "acme", 5, "2026-03-02T10:00:00Z")
    books.put("surveys", {"survey": "s1", "account": "acme", "instrument": "csat", "state": "posted",
                          "posted_at": "2026-03-01T12:00:00Z"})  # fmt: skip
    books.fix.assign("acme", "ben", BY)
    books.answer("r2", "acme", 5, "2026-03-03T10:00:00Z")
    owners = [books.key_of(tables.owner, row["owner_id"]) for row in books.rows(tables.reply)]
    assert owners == ["anna", None], "an answer that names nobody is the present owner's"
    assert books.key_of(tables.owner, books.row(tables.survey)["owner_at_send"]) == "anna"


def test_an_account_can_be_nobodys(books: Books) -> None:
    assert "looked after by nobody" in books.fix.assign("acme", None, BY).sentence
    assert owner_of(books, "acme") is None


@pytest.mark.parametrize(("account", "owner"), [("nobody", "ben"), ("acme", "nobody")])
def test_who_does_not_exist_is_said(books: Books, account: str, owner: str) -> None:
    with pytest.raises(UnknownWord, match=r"There is no (account|owner) “nobody”"):
        books.fix.assign(account, owner, BY)


def wish(key: str, **more: Any) -> dict[str, Any]:
    return {"feedback": key, "account": "acme", "text": "More", "owner": "anna", "received_at": "2026-03-01T10:00:00Z",
            **more}  # fmt: skip


def test_a_handover_takes_all_accounts_and_what_is_open(books: Books) -> None:
    books.put("feedback", wish("open"), wish("done", implemented_at="2026-03-05T10:00:00Z"))
    books.answer("r1", "globex", 5, "2026-03-02T10:00:00Z")
    done = books.fix.handover("anna", "ben", BY)
    assert {key: owner_of(books, key) for key in ("acme", "globex", "initech")} == dict.fromkeys(
        ("acme", "globex", "initech"), "ben")  # fmt: skip
    wishes = {row["key"]: books.key_of(tables.owner, row["owner_id"]) for row in books.rows(tables.feedback)}
    assert wishes == {"open": "ben", "done": "anna"}
    assert books.key_of(tables.owner, books.row(tables.reply)["owner_id"]) == "anna"
    assert done.sentence == "Ben takes over from Anna: 2 accounts and 1 piece of feedback."


def managers(books: Books) -> dict[str, str | None]:
    return {row["key"]: books.key_of(tables.owner, row["manager_id"]) for row in books.rows(tables.owner)}


def test_people_are_handed_over_only_when_asked_for(books: Books) -> None:
    books.fix.handover("anna", "dana", BY)
    assert managers(books)["ben"] == "anna"
    books.fix.handover("anna", "dana", BY, people=True)
    assert managers(books) == {"anna": None, "ben": "dana", "cem": "dana", "dana": None}


def test_whoever_takes_over_their_own_manager_reports_to_whom_that_one_did(books: Books) -> None:
    books.correct("owners", {"owner": "anna"}, manager="dana")
    books.fix.handover("anna", "ben", BY, people=True)
    assert managers(books) == {"anna": "dana", "ben": "dana", "cem": "ben", "dana": None}


def test_an_owner_who_handed_everything_over_can_be_deleted(books: Books) -> None:
    books.fix.handover("anna", "ben", BY, people=True)
    books.delete("owners", owner="anna")
    assert {row["key"] for row in books.rows(tables.owner)} == {"ben", "cem", "dana"}


@pytest.mark.parametrize(("gone", "into", "said"), [("anna", "anna", "same owner"), ("nobody", "anna", "no owner"),
                                                    ("anna", "nobody", "no owner")])  # fmt: skip
def test_a_handover_that_makes_no_sense_is_said(books: Books, gone: str, into: str, said: str) -> None:
    with pytest.raises(KpiError, match=said):
        books.fix.handover(gone, into, BY)


def test_a_contact_belongs_to_another_account_and_what_happened_stays(books: Books) -> None:
    books.meet("m1", "acme", "2026-03-01T10:00:00Z", contact="carla")
    books.answer("r1", "acme", 5, "2026-03-02T10:00:00Z", contact="carla")
    assert books.fix.move("carla", "globex", BY).sentence == "Carla belongs to Globex from now on."
    books.meet("m2", "globex", "2026-04-01T10:00:00Z", contact="carla")
    acme, globex = (books.row(tables.account, key=key)["account_id"] for key in ("acme", "globex"))
    carla = books.row(tables.contact)
    assert carla["account_id"] == globex
    assert [(row["account_id"], row["contact_id"]) for row in books.rows(tables.interaction)] == [
        (acme, carla["contact_id"]), (globex, carla["contact_id"])]  # fmt: skip
    assert books.row(tables.reply)["account_id"] == acme


def test_what_they_were_to_be_asked_and_were_not_yet_is_cancelled(books: Books) -> None:
    carla = books.row(tables.contact)
    values = {"token": "t", "account_id": carla["account_id"], "contact_id": carla["contact_id"], "instrument": "csat",
              "wording_version": "1", "locale": "en", "recorded_at": at("2026-03-01")}  # fmt: skip
    with books.store.transaction() as tx:
        tx.insert(tables.survey, {**values, "state": "scheduled", "due_at": at("2026-03-02")})
        tx.insert(tables.survey, {**values, "token": "u", "state": "posted", "posted_at": at("2026-03-01")})
    done = books.fix.move("carla", "globex", BY)
    assert {row["token"]: (row["state"], row["reason"]) for row in books.rows(tables.survey)} == {
        "t": ("cancelled", "the contact moved to another account"), "u": ("posted", None)}  # fmt: skip
    assert done.counts["cancelled surveys"] == 1


def test_whoever_is_a_contact_there_already_stays_that_one(books: Books) -> None:
    books.put("contacts", {"contact": "c-17", "account": "globex", "slack_user_id": "U0CARLA", "language": "de"})
    books.answer("r1", "acme", 5, "2026-03-02T10:00:00Z", contact="carla")
    books.fix.move("carla", "globex", BY)
    (contact,) = books.rows(tables.contact)
    assert (contact["key"], contact["name"], contact["language"]) == ("c-17", "Carla", "de")
    assert books.row(tables.reply)["contact_id"] == contact["contact_id"]
    books.answer("r2", "globex", 5, "2026-03-03T10:00:00Z", contact="carla")


def test_a_contact_is_not_moved_to_where_they_are(books: Books) -> None:
    with pytest.raises(KpiError, match="“carla” belongs to “acme” already"):
        books.fix.move("carla", "acme", BY)
    with pytest.raises(UnknownWord, match="There is no row of contacts with contact=nobody"):
        books.fix.move("nobody", "acme", BY)


def test_whoever_moved_is_still_named_by_what_happened_before_and_by_nothing_after(books: Books) -> None:
    meeting = {"interaction": "m1", "account": "acme", "contact": "carla", "kind": "call"}
    books.put("interactions", {**meeting, "occurred_at": "2026-03-01T10:00:00Z"})
    books.fix.move("carla", "globex", BY)
    books.put("interactions", {**meeting, "occurred_at": "2026-03-02T10:00:00Z"})
    books.correct("interactions", {"interaction": "m1"}, kind="meeting")
    with pytest.raises(KpiError, match="“carla” is a contact of another account than “acme”"):
        books.correct("interactions", {"interaction": "m1"}, occurred_at="2026-09-20T10:00:00Z")


def test_whoever_comes_to_another_account_with_the_files_moved_too(books: Books) -> None:
    books.answer("r1", "acme", 5, "2026-03-02T10:00:00Z", contact="carla")
    books.put("contacts", {"contact": "carla", "account": "globex"})
    books.answer("r1", "acme", 4, "2026-03-02T10:00:00Z", contact="carla")
    assert books.row(tables.contact)["moved_at"] is not None
    books.put("contacts", {"contact": "carla", "account": "acme", "moved_at": "2026-01-05T00:00:00Z"})
    assert books.row(tables.contact)["moved_at"] == at("2026-01-05", 0)

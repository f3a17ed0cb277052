"""Two accounts turn out to be one."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from kpi.errors import KpiError, UnknownWord
from kpi.services.corrections import By
from kpi.store import tables
from kpi.store.store import Store
from tests.books import BY, Books
from tests.builders import at


@pytest.fixture
def books(tenant: Store) -> Iterator[Books]:
    books = Books(tenant)
    books.put("owners", {"owner": "anna", "name": "Anna"}, {"owner": "ben", "name": "Ben"})
    books.accounts("acme", "acme-old", "globex")
    yield books
    assert books.counted() == books.recounted()


def account(books: Books, key: str) -> dict[str, Any]:
    return books.row(tables.account, key=key)


def test_everything_of_the_one_belongs_to_the_other_and_the_one_is_gone(books: Books) -> None:
    books.term("acme-old", "2020-01-01", "2021-01-01")
    books.put("contacts", {"contact": "carla", "account": "acme-old"})
    books.meet("m1", "acme-old", "2026-03-01T10:00:00Z", contact="carla")
    books.put("surveys", {"survey": "s1", "account": "acme-old", "contact": "carla", "interaction": "m1",
                          "instrument": "csat", "posted_at": "2026-03-01T12:00:00Z", "state": "answered"})  # fmt: skip
    books.answer("r1", "acme-old", 5, "2026-03-02T10:00:00Z", survey="s1", contact="carla")
    books.put("offers", {"offer": "o1", "account": "acme-old", "kind": "upsell", "outcome": "open",
                         "offered_on": "2026-03-01", "decided_on": None})  # fmt: skip
    books.put("episodes", {"episode": "e1", "account": "acme-old", "opened_at": "2026-03-01T10:00:00Z",
                           "first_response_at": None})  # fmt: skip
    books.put("feedback", {"feedback": "f1", "account": "acme-old", "text": "More", "implemented_at": None,
                           "received_at": "2026-03-01T10:00:00Z", "declined_at": None})  # fmt: skip
    done = books.merge("acme-old", "acme")
    into = account(books, "acme")["account_id"]
    moved = ("account_term", "contact", "interaction", "survey", "reply", "offer", "episode", "feedback")
    for name in moved:
        assert {row["account_id"] for row in books.rows(getattr(tables, name))} == {into}, name
    assert {row["key"] for row in books.rows(tables.account)} == {"acme", "globex"}
    assert (done.counts["interactions"], done.counts["answers"], done.counts["contracts"]) == (1, 1, 1)
    assert "“acme-old” is now part of “acme”" in done.sentence


def test_its_key_goes_on_meaning_the_other_also_through_a_second_merge(books: Books) -> None:
    books.merge("acme-old", "acme")
    books.meet("m1", "acme-old", "2026-03-01T10:00:00Z")
    books.merge("acme", "globex")
    books.meet("m2", "acme-old", "2026-03-02T10:00:00Z")
    books.term("acme", "2026-01-01")
    into = account(books, "globex")["account_id"]
    assert {row["account_id"] for row in books.rows(tables.interaction)} == {into}
    assert [row["account_id"] for row in books.rows(tables.account_term)] == [into]
    assert {row["key"] for row in books.rows(tables.account_alias)} == {"acme", "acme-old"}


@pytest.mark.parametrize(
    ("ours", "theirs", "kept"),
    [
        ("2025-01-01", "2026-01-01", "2026-01-01"),
        ("2026-01-01", "2025-01-01", "2026-01-01"),
        ("2026-01-01", None, None),
        (None, "2026-01-01", None),
    ],
)
def test_of_contracts_that_begin_on_one_day_the_later_end_stays(
    books: Books, ours: str | None, theirs: str | None, kept: str | None
) -> None:
    books.term("acme", "2024-01-01", ours, reason=f"until {ours}")
    books.term("acme-old", "2024-01-01", theirs, reason=f"until {theirs}")
    books.merge("acme-old", "acme")
    (term,) = books.rows(tables.account_term)
    assert (term["ends_on"], term["reason"]) == (kept and date.fromisoformat(kept), f"until {kept}")


def test_a_merged_contract_is_known_since_the_earlier_and_its_end_since_that_became_known(books: Books) -> None:
    books.term("acme", "2024-01-01", "2025-01-01", recorded_at="2024-02-01T00:00:00Z")
    books.term("acme-old", "2024-01-01", "2026-01-01", recorded_at="2024-06-01T00:00:00Z")
    books.merge("acme-old", "acme")
    (term,) = books.rows(tables.account_term)
    assert (term["recorded_at"], term["end_recorded_at"]) == (at("2024-02-01", 0), at("2024-06-01", 0))


def test_the_others_fields_win_and_its_empty_ones_are_filled(books: Books) -> None:
    books.put("accounts",
              {"account": "acme", "name": "Acme", "segment": "enterprise", "channel_id": "C0NEW", "owner": None},
              {"account": "acme-old", "name": "Old", "segment": "small", "channel_id": "C0OLD", "owner": "anna",
               "plan": "retainer", "language": "de"})  # fmt: skip
    books.merge("acme-old", "acme")
    found = account(books, "acme")
    assert [found[name] for name in ("name", "segment", "channel_id", "plan", "language")] == [
        "Acme", "enterprise", "C0NEW", "retainer", "de"]  # fmt: skip
    assert books.key_of(tables.owner, found["owner_id"]) == "anna"


def test_it_is_observed_since_the_earlier_of_both(books: Books) -> None:
    books.put("accounts", {"account": "acme", "name": "Acme", "observed_from": "2025-01-01"})
    books.term("acme-old", "2023-05-01", "2024-05-01")
    books.merge("acme-old", "acme")
    assert account(books, "acme")["observed_from"] == date(2023, 5, 1)


def person(books: Books, key: str, account_key: str, user: str, **more: Any) -> None:
    books.put("contacts", {"contact": key, "account": account_key, "slack_user_id": user, **more})


def test_one_person_known_at_both_becomes_one_contact_with_what_either_knew(books: Books) -> None:
    person(books, "carla", "acme", "U0CARLA", name="Carla Costa")
    person(books, "c-17", "acme-old", "U0CARLA", email="carla@acme.example", opted_out_at="2026-01-01T00:00:00Z")
    person(books, "otto", "acme-old", "U0OTTO")
    books.meet("m1", "acme-old", "2026-03-01T10:00:00Z", contact="c-17")
    books.merge("acme-old", "acme")
    carla = books.row(tables.contact, key="carla")
    assert {row["key"] for row in books.rows(tables.contact)} == {"carla", "otto"}
    assert (carla["name"], carla["email"]) == ("Carla Costa", "carla@acme.example")
    assert carla["opted_out_at"] == at("2026-01-01", 0), "whoever asked not to be asked is not asked"
    assert books.rows(tables.interaction)[0]["contact_id"] == carla["contact_id"]
    books.meet("m2", "acme", "2026-03-02T10:00:00Z", contact="c-17")
    assert {row["contact_id"] for row in books.rows(tables.interaction)} == {carla["contact_id"]}


def test_two_answers_of_one_person_to_one_survey_become_one_with_its_edits(books: Books) -> None:
    person(books, "carla", "acme", "U0CARLA")
    books.put("surveys", {"survey": "s1", "account": "acme", "instrument": "csat", "state": "answered",
                          "posted_at": "2026-03-01T12:00:00Z"})  # fmt: skip
    books.answer("r1", "acme", 2, "2026-03-02T10:00:00Z", survey="s1", contact="carla")
    books.fix.move("carla", "acme-old", BY)
    person(books, "carla-2", "acme", "U0CARLA")
    books.answer("r2", "acme", 5, "2026-03-04T10:00:00Z", survey="s1", contact="carla-2", comment="Better")
    assert len(books.rows(tables.reply)) == 2
    books.merge("acme-old", "acme")
    (reply,) = books.rows(tables.reply)
    assert (reply["score"], reply["comment"]) == (5, "Better")
    assert (reply["answered_at"], reply["edited_at"]) == (at("2026-03-02", 10), at("2026-03-04", 10))
    assert sorted(row["key"] for row in books.rows(tables.reply_edit)) == ["r1", "r2"]


def price(books: Books, account_key: str, amount: int, **more: Any) -> None:
    row = {"account": account_key, "starts_on": "2026-01-01", "ends_on": None, "amount": amount}
    books.put("revenue", {**row, **more})


def test_amounts_that_would_stand_in_one_place_both_count(books: Books) -> None:
    price(books, "acme", 100)
    price(books, "acme-old", 50)
    price(books, "acme-old", 7, currency="USD")
    books.merge("acme-old", "acme")
    told = {(row["currency"], row["key"]): row["amount_minor"] for row in books.rows(tables.revenue)}
    assert told == {("EUR", ""): 10000, ("EUR", "from acme-old"): 5000, ("USD", ""): 700}


def test_amounts_of_three_accounts_in_one_place_all_count(books: Books) -> None:
    for number, key in enumerate(("acme", "acme-old", "globex"), 1):
        price(books, key, number)
        price(books, key, number, revenue="from acme-old")
    books.merge("acme-old", "acme")
    books.merge("globex", "acme")
    assert sum(row["amount_minor"] for row in books.rows(tables.revenue)) == 1200
    assert len({row["key"] for row in books.rows(tables.revenue)}) == 6


def test_messages_and_usage_of_one_day_add_up_and_unknown_stays_unknown(books: Books) -> None:
    day = {"day": "2026-03-01"}
    books.put("messages", {"account": "acme", **day, "from_client": 1, "from_us": 2},
              {"account": "acme-old", **day, "from_client": 10, "from_us": 20},
              {"account": "acme-old", "day": "2026-03-02", "from_client": 5, "from_us": 0})  # fmt: skip
    books.put("usage", {"account": "acme", **day, "metric": "logins", "value": 3},
              {"account": "acme-old", **day, "metric": "logins", "value": 4},
              {"account": "acme-old", **day, "metric": "exports", "value": 1})  # fmt: skip
    books.meet("m1", "acme-old", "2026-03-03T10:00:00Z")
    books.merge("acme-old", "acme")
    told = {row["day"].day: (row["from_client"], row["from_us"], row["meetings"])
            for row in books.rows(tables.account_day)}  # fmt: skip
    assert told == {1: (11, 22, 0), 2: (5, 0, 0), 3: (None, None, 1)}
    assert {row["metric"]: row["value"] for row in books.rows(tables.usage_day)} == {"logins": 7, "exports": 1}


def test_interactions_and_answers_of_one_day_are_counted_together(books: Books) -> None:
    for key in ("acme", "acme-old"):
        books.meet(f"m-{key}", key, "2026-03-01T10:00:00Z")
        books.answer(f"r-{key}", key, 4, "2026-03-01T11:00:00Z")
    books.merge("acme-old", "acme")
    assert list(books.counted().values()) == [(2, 2, 2)]


def test_what_is_aimed_at_and_posted_about_the_one_is_about_the_other(books: Books) -> None:
    old, new = (account(books, key)["account_id"] for key in ("acme-old", "acme"))
    aim = {"scope_kind": "account", "value": 80, "valid_from": date(2026, 1, 1), "set_by": "U0",
           "recorded_at": at("2026-01-01")}  # fmt: skip
    post = {"cadence": "weekly", "cron": "0 9 * * 1", "timezone": "Europe/Berlin", "scope_kind": "account",
            "next_due_at": at("2026-01-05"), "created_by": "U0", "created_at": at("2026-01-01")}  # fmt: skip
    with books.store.transaction() as tx:
        for scope, kpi in ((old, "csat"), (old, "nps"), (new, "csat")):
            tx.insert(tables.target, {**aim, "kpi_key": kpi, "scope_id": str(scope)})
        for scope, channel in ((old, "C1"), (old, "C2"), (new, "C1")):
            tx.insert(tables.digest_subscription, {**post, "channel_id": channel, "scope_id": str(scope)})
        tx.insert(tables.change_marker, {"what": "new process", "changed_on": date(2026, 1, 1), "scope_kind": "account",
                                         "scope_id": str(old), "created_by": "U0",
                                         "recorded_at": at("2026-01-01")})  # fmt: skip
        tx.insert(tables.alert, {"kind": "churn", "account_id": old, "state": "open", "dedupe_key": "a", "evidence": {},
                                 "opened_at": at("2026-01-01")})  # fmt: skip
        tx.insert(tables.kpi_value, published(old))
    books.merge("acme-old", "acme")
    assert sorted((row["kpi_key"], row["scope_id"]) for row in books.rows(tables.target)) == [
        ("csat", str(new)), ("nps", str(new))]  # fmt: skip
    running = [row for row in books.rows(tables.digest_subscription) if row["paused_at"] is None]
    assert sorted((row["channel_id"], row["scope_id"]) for row in running) == [("C1", str(new)), ("C2", str(new))]
    assert books.rows(tables.change_marker)[0]["scope_id"] == str(new)
    assert books.rows(tables.alert)[0]["account_id"] == new
    assert books.rows(tables.kpi_value)[0]["scope_id"] == str(old), "what was published stays as it was"


def published(scope: int) -> dict[str, Any]:
    when = {"as_of": at("2026-01-01"), "published_at": at("2026-01-01")}
    counts = {"definition_version": 1, "revision": 1, "n": 3, "accounts": 1, "details": {}, "exclusions": []}
    days = {"period_key": "2025", "starts_on": date(2025, 1, 1), "ends_on": date(2026, 1, 1)}
    return {"kpi_key": "csat", "scope_kind": "account", "scope_id": str(scope), "status": "full", "document": "{}",
            "basis": {}, **days, **counts, **when}  # fmt: skip


@pytest.mark.parametrize(
    ("old", "into", "said"),
    [
        ("acme", "acme", "same account"),
        ("nobody", "acme", "There is no account “nobody”"),
        ("acme", "nobody", "There is no account “nobody”"),
    ],
)
def test_what_cannot_be_merged_is_said_and_changes_nothing(books: Books, old: str, into: str, said: str) -> None:
    with pytest.raises(KpiError, match=said):
        books.merge(old, into)
    assert len(books.rows(tables.account)) == 3


def test_an_account_cannot_be_merged_into_what_it_was_merged_into(books: Books) -> None:
    books.merge("acme-old", "acme")
    with pytest.raises(KpiError, match="“acme-old” and “acme” are the same account"):
        books.merge("acme-old", "acme")


def test_another_workspaces_account_of_this_key_is_none_of_ours(books: Books, store: Store) -> None:
    with pytest.raises(UnknownWord):
        Books(store).merge("acme-old", "acme")


def test_a_dry_run_says_what_would_be_and_leaves_everything(books: Books) -> None:
    books.meet("m1", "acme-old", "2026-03-01T10:00:00Z")
    done = books.fix.merge("acme-old", "acme", By("a test", dry_run=True))
    assert done.counts["interactions"] == 1
    assert {row["key"] for row in books.rows(tables.account)} == {"acme", "acme-old", "globex"}
    assert "account.merge" not in {row["action"] for row in books.rows(tables.audit)}


def test_it_leaves_a_trace_under_who_did_it(books: Books) -> None:
    books.meet("m1", "acme-old", "2026-03-01T10:00:00Z")
    books.merge("acme-old", "acme")
    trace = books.row(tables.audit, action="account.merge")
    assert (trace["actor"], trace["subject"]) == ("a test", f"account:{account(books, 'acme')['account_id']}")
    assert trace["before"]["key"] == "acme-old"
    assert trace["after"]["interactions"] == 1

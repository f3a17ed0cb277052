"""Wrong rows are deleted."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from kpi.errors import KpiError, UnknownWord
from kpi.services.corrections import By, InUse, Row
from kpi.store import tables
from kpi.store.store import Store
from tests.books import Books
from tests.builders import at


@pytest.fixture
def books(tenant: Store) -> Iterator[Books]:
    books = Books(tenant)
    books.put("owners", {"owner": "anna", "name": "Anna"})
    books.accounts("acme", "globex", owner="anna")
    books.put("contacts", {"contact": "carla", "account": "acme", "name": "Carla Costa", "email": "c@acme.example"},
              {"contact": "chris", "account": "acme"})  # fmt: skip
    yield books
    assert books.counted() == books.recounted()


def ask(books: Books, survey: str, interaction: str | None = None, **more: Any) -> None:
    row = {"survey": survey, "account": "acme", "contact": "carla", "interaction": interaction, "instrument": "csat"}
    books.put("surveys", {**row, "posted_at": "2026-03-01T12:00:00Z", "state": "answered", **more})


def schedule(books: Books, state: str | None = None) -> int:
    """A survey about m1 that is scheduled, its message being in this state; its id."""
    books.meet("m1", "acme", "2026-03-01T10:00:00Z", contact="carla")
    meeting = books.row(tables.interaction, key="m1")
    values = {name: meeting[name] for name in ("account_id", "contact_id", "interaction_id")}
    words = {"token": "t", "instrument": "csat", "wording_version": "1", "locale": "en", "state": "scheduled"}
    with books.store.transaction() as tx:
        survey = tx.insert(tables.survey, {**values, **words, "recorded_at": at("2026-03-01"),
                                           "due_at": at("2026-03-01", 13)})  # fmt: skip
        if state:
            message = {"kind": "survey", "audience": "client", "method": "chat.postMessage", "channel_id": "C0ACME",
                       "payload": {}, "dedupe_key": "s", "created_at": at("2026-03-01")}  # fmt: skip
            tx.insert(tables.delivery, {**message, "state": state, "survey_id": survey["survey_id"]})
    return int(survey["survey_id"])


ROWS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "terms": ({"account": "acme", "starts_on": "2024-03-01"}, {"ends_on": None}),
    "revenue": ({"account": "acme", "starts_on": "2024-03-01"}, {"ends_on": None, "amount": 100}),
    "offers": ({"offer": "o1"}, {"account": "acme", "kind": "upsell", "offered_on": "2026-01-01", "outcome": "open"}),
    "messages": ({"account": "acme", "day": "2026-01-05"}, {"from_client": 1, "from_us": 2}),
    "usage": ({"account": "acme", "day": "2026-01-05", "metric": "logins"}, {"value": 3}),
    "episodes": ({"episode": "e1"}, {"account": "acme", "opened_at": "2026-01-05T10:00:00Z"}),
    "interactions": ({"interaction": "m1"},
                     {"account": "acme", "kind": "review", "occurred_at": "2026-01-05T10:00:00Z"}),
    "surveys": ({"survey": "s1"}, {"account": "acme", "instrument": "csat", "state": "posted",
                                   "posted_at": "2026-01-05T10:00:00Z"}),
    "replies": ({"reply": "r1"},
                {"account": "acme", "instrument": "csat", "score": 3, "answered_at": "2026-01-05T10:00:00Z"}),
    "feedback": ({"feedback": "f1"}, {"account": "acme", "text": "More", "received_at": "2026-01-05T10:00:00Z"}),
    "contacts": ({"contact": "otto"}, {"account": "acme"}),
    "accounts": ({"account": "initech"}, {"name": "Initech"}),
    "owners": ({"owner": "ben"}, {"name": "Ben"}),
}  # fmt: skip


@pytest.mark.parametrize("entity", ROWS)
def test_a_row_of_any_kind_is_deleted_by_its_key_and_is_then_not_there(books: Books, entity: str) -> None:
    key, rest = ROWS[entity]
    books.put(entity, {**key, **rest})
    done = books.delete(entity, **key)
    assert done.counts[entity] == 1
    assert done.sentence.startswith(f"Deleted from {entity}: ")
    assert books.counted() == {}
    with pytest.raises(UnknownWord, match=f"There is no row of {entity} with "):
        books.delete(entity, **key)


def test_a_key_that_fits_several_rows_deletes_none(books: Books) -> None:
    for currency in ("EUR", "USD"):
        books.put("revenue", {"account": "acme", "starts_on": "2026-01-01", "ends_on": None, "amount": 1,
                              "currency": currency})  # fmt: skip
    with pytest.raises(KpiError, match=r"Several rows of revenue have .*; say which with currency, kind, revenue"):
        books.delete("revenue", account="acme", starts_on="2026-01-01")
    books.delete("revenue", account="acme", starts_on="2026-01-01", currency="usd")
    assert [row["currency"] for row in books.rows(tables.revenue)] == ["EUR"]


@pytest.mark.parametrize(
    ("entity", "key", "said"),
    [
        ("term", {"account": "acme"}, "“term” is not a kind of row; there are owners, accounts, terms"),
        ("terms", {}, "does not say which row; they are named by account, starts_on"),
        ("terms", {"ends_on": "2024-01-01"}, "“ends_on” does not name rows of terms"),
        (
            "terms",
            {"account": "acme", "starts_on": "1.3.2024"},
            "starts_on: “1.3.2024” cannot be taken; expected a day",
        ),
        ("terms", {"account": "acme", "starts_on": ""}, "starts_on must be filled in"),
    ],
)
def test_a_key_that_cannot_be_read_is_said(books: Books, entity: str, key: dict[str, Any], said: str) -> None:
    with pytest.raises(KpiError, match=said):
        books.delete(entity, **key)


def test_a_merged_accounts_key_still_finds_its_rows(books: Books) -> None:
    books.term("globex", "2024-03-01")
    books.merge("globex", "acme")
    books.delete("terms", account="globex", starts_on="2024-03-01")
    assert books.rows(tables.account_term) == []


def test_messages_of_a_day_are_unknown_then_and_what_else_happened_that_day_stays(books: Books) -> None:
    books.meet("m1", "acme", "2026-01-05T10:00:00Z")
    books.put("messages", {"account": "acme", "day": "2026-01-05", "from_client": 1, "from_us": 2})
    books.delete("messages", account="acme", day="2026-01-05")
    (day,) = books.rows(tables.account_day)
    assert (day["from_client"], day["from_us"], day["meetings"]) == (None, None, 1)


def test_deleting_one_version_leaves_an_answer_with_what_else_was_said(books: Books) -> None:
    ask(books, "s1")
    for day, score in ((2, 1), (3, 4), (5, 5)):
        books.answer(f"r{day}", "acme", score, f"2026-03-0{day}T10:00:00Z", survey="s1", contact="carla")
    books.delete("replies", reply="r5")
    (reply,) = books.rows(tables.reply)
    assert (reply["score"], reply["answered_at"], reply["edited_at"]) == (4, at("2026-03-02", 10), at("2026-03-03", 10))
    books.delete("replies", reply="r2")
    (reply,) = books.rows(tables.reply)
    assert (reply["score"], reply["answered_at"]) == (4, at("2026-03-03", 10))
    assert list(books.counted()) == [(reply["account_id"], date(2026, 3, 3))], "it moved with its first instant"


@pytest.mark.parametrize(("closes", "state"), [("2026-03-08T12:00:00Z", "expired"), ("2027-01-01T00:00:00Z", "posted")])
def test_with_its_last_version_an_answer_goes_and_its_question_is_open_or_over(
    books: Books, closes: str, state: str
) -> None:
    ask(books, "s1", expires_at=closes)
    books.answer("r1", "acme", 1, "2026-03-02T10:00:00Z", survey="s1", contact="carla")
    books.delete("replies", reply="r1")
    assert (books.rows(tables.reply), books.rows(tables.reply_edit)) == ([], [])
    assert books.row(tables.survey, key="s1")["state"] == state


def test_what_was_asked_and_said_about_a_deleted_interaction_stays_without_it(books: Books) -> None:
    books.meet("m1", "acme", "2026-03-01T10:00:00Z", contact="carla")
    ask(books, "s1", "m1")
    books.answer("r1", "acme", 5, "2026-03-02T10:00:00Z", survey="s1", contact="carla")
    books.delete("interactions", interaction="m1")
    survey, reply = books.row(tables.survey), books.row(tables.reply)
    assert (survey["state"], survey["interaction_id"], reply["interaction_id"]) == ("answered", None, None)


def test_a_question_nobody_was_asked_yet_is_cancelled_with_its_interaction(books: Books) -> None:
    schedule(books, "queued")
    books.delete("interactions", interaction="m1")
    survey = books.row(tables.survey)
    assert (survey["state"], survey["reason"]) == ("cancelled", "its interaction was deleted")
    assert (survey["interaction_id"], survey["closed_at"]) == (None, books.now())


@pytest.mark.parametrize("state", ["sending", "unknown", "sent"])
def test_a_question_that_may_have_reached_the_client_stays_without_its_interaction(books: Books, state: str) -> None:
    schedule(books, state)
    books.delete("interactions", interaction="m1")
    assert (books.row(tables.survey)["state"], books.row(tables.survey)["interaction_id"]) == ("scheduled", None)


@pytest.mark.parametrize(
    ("entity", "key", "said"),
    [
        (
            "accounts",
            {"account": "acme"},
            "has 2 contacts, 1 interaction, 1 survey and 1 answer, so it is not deleted by itself. Merge it",
        ),
        (
            "contacts",
            {"contact": "carla"},
            "has 1 interaction, 1 survey and 1 answer, so it is not deleted by itself. Move them",
        ),
        ("surveys", {"survey": "s1"}, "has 1 answer, so it is not deleted by itself. Delete its answers first"),
        ("owners", {"owner": "anna"}, "has 2 accounts, so it is not deleted by itself. Hand their accounts over"),
    ],
)
def test_what_others_refer_to_is_not_deleted_from_under_them(
    books: Books, entity: str, key: dict[str, Any], said: str
) -> None:
    books.meet("m1", "acme", "2026-03-01T10:00:00Z", contact="carla")
    ask(books, "s1", "m1")
    books.answer("r1", "acme", 5, "2026-03-02T10:00:00Z", survey="s1", contact="carla")
    with pytest.raises(InUse, match=said):
        books.delete(entity, **key)
    assert len(books.rows(tables.reply)) == 1


def test_an_owner_with_accounts_is_not_deleted_with_everything_either(books: Books) -> None:
    with pytest.raises(InUse):
        books.delete("owners", owner="anna", everything=True)


def test_a_contact_is_deleted_with_everything_they_said_and_nothing_of_others(books: Books) -> None:
    for name in ("carla", "chris"):
        books.meet(f"m-{name}", "acme", "2026-03-01T10:00:00Z", contact=name)
        ask(books, f"s-{name}", f"m-{name}", contact=name)
        books.answer(f"r-{name}", "acme", 5, "2026-03-02T10:00:00Z", survey=f"s-{name}", contact=name)
    books.put("feedback", {"feedback": "f1", "account": "acme", "contact": "carla", "text": "More",
                           "received_at": "2026-03-01T10:00:00Z"})  # fmt: skip
    done = books.delete("contacts", contact="carla", everything=True)
    assert done.counts == {"contacts": 1, "interactions": 1, "surveys": 1, "answers": 1, "pieces of feedback": 1}
    assert [row["key"] for row in books.rows(tables.contact)] == ["chris"]
    assert [row["key"] for row in books.rows(tables.reply_edit)] == ["r-chris"]
    assert [row["key"] for row in books.rows(tables.survey)] == ["s-chris"]
    assert books.rows(tables.feedback) == []


def test_an_account_is_deleted_with_everything_and_nothing_of_others(books: Books) -> None:
    for entity, (key, rest) in ROWS.items():
        books.put(entity, {**key, **rest})
    schedule(books, "queued")
    books.meet("m-globex", "globex", "2026-03-01T10:00:00Z")
    books.fix.move("chris", "globex", By("a test"))
    books.answer("r-chris", "acme", 5, "2026-03-02T10:00:00Z", contact=None)
    books.delete("accounts", account="acme", everything=True)
    assert {row["key"] for row in books.rows(tables.account)} == {"globex", "initech"}
    gone = ("account_term", "revenue", "offer", "usage_day", "episode", "survey", "reply", "reply_edit", "feedback")
    assert {name: len(books.rows(getattr(tables, name))) for name in gone} == dict.fromkeys(gone, 0)
    assert [row["key"] for row in books.rows(tables.interaction)] == ["m-globex"]
    assert [row["key"] for row in books.rows(tables.contact)] == ["chris"]
    (message,) = books.rows(tables.delivery)
    assert (message["state"], message["survey_id"]) == ("cancelled", None), "what was not sent never is"


def test_what_a_deleted_accounts_people_said_elsewhere_stays_without_their_names(books: Books) -> None:
    books.answer("r1", "acme", 5, "2026-03-02T10:00:00Z", contact="carla")
    books.fix.move("carla", "globex", By("a test"))
    books.delete("accounts", account="globex", everything=True)
    assert [(row["score"], row["contact_id"]) for row in books.rows(tables.reply)] == [(5, None)]


def test_a_survey_is_deleted_with_its_answers_and_its_message_stays_sent(books: Books) -> None:
    survey = schedule(books, "sent")
    with books.store.transaction() as tx:
        tx.run(tables.survey.update().where(tx.mine(tables.survey))
               .values(state="posted", posted_at=at("2026-03-01"), key="s1"))  # fmt: skip
    books.answer("r1", "acme", 5, "2026-03-02T10:00:00Z", survey="s1", contact="carla")
    with pytest.raises(InUse, match="1 answer and 1 message"):
        books.delete("surveys", survey="s1")
    books.delete("surveys", survey="s1", everything=True)
    assert (books.rows(tables.survey), books.rows(tables.reply)) == ([], [])
    assert [row["state"] for row in books.rows(tables.delivery)] == ["sent"]
    assert survey


def test_a_survey_that_is_being_sent_this_moment_is_not_deleted(books: Books) -> None:
    schedule(books, "sending")
    with pytest.raises(KpiError, match="being sent this very moment"):
        books.delete("accounts", account="acme", everything=True)


def test_a_trace_tells_the_row_but_neither_who_the_client_is_nor_what_they_said(books: Books) -> None:
    books.answer("r1", "acme", 5, "2026-03-02T10:00:00Z", comment="My phone is 030 1234")
    carla = books.row(tables.contact, key="carla")["contact_id"]
    books.delete("replies", reply="r1")
    books.delete("contacts", contact="carla")
    told = {row["subject"]: row["before"] for row in books.rows(tables.audit) if row["action"] == "row.delete"}
    assert (told["replies:r1"]["score"], told["replies:r1"]["comment"]) == (5, "…")
    assert told[f"contact:{carla}"] == {"contact": "carla", "account": "acme", "name": "…", "email": "…"}


def test_a_dry_run_deletes_nothing(books: Books) -> None:
    done = books.fix.delete(Row("accounts", {"account": "acme"}), By("a test", dry_run=True), everything=True)
    assert done.counts == {"accounts": 1, "contacts": 2}
    assert len(books.rows(tables.contact)) == 2

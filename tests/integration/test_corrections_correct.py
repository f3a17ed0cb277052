"""Wrong values are corrected, by the same rules as values that come in."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from kpi.errors import KpiError, UnknownWord
from kpi.services.corrections import InUse
from kpi.store import tables
from kpi.store.store import Store
from tests.books import Books
from tests.builders import at


@pytest.fixture
def books(tenant: Store) -> Iterator[Books]:
    books = Books(tenant)
    books.put("owners", {"owner": "anna", "name": "Anna"}, {"owner": "ben", "name": "Ben"})
    books.accounts("acme", "globex", owner="anna")
    books.put("contacts", {"contact": "carla", "account": "acme"})
    books.term("acme", "2024-03-01", "2026-03-01", reason="budget", recorded_at="2024-02-01T00:00:00Z")
    books.meet("m1", "acme", "2026-03-01T22:30:00Z", contact="carla", note="first")
    books.put("surveys", {"survey": "s1", "account": "acme", "contact": "carla", "interaction": "m1", "owner": "ben",
                          "instrument": "csat", "posted_at": "2026-03-02T12:00:00Z", "state": "answered"})  # fmt: skip
    books.answer("r1", "acme", 2, "2026-03-02T13:00:00Z", survey="s1", contact="carla", comment="Slow")
    books.answer("r2", "acme", 4, "2026-03-03T13:00:00Z", survey="s1", contact="carla")
    yield books
    assert books.counted() == books.recounted()


TERM = {"account": "acme", "starts_on": "2024-03-01"}


def test_a_value_is_corrected_and_all_others_stay(books: Books) -> None:
    done = books.correct("terms", TERM, ends_on="2026-06-01")
    (term,) = books.rows(tables.account_term)
    assert (term["ends_on"], term["reason"], term["recorded_at"]) == (date(2026, 6, 1), "budget", at("2024-02-01", 0))
    assert done.sentence == "Corrected in terms: account=acme starts_on=2024-03-01; ends_on."


def test_an_empty_value_empties_it(books: Books) -> None:
    books.correct("terms", TERM, ends_on="", reason=None)
    (term,) = books.rows(tables.account_term)
    assert (term["ends_on"], term["reason"]) == (None, None)


def test_what_it_says_already_is_no_change_and_leaves_no_trace(books: Books) -> None:
    assert books.correct("terms", TERM, ends_on="2026-03-01").sentence == "It says so already; nothing was changed."
    assert not [row for row in books.rows(tables.audit) if row["action"] == "row.correct"]


def test_a_date_that_is_part_of_the_key_is_corrected_too(books: Books) -> None:
    books.correct("terms", TERM, starts_on="2024-02-01", ends_on="2024-02-15")
    (term,) = books.rows(tables.account_term)
    assert (term["starts_on"], term["ends_on"]) == (date(2024, 2, 1), date(2024, 2, 15))
    assert (term["reason"], term["recorded_at"]) == ("budget", at("2024-02-01", 0))


def test_a_row_is_not_corrected_into_the_place_of_another(books: Books) -> None:
    books.term("acme", "2026-06-01")
    with pytest.raises(InUse, match="There is a row of terms with account=acme starts_on=2026-06-01 already"):
        books.correct("terms", TERM, starts_on="2026-06-01", ends_on="")
    assert len(books.rows(tables.account_term)) == 2


@pytest.mark.parametrize(
    ("entity", "key", "values", "said"),
    [
        ("terms", TERM, {"ends_on": "2024-01-01"}, "ends_on: the first day without service must come after starts_on"),
        (
            "terms",
            TERM,
            {"notice_on": "2026-05-01"},
            "notice_on: the end cannot come before the notice|ends_on: the end",
        ),
        ("terms", TERM, {"ends_on": "31/12/2026"}, "ends_on: “31/12/2026” cannot be taken; expected a day"),
        ("terms", TERM, {"end": "2026-12-31"}, "terms have no column “end”; there are account, starts_on"),
        ("terms", TERM, {}, "Nothing is to change"),
        ("accounts", {"account": "acme"}, {"owner": "nobody"}, "owner: there is no owner “nobody”"),
        ("accounts", {"account": "acme"}, {"name": " "}, "name must be filled in"),
        ("interactions", {"interaction": "m1"}, {"contact": "nobody"}, "contact: there is no contact “nobody”"),
        ("replies", {"reply": "r1"}, {"score": "6"}, "score: outside the scale"),
        ("replies", {"reply": "r1"}, {"instrument": "nps"}, "instrument: the survey “s1” asked another question"),
        ("owners", {"owner": "anna"}, {"manager": "anna"}, "manager: nobody reports to themselves"),
    ],
)
def test_what_no_row_may_say_is_refused_and_changes_nothing(
    books: Books, entity: str, key: dict[str, str], values: dict[str, Any], said: str
) -> None:
    before = [books.rows(table) for table in (tables.account_term, tables.account, tables.reply, tables.interaction)]
    with pytest.raises(KpiError, match=said):
        books.correct(entity, key, **values)
    after = [books.rows(table) for table in (tables.account_term, tables.account, tables.reply, tables.interaction)]
    assert after == before


def test_an_interaction_moved_to_another_day_and_kind_is_counted_there(books: Books) -> None:
    books.correct("interactions", {"interaction": "m1"}, occurred_at="2026-03-05T10:00:00+01:00", kind="call")
    counted = {day.day: counts for (_, day), counts in books.counted().items()}
    assert counted == {5: (1, 0, 0), 2: (0, 0, 1)}
    assert books.row(tables.interaction)["note"] == "first"


def test_a_corrected_score_is_what_the_answer_says_then(books: Books) -> None:
    books.correct("replies", {"reply": "r2"}, score=5)
    reply = books.row(tables.reply)
    assert (reply["score"], reply["comment"], reply["answered_at"]) == (5, "Slow", at("2026-03-02", 13))
    books.correct("replies", {"reply": "r1"}, score=1, answered_at="2026-03-04T13:00:00Z")
    reply = books.row(tables.reply)
    assert (reply["score"], reply["answered_at"], reply["edited_at"]) == (1, at("2026-03-03", 13), at("2026-03-04", 13))


@pytest.mark.parametrize(
    ("entity", "values"),
    [
        ("interactions", {"account": "globex", "contact": ""}),
        ("surveys", {"account": "globex", "contact": "", "interaction": ""}),
        ("surveys", {"instrument": "nps"}),
    ],
)
def test_what_others_repeat_of_a_row_does_not_change_under_them(
    books: Books, entity: str, values: dict[str, str]
) -> None:
    key = {"interactions": {"interaction": "m1"}, "surveys": {"survey": "s1"}}[entity]
    with pytest.raises(InUse, match="cannot change under them"):
        books.correct(entity, key, **values)


def test_an_interaction_logged_with_the_wrong_account_is_corrected_where_nobody_was_asked(books: Books) -> None:
    books.meet("m2", "acme", "2026-03-07T10:00:00Z")
    books.correct("interactions", {"interaction": "m2"}, account="globex")
    globex = books.row(tables.account, key="globex")["account_id"]
    assert books.row(tables.interaction, key="m2")["account_id"] == globex


def test_a_corrected_owner_is_the_owner_it_always_was(books: Books) -> None:
    books.answer("r9", "acme", 5, "2026-03-09T13:00:00Z")
    books.correct("accounts", {"account": "acme"}, owner="ben")
    assert books.row(tables.reply, respondent="row:r9")["owner_id"] is None
    assert books.key_of(tables.owner, books.row(tables.account, key="acme")["owner_id"]) == "ben"


def test_an_account_gets_another_key_and_the_former_goes_on_meaning_it(books: Books) -> None:
    books.correct("accounts", {"account": "acme"}, account="acme-group", name="Acme Group")
    books.meet("m2", "acme", "2026-03-07T10:00:00Z")
    books.meet("m3", "acme-group", "2026-03-08T10:00:00Z")
    acme = books.row(tables.account, key="acme-group")
    assert {row["account_id"] for row in books.rows(tables.interaction)} == {acme["account_id"]}
    books.correct("accounts", {"account": "acme"}, account="acme")
    assert books.row(tables.account, key="acme")["name"] == "Acme Group"
    assert [row["key"] for row in books.rows(tables.account_alias)] == ["acme-group"]


def test_a_former_key_is_not_given_to_another(books: Books) -> None:
    books.accounts("initech")
    books.merge("globex", "acme")
    with pytest.raises(InUse, match="“globex” is the former key of another row of accounts"):
        books.correct("accounts", {"account": "initech"}, account="globex")
    with pytest.raises(InUse, match="There is a row of accounts with account=acme already"):
        books.correct("accounts", {"account": "initech"}, account="acme")


RENAMED = {
    "owners": ("owner", "anna", tables.owner),
    "contacts": ("contact", "carla", tables.contact),
    "interactions": ("interaction", "m1", tables.interaction),
    "surveys": ("survey", "s1", tables.survey),
    "replies": ("reply", "r1", tables.reply_edit),
}


@pytest.mark.parametrize("entity", RENAMED)
def test_a_row_of_any_kind_gets_another_key(books: Books, entity: str) -> None:
    column, key, table = RENAMED[entity]
    before = len(books.rows(table))
    books.correct(entity, {column: key}, **{column: "other"})
    assert "other" in {row["key"] for row in books.rows(table)}
    assert len(books.rows(table)) == before
    assert len(books.rows(tables.reply)) == 1, "its answer is still one"
    with pytest.raises(KpiError, match="must be filled in"):
        books.correct(entity, {column: "other"}, **{column: ""})


def test_an_answer_without_a_survey_keeps_being_one_answer_under_another_key(books: Books) -> None:
    books.answer("r9", "acme", 5, "2026-03-09T13:00:00Z")
    books.correct("replies", {"reply": "r9"}, reply="r10", score=4)
    books.answer("r10", "acme", 4, "2026-03-09T13:00:00Z")
    assert [(row["respondent"], row["score"]) for row in books.rows(tables.reply)][1:] == [("row:r10", 4)]


def test_what_another_program_called_an_interaction_stays_its_key(books: Books) -> None:
    meeting = books.row(tables.interaction)
    values = {name: meeting[name] for name in ("account_id", "kind", "occurred_at", "recorded_at", "logged_by")}
    with books.store.transaction() as tx:
        tx.insert(tables.interaction, {**values, "source": "crm", "external_id": "17", "occurred_at": at("2026-03-01")})
        tx.run(tables.account_day.update().where(tx.mine(tables.account_day), tables.account_day.c.meetings == 1)
               .values(interactions=2, meetings=2))  # fmt: skip
    with pytest.raises(KpiError, match="“crm:17” is what crm calls it"):
        books.correct("interactions", {"interaction": "crm:17"}, interaction="m17")
    books.correct("interactions", {"interaction": "crm:17"}, kind="call", occurred_at="2026-03-01T12:00:00Z")


def test_messages_counted_on_the_wrong_day_move_to_the_right_one(books: Books) -> None:
    books.put("messages", {"account": "acme", "day": "2026-03-02", "from_client": 3, "from_us": 4})
    books.correct("messages", {"account": "acme", "day": "2026-03-02"}, day="2026-03-09")
    told = {row["day"].day: row["from_client"] for row in books.rows(tables.account_day)}
    assert told == {1: None, 2: None, 9: 3}


@pytest.mark.parametrize("change", [{"account": "globex"}, {"starts_on": "2026-02-01"}, {"currency": "USD"},
                                    {"revenue": "extra"}, {"kind": "project", "ends_on": "2026-05-01"}])  # fmt: skip
def test_an_amount_moves_whole_wherever_its_key_says(books: Books, change: dict[str, str]) -> None:
    key = {"account": "acme", "starts_on": "2026-01-01"}
    books.put("revenue", {**key, "ends_on": None, "amount": "12.50", "recorded_at": "2026-01-02T00:00:00Z"})
    books.correct("revenue", key, **change)
    (row,) = books.rows(tables.revenue)
    assert (row["amount_minor"], row["recorded_at"]) == (1250, at("2026-01-02", 0))


def test_a_trace_tells_what_changed_but_not_what_a_client_said(books: Books) -> None:
    books.correct("replies", {"reply": "r1"}, comment="Quick", score=3)
    trace = books.row(tables.audit, action="row.correct")
    assert (trace["subject"], trace["actor"]) == ("replies:r1", "a test")
    assert (trace["before"], trace["after"]) == ({"score": 2, "comment": "…"}, {"score": 3, "comment": "…"})


def test_a_row_that_is_not_there_cannot_be_corrected(books: Books) -> None:
    with pytest.raises(UnknownWord, match="There is no row of terms with account=acme starts_on=2020-01-01"):
        books.correct("terms", {"account": "acme", "starts_on": "2020-01-01"}, ends_on="2021-01-01")

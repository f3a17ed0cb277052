"""What corrections do to KPIs."""

import pytest

from kpi.store import tables
from kpi.store.store import Store
from tests.books import BY, Books
from tests.builders import at


@pytest.fixture
def books(tenant: Store) -> Books:
    books = Books(tenant)
    books.now.at = at("2026-10-05")
    books.put("owners", {"owner": "anna", "name": "Anna"}, {"owner": "ben", "name": "Ben"})
    return books


def test_an_account_that_was_two_is_not_lost_when_it_went_on_under_another_key(books: Books) -> None:
    books.accounts("acme", "acme-old", "globex")
    books.term("globex", "2024-01-01")
    books.term("acme-old", "2024-01-01", "2026-05-01")
    books.term("acme", "2026-05-01")
    before = books.kpi("churn", "2026-Q2")
    assert (before.value, before.denominator, before.details["lost"]) == (50.0, 2, ["Acme-old"])
    books.merge("acme-old", "acme")
    after = books.kpi("churn", "2026-Q2")
    assert (after.value, after.denominator, after.details["lost"]) == (0.0, 2, [])


def test_an_account_that_was_two_is_lost_once(books: Books) -> None:
    books.accounts("acme", "acme-old", "globex", "initech")
    for key, ends_on in (("acme", "2026-05-01"), ("acme-old", "2026-06-02"), ("globex", None), ("initech", None)):
        books.term(key, "2024-01-01", ends_on)
    assert (books.kpi("churn", "2026-Q2").numerator, books.kpi("churn", "2026-Q2").denominator) == (2, 4)
    books.merge("acme-old", "acme")
    after = books.kpi("churn", "2026-Q2")
    assert (after.numerator, after.denominator, after.details["lost"]) == (1, 3, ["Acme"])
    assert books.kpi("churn", "2026-05").numerator == 0, "it went on until the later end"


def test_two_stays_of_one_account_within_a_period_are_one_early_loss(books: Books) -> None:
    books.accounts("acme", "acme-old", "globex")
    books.term("globex", "2024-01-01")
    books.term("acme-old", "2026-04-10", "2026-05-01")
    books.term("acme", "2026-05-10", "2026-06-01")
    assert books.kpi("churn", "2026-Q2").details["early_losses"] == 2
    books.merge("acme-old", "acme")
    assert books.kpi("churn", "2026-Q2").details["early_losses"] == 1


def test_one_that_came_back_under_another_key_is_reactivated_not_new(books: Books) -> None:
    books.accounts("acme", "acme-old", "globex")
    books.term("globex", "2024-01-01")
    books.term("acme-old", "2024-01-01", "2026-01-01")
    books.term("acme", "2026-05-01")
    assert books.kpi("churn", "2026-Q2").details["reactivated"] == 0
    books.merge("acme-old", "acme")
    assert books.kpi("churn", "2026-Q2").details["reactivated"] == 1


def test_what_was_known_before_a_merge_is_seen_as_of_then_under_the_one_account(books: Books) -> None:
    books.accounts("acme", recorded_at="2026-05-01T00:00:00Z")
    books.accounts("acme-old", "globex")
    books.term("globex", "2024-01-01")
    books.term("acme-old", "2024-01-01", "2026-05-01", recorded_at="2024-01-01T00:00:00Z",
               end_recorded_at="2026-04-20T00:00:00Z")  # fmt: skip
    books.term("acme", "2026-05-01", recorded_at="2026-05-01T00:00:00Z")
    books.merge("acme-old", "acme")
    early = books.kpi("churn", "2026-04", as_of=at("2026-04-10"))
    late = books.kpi("churn", "2026-04", as_of=at("2026-04-30"))
    assert (early.denominator, early.numerator) == (2, 0)
    assert late.denominator == 2


def test_corrected_end_dates_move_a_loss_to_its_period(books: Books) -> None:
    books.accounts("acme", "globex")
    books.term("globex", "2024-01-01")
    books.term("acme", "2024-01-01", "2026-06-15")
    assert (books.kpi("churn", "2026-Q2").value, books.kpi("churn", "2026-Q3").value) == (50.0, 0.0)
    books.correct("terms", {"account": "acme", "starts_on": "2024-01-01"}, ends_on="2026-07-15")
    assert (books.kpi("churn", "2026-Q2").value, books.kpi("churn", "2026-Q3").value) == (0.0, 50.0)


def test_a_corrected_start_and_a_deleted_contract_change_who_was_active(books: Books) -> None:
    books.accounts("acme", "globex")
    books.term("globex", "2024-01-01")
    books.term("acme", "2026-04-02", "2026-06-15")
    assert (books.kpi("churn", "2026-Q2").denominator, books.kpi("churn", "2026-Q2").details["early_losses"]) == (1, 1)
    books.correct("terms", {"account": "acme", "starts_on": "2026-04-02"}, starts_on="2026-04-01")
    assert (books.kpi("churn", "2026-Q2").value, books.kpi("churn", "2026-Q2").denominator) == (50.0, 2)
    books.delete("terms", account="acme", starts_on="2026-04-01")
    assert books.kpi("churn", "2026-Q2").denominator == 1


def answers(books: Books, account: str, month: str, *scores: int) -> None:
    for day, score in enumerate(scores, 1):
        books.answer(f"{account}-{month}-{day}", account, score, f"{month}-{day:02}T10:00:00Z")


def test_answers_stay_with_the_owner_of_their_day_when_an_account_moves_on(books: Books) -> None:
    books.accounts("acme", owner="anna")
    answers(books, "acme", "2026-07", 5, 5, 5, 5, 5)
    books.fix.assign("acme", "ben", BY)
    answers(books, "acme", "2026-08", 1, 1, 1, 1, 1)
    anna, ben = (books.kpi("csat", "2026-Q3", "owner", name) for name in ("anna", "ben"))
    assert (anna.value, anna.n, ben.value, ben.n) == (100.0, 5, 0.0, 5)
    assert books.kpi("csat", "2026-Q3").value == 50.0


def test_churn_goes_by_the_present_owner(books: Books) -> None:
    books.accounts("acme", owner="anna")
    books.term("acme", "2024-01-01", "2026-05-01")
    books.fix.handover("anna", "ben", BY)
    assert (books.kpi("churn", "2026-Q2", "owner", "ben").numerator, books.kpi("churn", "2026-Q2", "owner",
            "anna").denominator) == (1, 0)  # fmt: skip


def test_a_merged_accounts_answers_stay_with_their_owner(books: Books) -> None:
    books.accounts("acme", owner="anna")
    books.accounts("acme-old", owner="ben")
    answers(books, "acme-old", "2026-07", 5, 5, 5, 5, 5)
    books.merge("acme-old", "acme")
    assert books.kpi("csat", "2026-Q3", "owner", "ben").n == 5
    assert books.kpi("csat", "2026-Q3", "account", "acme").n == 5


def test_a_deleted_answer_counts_no_more_and_a_deleted_version_counts_as_the_one_before(books: Books) -> None:
    books.accounts("acme")
    answers(books, "acme", "2026-07", 5, 5, 5, 5, 1, 1)
    assert books.kpi("csat", "2026-Q3").value == pytest.approx(66.67, abs=0.01)
    books.delete("replies", reply="acme-2026-07-6")
    assert books.kpi("csat", "2026-Q3").value == 80.0
    books.correct("replies", {"reply": "acme-2026-07-5"}, score=4)
    assert books.kpi("csat", "2026-Q3").value == 100.0


def test_one_persons_two_answers_to_one_survey_count_once_when_they_are_one_person(books: Books) -> None:
    books.accounts("acme", "acme-old")
    person = {"slack_user_id": "U0CARLA"}
    books.put("contacts", {"contact": "carla", "account": "acme", **person})
    answers(books, "acme", "2026-07", 5, 5, 5, 5)
    books.put("surveys", {"survey": "s1", "account": "acme", "instrument": "csat", "state": "answered",
                          "posted_at": "2026-07-20T12:00:00Z"})  # fmt: skip
    books.answer("r1", "acme", 1, "2026-07-21T10:00:00Z", survey="s1", contact="carla")
    books.fix.move("carla", "acme-old", BY)
    books.put("contacts", {"contact": "carla-2", "account": "acme", **person})
    books.answer("r2", "acme", 5, "2026-07-22T10:00:00Z", survey="s1", contact="carla-2")
    assert books.kpi("csat", "2026-Q3").n == 6
    books.merge("acme-old", "acme")
    value = books.kpi("csat", "2026-Q3")
    assert (value.n, value.value) == (5, 100.0)
    then = books.kpi("csat", "2026-Q3", as_of=at("2026-07-21", 12))
    assert (then.n, then.numerator) == (5, 4), "as of then she had said 1"


def test_a_moved_contacts_answers_stay_with_the_account_they_were_given_for(books: Books) -> None:
    books.accounts("acme", "globex")
    books.put("contacts", {"contact": "carla", "account": "acme"})
    for day in range(1, 6):
        books.answer(f"r{day}", "acme", 5, f"2026-07-{day:02}T10:00:00Z", contact="carla")
    books.fix.move("carla", "globex", BY)
    assert books.kpi("csat", "2026-Q3", "account", "acme").n == 5
    assert books.kpi("csat", "2026-Q3", "account", "globex").n == 0
    assert books.rows(tables.reply)[0]["contact_id"] is not None

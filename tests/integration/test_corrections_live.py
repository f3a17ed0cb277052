"""Corrections beside people who log, answer and are asked meanwhile."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from kpi.errors import KpiError
from kpi.services.surveys.words import Click
from kpi.store import tables
from kpi.store.store import Record, Store
from tests.agency import CARLA, Agency
from tests.books import BY, Books


@pytest.fixture
def agency(store: Store) -> Agency:
    return Agency(store)


@pytest.fixture
def books(agency: Agency) -> Iterator[Books]:
    books = Books(agency.store, agency.now)
    yield books
    assert books.counted() == books.recounted()


def click(agency: Agency, survey: Record, score: int) -> None:
    agency.surveys.reply(Click(CARLA, survey["token"], score, survey["channel_id"], survey["message_ts"]))


def test_a_program_that_logs_under_a_merged_accounts_key_means_the_other(agency: Agency, books: Books) -> None:
    books.merge("quiet", "globex")
    origin = {"source": "crm", "external_id": "1", "logged_by": "api:crm", "by": None}
    assert agency.log(account="quiet", contact=None, **origin).account.key == "globex"


def test_whoever_answered_changes_the_same_answer_after_they_moved(agency: Agency, books: Books) -> None:
    survey = agency.asked()
    click(agency, survey, 2)
    books.fix.move("carla", "globex", BY)
    agency.now.move(minutes=5)
    click(agency, survey, 5)
    agency.surveys.comment(survey["token"], CARLA, "Better now")
    reply = agency.only(tables.reply)
    assert (reply["score"], reply["comment"], agency.count(tables.contact)) == (5, "Better now", 1)


def test_whoever_moved_and_speaks_up_at_the_former_account_is_somebody_there_too(agency: Agency, books: Books) -> None:
    survey = agency.asked(contact=None)
    agency.set(tables.contact, slack_user_id=None)
    click(agency, survey, 2)
    (met,) = [row["key"] for row in agency.rows(tables.contact) if row["key"] != "carla"]
    for account in ("globex", "acme", "globex"):
        books.fix.move(met, account, BY)
    agency.now.move(days=2)
    click(agency, agency.asked(contact=None), 4)
    assert sorted(row["score"] for row in agency.rows(tables.reply)) == [2, 4]


def test_a_question_waiting_at_a_merged_account_is_asked_in_the_others_channel(agency: Agency, books: Books) -> None:
    logged = agency.log()
    books.merge("acme", "globex")
    agency.now.at = logged.due_at or agency.now()
    agency.post()
    assert agency.only(tables.survey)["state"] == "posted"
    assert agency.only(tables.survey)["channel_id"] == "C0GLOBEX"


def test_a_cancelled_question_is_not_asked(agency: Agency, books: Books) -> None:
    logged = agency.log()
    books.delete("interactions", interaction=agency.only(tables.interaction)["key"])
    agency.now.at = logged.due_at or agency.now()
    agency.post()
    assert agency.only(tables.survey)["state"] == "cancelled"
    assert [row["state"] for row in agency.rows(tables.delivery) if row["kind"] == "survey"] == []


def together(*acts: Callable[[], object]) -> list[BaseException | None]:
    """All at the same moment, each in a thread of its own; how each ended."""
    start = Barrier(len(acts))

    def act(what: Callable[[], object]) -> None:
        start.wait(30)
        what()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [done.exception() for done in [pool.submit(act, what) for what in acts]]


@pytest.mark.parametrize("round_", range(4))
def test_merging_beside_people_at_work_loses_nothing_and_locks_nobody_out(
    agency: Agency, books: Books, round_: int
) -> None:
    survey = agency.asked()
    agency.now.move(days=2)
    agency.log()
    agency.now.move(hours=4)
    crm = {"source": "crm", "logged_by": "api:crm", "by": None, "contact": None}
    ended = together(
        lambda: books.merge("acme", "globex"),
        lambda: click(agency, survey, 5),
        agency.post,
        lambda: agency.log(account="acme", external_id=f"{round_}", **crm),
        lambda: books.meet("m1", "acme", "2026-09-10T10:00:00Z"),
        lambda: books.fix.assign("quiet", "anna", BY),
    )
    assert [fault for fault in ended if fault] == []
    accounts = {row["key"]: row["account_id"] for row in agency.rows(tables.account)}
    assert set(accounts) == {"globex", "quiet"}
    for table, count in ((tables.interaction, 4), (tables.reply, 1), (tables.survey, 3)):
        assert [row["account_id"] for row in agency.rows(table)] == [accounts["globex"]] * count, table.name


def test_two_who_delete_the_same_row_delete_it_once(agency: Agency, books: Books) -> None:
    agency.log()
    key = agency.only(tables.interaction)["key"]
    ended = together(*[lambda: books.delete("interactions", interaction=key)] * 3)
    assert [isinstance(fault, KpiError) for fault in ended if fault] == [True, True]

"""Rows come in while clients answer: nobody waits for the other for ever, and nothing that was said is lost."""

from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from sqlalchemy import text

from kpi.records.catalog import BY_NAME
from kpi.services.intake import Taken
from kpi.store import accounts, replies, surveys, tables
from kpi.store.store import Store
from tests.agency import CARLA, Agency, click

_WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


@pytest.fixture
def agency(store: Store) -> Agency:
    return Agency(store)


def until_waiting(store: Store, running: Future[Taken]) -> None:
    """Returns once somebody waits for a lock."""
    while not running.done():
        with store.transaction() as tx:
            if tx.value(text(_WAITING)):
                return
    pytest.fail(f"nobody waited: {running.result()}")


@pytest.mark.parametrize("held", ["account", "survey"])
def test_a_client_who_is_answering_goes_first_and_the_file_after_them(agency: Agency, held: str) -> None:
    survey = agency.asked()
    agency.surveys.reply(click(survey, 4))
    key = agency.only(tables.reply_edit)["key"]
    agency.now.move(minutes=5)
    row = {"reply": key, "survey": survey["key"], "account": "acme", "contact": "carla", "instrument": "csat",
           "interaction": "", "owner": "", "score": 3, "answered_at": survey["posted_at"].isoformat()}  # fmt: skip
    with ThreadPoolExecutor(1) as pool:
        with agency.store.transaction() as client:
            if held == "account":
                accounts.lock(client, survey["account_id"])
            surveys.get(client, survey["survey_id"], lock=True)
            running = pool.submit(agency.intake.put, BY_NAME["replies"], [row], "a test")
            until_waiting(agency.store, running)
            (reply,) = client.rows(tables.reply.select().where(client.mine(tables.reply)))
            replies.edit(client, reply, {"comment": "On my way"}, agency.now())
        assert (running.result(30).changed, running.result().flaws) == (1, ())
    reply = agency.only(tables.reply)
    assert (reply["comment"], agency.count(tables.reply_edit)) == ("On my way", 2)
    agency.surveys.comment(survey["token"], CARLA, "Thank you")
    assert agency.only(tables.reply)["comment"] == "Thank you"

"""An anonymous answer leaves nothing behind that says whose it was."""

from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from kpi.store import tables
from kpi.store.store import Record, Store
from tests.agency import CARLA, CHRIS, Agency, click, policy


@pytest.fixture
def agency(tenant: Store) -> Agency:
    found = Agency(tenant, policy=policy(is_anonymous=True, places=("thread",)))
    found.directory.people["U0CHRIS"] = found.directory.people["U0CARLA"]
    for actor in (CARLA, CHRIS):
        found.people.role(actor.user_id, actor.team_id)
    found.now.move(hours=1)
    return found


def named(agency: Agency, word: str) -> dict[str, int]:
    """How many rows of each table hold a word."""
    every = {name: agency.rows(getattr(tables, name)) for name in tables.__all__ if name != "metadata"}
    counts = {name: sum(word in str(tuple(row.values())) for row in rows) for name, rows in every.items()}
    return {name: count for name, count in counts.items() if count}


def thank(agency: Agency) -> None:
    for row in agency.messages("thanks"):
        if row["state"] == "queued":
            agency.deliveries.sent(agency.claim(row["delivery_id"]), None)


def answered(agency: Agency) -> Record:
    survey = agency.asked()
    with capture_logs() as logged:
        agency.surveys.reply(click(survey, 2))
        agency.surveys.comment(survey["token"], CARLA, "the deploys wake us up")
        agency.surveys.reply(click(survey, 4, CHRIS))
        thank(agency)
    assert not any(word in str(logged) for word in ("U0CARLA", "deploys"))
    return survey


def test_no_table_leads_from_an_anonymous_answer_to_who_gave_it(agency: Agency) -> None:
    before = named(agency, "U0CARLA"), named(agency, "U0CHRIS")
    answered(agency)
    assert (named(agency, "U0CARLA"), named(agency, "U0CHRIS")) == before
    replies = agency.rows(tables.reply)
    assert [(row["contact_id"], row["score"]) for row in replies] == [(None, 2), (None, 4)]
    assert {row["respondent"].split(":")[0] for row in replies} == {"anonymous"}


def test_who_was_thanked_for_a_named_answer_is_kept_as_before(tenant: Store) -> None:
    agency = Agency(tenant)
    agency.surveys.reply(click(agency.asked(), 4))
    thank(agency)
    (thanks,) = agency.messages("thanks")
    assert (thanks["state"], thanks["user_id"]) == ("sent", "U0CARLA")


def test_thanks_that_never_arrived_are_forgotten_too(agency: Agency) -> None:
    survey = agency.asked()
    agency.surveys.reply(click(survey, 2))
    (thanks,) = agency.messages("thanks")
    agency.deliveries.refused(agency.claim(thanks["delivery_id"]), "user_not_in_channel")
    assert agency.messages("thanks") == []


def test_the_salt_is_erased_once_nobody_may_change_an_answer(agency: Agency) -> None:
    survey = answered(agency)
    agency.now.move(days=7)
    agency.surveys.expire(agency.now())
    assert agency.survey(survey["survey_id"])["salt"]
    agency.now.at += agency.policy.surveys.edit + timedelta(hours=1)
    agency.surveys.expire(agency.now())
    assert agency.survey(survey["survey_id"])["salt"] is None

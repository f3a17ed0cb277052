"""A question and its answer belong to whoever looked after the account when it was sent, whatever comes later."""

from dataclasses import replace
from datetime import timedelta

import pytest

from kpi.model import Actor, Instrument, Scope
from kpi.services.questions import Question
from kpi.services.reports import Reports
from kpi.services.surveys.coverage import coverage
from kpi.store import tables
from kpi.store.store import Record, Store
from tests.agency import ANNA, GLOBEX, PLAIN, Agency, click, policy, programme
from tests.builders import DEFINITIONS
from tests.press import shipped

CALENDAR = programme(key="relational", instrument=Instrument.NPS, kinds=(), every=timedelta(days=90))
STRANGER = Actor("U0OTTO", GLOBEX, "otto")


@pytest.fixture
def agency(tenant: Store) -> Agency:
    tenant.count_by("Europe/Berlin", "EUR")
    asking = replace(PLAIN, stranger=lambda someone: {"text": f"Who is {someone.name}?"})
    return Agency(tenant, policy=policy(programme(), CALENDAR), phrasing=asking)


def reassign(agency: Agency) -> int:
    """Ben looks after every account from now on; his id."""
    ben = int(agency.row(tables.owner, key="ben", name="Ben Berg", slack_user_id="U0BEN")["owner_id"])
    agency.set(tables.account, owner_id=ben)
    return ben


def by_owner(agency: Agency) -> dict[str | None, tuple[int, int]]:
    """Questions delivered and answered, by owner."""
    kpis = {**DEFINITIONS, "survey_response_rate": shipped().kpis["survey_response_rate"]}
    asked = Reports(agency.store, replace(agency.policy, kpis=kpis), agency.now)
    found = coverage(asked, Question(""), "owner").lines
    for line in found:
        rate = asked.answer(Question("survey_response_rate", "last 90 days", Scope("owner", line.name)))
        assert rate.n == line.rate.n
    return {line.name: (line.tally.delivered, line.tally.answered) for line in found}


def calendars(agency: Agency) -> Record:
    (found,) = [row for row in agency.rows(tables.survey) if row["programme"] == "relational"]
    return found


def post_calendars(agency: Agency) -> Record:
    agency.now.at = max(calendars(agency)["due_at"], agency.now())
    agency.post()
    assert calendars(agency)["state"] == "posted"
    return calendars(agency)


def test_an_answer_after_a_meeting_stays_with_who_asked(agency: Agency) -> None:
    agency.surveys.reply(click(agency.asked(), 4))
    reassign(agency)
    assert agency.only(tables.reply)["owner_id"] == agency.anna
    assert by_owner(agency) == {"Anna Arendt": (1, 1)}


def test_a_question_answered_after_the_account_changed_hands_stays_with_who_asked(agency: Agency) -> None:
    survey = agency.asked()
    reassign(agency)
    agency.surveys.reply(click(survey, 4))
    assert agency.only(tables.reply)["owner_id"] == agency.anna
    assert by_owner(agency) == {"Anna Arendt": (1, 1)}


def test_a_question_by_the_calendar_is_whose_the_account_was_when_it_was_sent_not_when_it_was_planned(
    agency: Agency,
) -> None:
    agency.surveys.plan(agency.now())
    assert calendars(agency)["owner_at_send"] == agency.anna
    ben = reassign(agency)
    survey = post_calendars(agency)
    assert survey["owner_at_send"] == ben
    agency.set(tables.account, owner_id=agency.anna)
    agency.surveys.reply(click(survey, 9))
    assert agency.only(tables.reply)["owner_id"] == ben
    assert by_owner(agency) == {"Ben Berg": (1, 1)}


def test_an_answer_that_waited_to_be_mapped_counts_for_who_asked(agency: Agency) -> None:
    agency.surveys.plan(agency.now())
    survey = post_calendars(agency)
    agency.surveys.reply(click(survey, 9, STRANGER))
    assert agency.count(tables.reply) == 0
    reassign(agency)
    unknown = agency.contact("otto", agency.acme, "Otto")
    assert agency.surveys.strangers.map((agency.acme, STRANGER.user_id, GLOBEX), unknown, ANNA) == 1
    assert agency.only(tables.reply)["owner_id"] == agency.anna
    assert by_owner(agency) == {"Anna Arendt": (1, 1)}


def test_what_was_held_back_is_counted_for_who_looked_after_the_account_then(agency: Agency) -> None:
    agency.asked()
    agency.now.move(hours=1)
    assert agency.log().reason
    ben = reassign(agency)
    suppressed = [row for row in agency.rows(tables.survey) if row["state"] == "suppressed"]
    assert [row["owner_at_send"] for row in suppressed] == [agency.anna]
    assert ben != agency.anna
    assert by_owner(agency) == {"Anna Arendt": (1, 0)}

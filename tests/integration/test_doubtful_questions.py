"""A question of which nobody can say whether it arrived: it may be answered, and it silences nobody for long."""

import pytest

from kpi.store import tables
from kpi.store.store import Store
from tests.agency import Agency, click


@pytest.fixture
def agency(tenant: Store) -> Agency:
    return Agency(tenant)


def test_an_answer_counts_though_sending_the_question_again_was_refused(agency: Agency) -> None:
    survey = agency.unanswered()
    (message,) = agency.messages("survey")
    agency.deliveries.resend(message["delivery_id"], "U0ANNA")
    again = agency.messages("survey")[-1]
    agency.deliveries.refused(agency.claim(again["delivery_id"]), "not_in_channel")
    assert agency.survey(survey["survey_id"])["state"] == "scheduled"
    agency.surveys.reply(click(survey, 5))
    assert agency.only(tables.reply)["score"] == 5
    assert agency.survey(survey["survey_id"])["state"] == "answered"


def test_a_question_in_doubt_whose_resend_was_refused_is_closed_in_the_end(agency: Agency) -> None:
    survey = agency.unanswered()
    (message,) = agency.messages("survey")
    agency.deliveries.resend(message["delivery_id"], "U0ANNA")
    again = agency.messages("survey")[-1]
    agency.deliveries.refused(agency.claim(again["delivery_id"]), "not_in_channel")
    agency.now.move(days=7, hours=1)
    agency.surveys.expire(agency.now())
    assert agency.survey(survey["survey_id"])["state"] == "failed"


@pytest.mark.parametrize(("hours_in_the_queue", "state"), [(0, "posted"), (7, "suppressed")])
def test_the_next_question_keeps_the_quiet_time_and_waits_no_longer(
    agency: Agency, hours_in_the_queue: int, state: str
) -> None:
    agency.log()
    agency.now.move(hours=3)
    agency.surveys.post_due(agency.now())
    agency.now.move(hours=hours_in_the_queue)
    (message,) = agency.messages("survey")
    agency.deliveries.uncertain(agency.claim(message["delivery_id"]), "the connection broke")
    agency.now.move(hours=22 - hours_in_the_queue)
    later = agency.log(kind="call")
    agency.now.move(hours=3)
    agency.post()
    assert agency.survey(later.survey_id)["state"] == state

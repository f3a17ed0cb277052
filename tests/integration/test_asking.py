"""A due survey is posted once, whatever happens on the way, and its message's fate becomes the survey's."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.jobs import post_surveys
from kpi.errors import KpiError, Misfilled, Refused
from kpi.services import digest_content
from kpi.services.surveys.words import Question
from kpi.store import audit, tables
from kpi.store.store import Store
from tests.agency import ANNA, CARLA, Agency, click


@pytest.fixture
def agency(tenant: Store) -> Agency:
    return Agency(tenant)


def test_nothing_is_posted_before_its_time(agency: Agency) -> None:
    agency.log()
    assert agency.surveys.post_due(agency.now() + timedelta(hours=2, minutes=59)) == 0


def test_a_due_question_goes_to_the_channel_as_a_message_for_the_client(agency: Agency) -> None:
    survey = agency.survey(agency.log().survey_id)
    agency.now.move(hours=3)
    assert agency.surveys.post_due(agency.now()) == 1
    (message,) = agency.messages("survey")
    assert (message["audience"], message["channel_id"], message["responsible"]) == ("client", "C0ACME", "U0ANNA")
    assert message["payload"] == {"text": "How satisfied were you?", "token": survey["token"]}
    assert message["thread_ts"] is None


def test_an_interaction_in_a_thread_of_that_channel_is_asked_about_there(agency: Agency) -> None:
    agency.asked(channel_id="C0ACME", thread_ts="1790000000.000500")
    assert agency.messages("survey")[0]["thread_ts"] == "1790000000.000500"


def test_a_thread_elsewhere_is_not_the_clients_business(agency: Agency) -> None:
    agency.asked(channel_id="C0TEAM", thread_ts="1790000000.000500")
    assert agency.messages("survey")[0]["thread_ts"] is None


def test_asking_twice_or_late_or_at_once_posts_one_message(agency: Agency) -> None:
    agency.log()
    agency.now.move(days=1)
    with ThreadPoolExecutor(4) as pool:
        posted = list(pool.map(agency.surveys.post_due, [agency.now()] * 4))
    assert sum(posted) == 1
    assert agency.surveys.post_due(agency.now()) == 0
    assert len(agency.messages("survey")) == 1


def test_a_question_that_cannot_be_put_into_words_holds_up_no_other(agency: Agency) -> None:
    def stumble(asked: Question) -> dict[str, str]:
        if asked.contact is not None:
            raise ValueError("no words")
        return {"text": "How was it?"}

    first, second = agency.log(), agency.log(account="globex", contact=None)
    agency.phrasing = replace(agency.phrasing, question=stumble)
    agency.now.move(hours=3)
    with pytest.raises(ValueError, match="no words"):
        post_surveys.run(agency.surveys, agency.now)
    assert [message["survey_id"] for message in agency.messages("survey")] == [second.survey_id]
    assert agency.survey(first.survey_id)["state"] == "scheduled"


def test_an_arrived_message_opens_the_survey_for_a_week(agency: Agency) -> None:
    survey = agency.asked()
    assert (survey["state"], survey["place"]) == ("posted", "thread")
    assert survey["posted_at"] == agency.now()
    assert survey["expires_at"] == agency.now() + timedelta(days=7)
    assert survey["message_ts"] is not None


def test_a_survey_more_than_a_week_late_is_not_asked_any_more(agency: Agency) -> None:
    survey_id = agency.log().survey_id
    agency.now.move(days=8)
    assert agency.surveys.post_due(agency.now()) == 0
    assert (agency.survey(survey_id)["state"], agency.survey(survey_id)["reason"]) == ("suppressed", "too_long_ago")


def test_questions_that_piled_up_while_nothing_ran_are_not_asked_together(agency: Agency) -> None:
    agency.log()
    agency.now.move(days=1)
    second = agency.log().survey_id
    agency.now.move(hours=3)
    assert agency.surveys.post_due(agency.now()) == 1
    assert (agency.survey(second)["state"], agency.survey(second)["reason"]) == ("suppressed", "asked_recently")


def test_a_question_a_day_is_asked_every_day_although_clocks_tick_unevenly(agency: Agency) -> None:
    for late_seconds in (30, 1, 9):
        due_at = agency.log().due_at
        assert due_at is not None
        agency.now.at = due_at + timedelta(seconds=late_seconds)
        agency.post()
        agency.now.at = due_at + timedelta(hours=21)
    assert [row["state"] for row in agency.rows(tables.survey)] == ["posted"] * 3


def test_a_message_that_waited_in_the_queue_for_a_week_is_not_sent_any_more(agency: Agency) -> None:
    survey_id = agency.log().survey_id
    agency.now.move(hours=3)
    agency.surveys.post_due(agency.now())
    agency.now.move(days=8)
    (message,) = agency.messages("survey")
    assert agency.deliveries.claim(message["delivery_id"]) is None
    assert agency.survey(survey_id)["reason"] == "too_long_ago"


def test_a_contact_who_opts_out_meanwhile_is_not_asked(agency: Agency) -> None:
    survey_id = agency.log().survey_id
    agency.set(tables.contact, opted_out_at=agency.now())
    agency.now.move(hours=3)
    assert agency.surveys.post_due(agency.now()) == 0
    assert agency.survey(survey_id)["reason"] == "opted_out"


def test_a_message_that_will_never_go_fails_the_survey_and_a_resend_revives_it(agency: Agency) -> None:
    survey_id = agency.log().survey_id
    agency.now.move(hours=3)
    agency.surveys.post_due(agency.now())
    (message,) = agency.messages("survey")
    agency.deliveries.refused(agency.claim(message["delivery_id"]), "invalid_blocks")
    assert (agency.survey(survey_id)["state"], agency.survey(survey_id)["reason"]) == ("failed", "invalid_blocks")
    agency.deliveries.resend(message["delivery_id"], "U0ANNA")
    agency.post()
    assert (agency.survey(survey_id)["state"], agency.survey(survey_id)["reason"]) == ("posted", None)


def test_a_message_nobody_can_confirm_is_not_posted_again_by_itself(agency: Agency) -> None:
    survey = agency.unanswered()
    agency.now.move(hours=1)
    assert agency.surveys.post_due(agency.now()) == 0
    assert agency.survey(survey["survey_id"])["state"] == "scheduled"
    assert len(agency.messages("survey")) == 1


def test_a_message_nobody_can_confirm_can_be_sent_again_on_a_humans_word(agency: Agency) -> None:
    survey = agency.unanswered()
    (message,) = agency.messages("survey")
    agency.deliveries.resend(message["delivery_id"], "U0ANNA")
    agency.post()
    assert agency.survey(survey["survey_id"])["state"] == "posted"


def test_in_doubt_for_a_whole_week_a_survey_is_given_up(agency: Agency) -> None:
    survey = agency.unanswered()
    agency.now.move(days=6)
    assert agency.surveys.expire(agency.now()) == 0
    agency.now.move(days=1)
    assert agency.surveys.expire(agency.now()) == 1
    assert agency.survey(survey["survey_id"])["state"] == "failed"


def test_a_late_success_after_the_click_changes_nothing(agency: Agency) -> None:
    agency.log()
    agency.now.move(hours=3)
    agency.surveys.post_due(agency.now())
    (message,) = agency.messages("survey")
    claim = agency.claim(message["delivery_id"])
    survey = agency.only(tables.survey)
    agency.surveys.reply(click(survey, 5))
    agency.now.move(minutes=1)
    agency.deliveries.sent(claim, "1790000000.000999")
    after = agency.only(tables.survey)
    assert (after["state"], after["message_ts"]) == ("answered", "1790000000.000900")


def test_surveys_end_after_a_week_and_expire_only_unanswered(agency: Agency) -> None:
    answered, chris = agency.asked(), agency.contact("chris", agency.acme, "Chris")
    ignored = agency.asked(contact=chris)
    agency.surveys.reply(click(answered, 4))
    agency.now.move(days=7)
    assert agency.surveys.expire(agency.now()) == 1
    assert agency.survey(ignored["survey_id"])["state"] == "expired"
    assert agency.survey(answered["survey_id"])["state"] == "answered"


def test_cancelling_needs_a_reason_and_is_kept(agency: Agency) -> None:
    survey_id = agency.log().survey_id or 0
    with pytest.raises(Misfilled, match="say why"):
        agency.surveys.cancel(survey_id, ANNA, "  ")
    agency.surveys.cancel(survey_id, ANNA, "they are on holiday")
    survey = agency.survey(survey_id)
    assert (survey["state"], survey["reason"], survey["decided_by"]) == ("cancelled", "they are on holiday", "U0ANNA")
    with agency.store.transaction() as tx:
        (act,) = audit.of(tx, f"survey:{survey_id}")
    assert (act["actor"], act["after"]["reason"]) == ("U0ANNA", "they are on holiday")


def test_clients_do_not_cancel(agency: Agency) -> None:
    survey_id = agency.log().survey_id or 0
    with pytest.raises(Refused):
        agency.surveys.cancel(survey_id, CARLA, "no")


def test_a_question_already_asked_cannot_be_cancelled(agency: Agency) -> None:
    survey = agency.asked()
    with pytest.raises(KpiError, match="already posted"):
        agency.surveys.cancel(survey["survey_id"], ANNA, "too late")


def test_a_question_on_its_way_cannot_be_cancelled(agency: Agency) -> None:
    survey = agency.unanswered()
    with pytest.raises(KpiError, match="may have reached the client"):
        agency.surveys.cancel(survey["survey_id"], ANNA, "too late")


def test_a_question_cancelled_after_it_was_queued_is_not_sent(agency: Agency) -> None:
    survey_id = agency.log().survey_id or 0
    agency.now.move(hours=3)
    agency.surveys.post_due(agency.now())
    agency.surveys.cancel(survey_id, ANNA, "changed my mind")
    (message,) = agency.messages("survey")
    assert agency.deliveries.claim(message["delivery_id"]) is None
    assert agency.messages("survey")[0]["state"] == "cancelled"


def test_the_digest_learns_how_the_programme_went(agency: Agency) -> None:
    start = agency.now()
    survey = agency.asked()
    agency.log(kind="email")
    agency.log(account="quiet", contact=None)
    agency.log()
    agency.surveys.reply(click(survey, 2))
    agency.surveys.comment(survey["token"], CARLA, "<!channel> too slow")
    agency.surveys.cancel(agency.log(account=agency.globex, contact=None).survey_id or 0, ANNA, "no")
    end = agency.now() + timedelta(seconds=1)
    with agency.store.transaction() as tx:
        counts = digest_content.counts(tx, start, end)
        (comment,) = digest_content.comments(tx, start, end, 3)
        later = digest_content.counts(tx, end, end + timedelta(days=1))
    assert (counts.asked, counts.answered, counts.cancelled, counts.expired, counts.failed) == (1, 1, 1, 0, 0)
    assert sum(counts.suppressed.values()) == 3
    assert counts.suppressed["there is nowhere to ask: no channel, no Slack user, no link"] == 1
    assert (comment.account, comment.score, comment.comment) == ("Acme GmbH", 2, "<!channel> too slow")
    assert later.asked == 0

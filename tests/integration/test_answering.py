"""A client's answer is stored once per person, changed at will, and never lost or counted twice."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from kpi.errors import KpiError, Misfilled, Refused
from kpi.model import Actor, Person
from kpi.policy import Wording
from kpi.services.people import NobodyCanSay
from kpi.services.surveys.words import Closed
from kpi.store import tables
from kpi.store.store import Store
from tests.agency import ACME, ANNA, CARLA, CHRIS, GUEST, HOME, NOBODY, ROBOT, Agency, click


@pytest.fixture
def agency(tenant: Store) -> Agency:
    return Agency(tenant)


def test_a_click_is_stored_with_everything_a_kpi_needs(agency: Agency) -> None:
    survey = agency.asked()
    agency.now.move(minutes=10)
    assert agency.surveys.reply(click(survey, 4))
    reply = agency.only(tables.reply)
    assert (reply["score"], reply["instrument"], reply["contact_id"]) == (4, "csat", agency.carla)
    assert (reply["account_id"], reply["owner_id"], reply["answered_at"]) == (agency.acme, agency.anna, agency.now())
    assert agency.survey(survey["survey_id"])["state"] == "answered"


def test_the_thanks_are_for_the_clicker_alone_and_quick(agency: Agency) -> None:
    survey = agency.asked(channel_id="C0ACME", thread_ts="1790000000.000500")
    agency.surveys.reply(click(survey, 4))
    (thanks,) = agency.messages("thanks")
    assert (thanks["method"], thanks["audience"], thanks["user_id"]) == ("chat.postEphemeral", "person", "U0CARLA")
    assert (thanks["channel_id"], thanks["thread_ts"]) == ("C0ACME", "1790000000.000500")
    assert agency.queue.jobs[-1] == ("deliver", {"delivery_id": thanks["delivery_id"]}, None, True)


def test_a_second_click_changes_the_score_and_not_the_count(agency: Agency) -> None:
    survey = agency.asked()
    agency.surveys.reply(click(survey, 2))
    first_at = agency.now()
    agency.now.move(minutes=1)
    assert agency.surveys.reply(click(survey, 5))
    reply = agency.only(tables.reply)
    assert (reply["score"], reply["answered_at"], reply["edited_at"]) == (5, first_at, agency.now())
    assert [edit["score"] for edit in agency.rows(tables.reply_edit)] == [2, 5]
    assert sum(day["survey_answers"] for day in agency.rows(tables.account_day)) == 1
    assert len(agency.messages("thanks")) == 2


def test_a_double_click_is_one_answer_and_one_thanks(agency: Agency) -> None:
    survey = agency.asked()
    for _ in range(2):
        agency.surveys.reply(click(survey, 4))
    assert agency.count(tables.reply) == agency.count(tables.reply_edit) == 1
    assert len(agency.messages("thanks")) == 1


def test_racing_clicks_are_one_answer_with_the_last_score(agency: Agency) -> None:
    survey = agency.asked()
    clicks = [click(survey, score) for score in (1, 2, 3, 4, 5, 1, 2, 3)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(agency.surveys.reply, clicks))
    reply = agency.only(tables.reply)
    edits = agency.rows(tables.reply_edit)
    assert reply["score"] == edits[-1]["score"]
    assert [edit["revision"] for edit in edits] == list(range(1, len(edits) + 1))
    assert sum(day["survey_answers"] for day in agency.rows(tables.account_day)) == 1


def test_a_newcomers_racing_clicks_make_one_contact(agency: Agency) -> None:
    survey = agency.asked()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(agency.surveys.reply, [click(survey, 3, CHRIS)] * 8))
    assert agency.count(tables.contact) == 2
    assert agency.count(tables.reply) == 1


def test_a_colleague_of_the_contact_may_answer_too_and_becomes_known(agency: Agency) -> None:
    survey = agency.asked()
    agency.surveys.reply(click(survey, 5, CARLA))
    agency.surveys.reply(click(survey, 1, CHRIS))
    assert {reply["score"] for reply in agency.rows(tables.reply)} == {5, 1}
    chris = agency.rows(tables.contact)[-1]
    assert (chris["account_id"], chris["slack_user_id"], chris["slack_team_id"]) == (agency.acme, "U0CHRIS", ACME)
    assert (chris["name"], chris["confirmed_at"]) == ("chris", None)
    assert sum(day["survey_answers"] for day in agency.rows(tables.account_day)) == 2


def test_a_known_guest_of_ours_is_a_client(agency: Agency) -> None:
    agency.contact("gina", agency.acme, "Gina Guest", slack_user_id="U0GUEST", slack_team_id=HOME)
    agency.surveys.reply(click(agency.asked(), 3, GUEST))
    assert agency.only(tables.reply)["score"] == 3


def test_a_contact_with_an_account_in_our_organisation_is_a_client(agency: Agency) -> None:
    survey = agency.asked()
    agency.contact("anna-as-client", agency.acme, "Anna", slack_user_id="U0ANNA")
    agency.surveys.reply(click(survey, 3, ANNA))
    assert agency.only(tables.reply)["score"] == 3
    assert agency.rows(tables.contact)[-1]["slack_team_id"] == HOME


def test_our_own_people_are_told_the_question_is_for_the_client(agency: Agency) -> None:
    survey = agency.asked()
    with pytest.raises(Refused, match="for the client"):
        agency.surveys.reply(click(survey, 5, ANNA))
    assert agency.count(tables.reply) == 0
    assert agency.survey(survey["survey_id"])["state"] == "posted"


def test_robots_are_not_listened_to(agency: Agency) -> None:
    assert not agency.surveys.reply(click(agency.asked(), 5, ROBOT))
    assert agency.count(tables.reply) == 0


@pytest.mark.parametrize("who", [NOBODY, Actor("", ""), Actor("U0LEFT", HOME)])
def test_when_slack_cannot_say_who_clicked_nothing_is_stored_and_the_click_can_be_repeated(
    agency: Agency, who: Actor
) -> None:
    survey = agency.asked()
    agency.directory.people["U0LEFT"] = Person("U0LEFT", HOME, is_deleted=True)
    with pytest.raises(NobodyCanSay, match="try again"):
        agency.surveys.reply(click(survey, 5, who))
    assert agency.count(tables.reply) == 0


def test_a_client_needs_no_question_to_slack(agency: Agency) -> None:
    agency.surveys.reply(click(agency.asked(), 5))
    assert agency.directory.asked == ["U0ANNA"]


def test_who_somebody_is_gets_asked_once_a_day(agency: Agency) -> None:
    for hours in (0, 12, 13):
        agency.now.move(hours=hours)
        assert agency.people.role("U0GUEST", HOME) == "client"
    assert agency.directory.asked == ["U0GUEST", "U0GUEST"]


def test_whether_a_channel_is_shared_is_remembered_shortly_and_doubt_means_shared(agency: Agency) -> None:
    people = agency.people
    assert [people.is_externally_shared(channel) for channel in ("C0ACME", "C0TEAM", "C0DOUBT")] == [True, False, True]
    assert not people.is_externally_shared("C0TEAM")
    assert agency.directory.asked.count("C0TEAM") == 1
    agency.now.move(minutes=6)
    agency.directory.shared["C0TEAM"] = True
    assert people.is_externally_shared("C0TEAM")


@pytest.mark.parametrize("score", [0, 6, -1, 10])
def test_a_forged_score_is_refused(agency: Agency, score: int) -> None:
    survey = agency.asked()
    with pytest.raises(KpiError, match="nothing was stored"):
        agency.surveys.reply(click(survey, score))
    assert agency.count(tables.reply) == 0


def test_a_forged_token_is_refused(agency: Agency) -> None:
    survey = agency.asked()
    with pytest.raises(KpiError, match="nothing was stored"):
        agency.surveys.reply(replace(click(survey, 3), token="guessed"))


def test_after_its_week_a_survey_takes_no_answer_and_says_since_when(agency: Agency) -> None:
    survey = agency.asked()
    agency.now.move(days=7)
    for _ in range(2):
        with pytest.raises(Closed, match="closed on 23 September 2026"):
            agency.surveys.reply(click(survey, 3))
        agency.surveys.expire(agency.now())
    assert agency.count(tables.reply) == 0


def test_an_answer_just_before_the_end_counts(agency: Agency) -> None:
    survey = agency.asked()
    agency.now.at = survey["expires_at"] - timedelta(seconds=1)
    agency.surveys.reply(click(survey, 3))
    assert agency.count(tables.reply) == 1


def test_a_cancelled_question_takes_no_answer(agency: Agency) -> None:
    survey_id = agency.log().survey_id or 0
    agency.surveys.cancel(survey_id, ANNA, "no")
    with pytest.raises(Closed, match="withdrawn"):
        agency.surveys.reply(click(agency.survey(survey_id), 3))


def test_a_question_not_asked_yet_takes_no_answer(agency: Agency) -> None:
    survey = agency.survey(agency.log().survey_id)
    with pytest.raises(Closed, match="not been asked yet"):
        agency.surveys.reply(click(survey, 3))


def test_a_click_proves_that_a_message_in_doubt_arrived(agency: Agency) -> None:
    survey = agency.unanswered()
    agency.surveys.reply(click(survey, 5, message_ts="1790000000.000777"))
    after = agency.survey(survey["survey_id"])
    assert (after["state"], after["message_ts"]) == ("answered", "1790000000.000777")
    (message,) = agency.messages("survey")
    assert (message["state"], message["message_ts"]) == ("sent", "1790000000.000777")
    assert "did arrive" in agency.deliveries.resend(message["delivery_id"], "U0ANNA")


def test_clicks_racing_the_end_of_the_delivery_lose_nothing(agency: Agency) -> None:
    agency.log()
    agency.now.move(hours=3)
    agency.surveys.post_due(agency.now())
    (message,) = agency.messages("survey")
    claim, survey = agency.claim(message["delivery_id"]), agency.only(tables.survey)
    with ThreadPoolExecutor(4) as pool:
        sent = pool.submit(agency.deliveries.sent, claim, "1790000000.000900")
        clicks = [pool.submit(agency.surveys.reply, click(survey, score)) for score in (3, 4, 5)]
        sent.result(timeout=30)
        assert all(clicked.result(timeout=30) for clicked in clicks)
    assert agency.only(tables.survey)["state"] == "answered"
    assert agency.count(tables.reply) == 1


def test_a_click_that_breaks_off_half_way_is_not_counted_and_can_be_repeated(agency: Agency) -> None:
    def break_off(token: str, wording: Wording, locale: str) -> dict[str, str]:
        raise ConnectionAbortedError(token, wording, locale)

    survey, whole = agency.asked(), agency.phrasing
    agency.phrasing = replace(whole, thanks=break_off)
    with pytest.raises(ConnectionAbortedError):
        agency.surveys.reply(click(survey, 3, CHRIS))
    assert not any(agency.count(table) for table in (tables.reply, tables.reply_edit))
    assert (agency.count(tables.contact), agency.survey(survey["survey_id"])["state"]) == (1, "posted")
    agency.phrasing = whole
    agency.surveys.reply(click(survey, 3, CHRIS))
    assert agency.only(tables.reply)["score"] == 3
    assert sum(day["survey_answers"] for day in agency.rows(tables.account_day)) == 1


def test_a_comment_is_kept_word_for_word_with_its_history(agency: Agency) -> None:
    survey = agency.asked()
    agency.surveys.reply(click(survey, 2))
    assert agency.surveys.comment_form(survey["token"], CARLA).comment == ""
    for words in ("<!channel> & <@U0ANNA> slow", "x" * 3000):
        agency.surveys.comment(survey["token"], CARLA, words)
        assert agency.surveys.comment_form(survey["token"], CARLA).comment == words
    assert [len(edit["comment"] or "") for edit in agency.rows(tables.reply_edit)] == [0, 27, 3000]
    assert agency.only(tables.reply)["score"] == 2


def test_a_comment_too_long_is_refused_whole(agency: Agency) -> None:
    survey = agency.asked()
    agency.surveys.reply(click(survey, 2))
    with pytest.raises(Misfilled, match="3,001 characters"):
        agency.surveys.comment(survey["token"], CARLA, "x" * 3001)
    assert agency.only(tables.reply)["comment"] is None


def test_an_empty_comment_is_asked_for_again(agency: Agency) -> None:
    survey = agency.asked()
    agency.surveys.reply(click(survey, 2))
    with pytest.raises(Misfilled, match="write something"):
        agency.surveys.comment(survey["token"], CARLA, " \n")


def test_a_comment_needs_a_score_of_ones_own(agency: Agency) -> None:
    survey = agency.asked()
    agency.surveys.reply(click(survey, 2, CARLA))
    for who in (CHRIS, ANNA):
        with pytest.raises(KpiError, match="choose a score first"):
            agency.surveys.comment(survey["token"], who, "let me in")
    with pytest.raises(KpiError, match="nothing was stored"):
        agency.surveys.comment("guessed", CARLA, "let me in")


def test_a_comment_begun_in_time_is_taken_after_the_end(agency: Agency) -> None:
    survey = agency.asked()
    agency.surveys.reply(click(survey, 2))
    agency.now.move(days=8)
    agency.surveys.comment(survey["token"], CARLA, "sorry, late")
    assert agency.only(tables.reply)["comment"] == "sorry, late"


def test_changing_the_score_keeps_the_comment(agency: Agency) -> None:
    survey = agency.asked()
    agency.surveys.reply(click(survey, 2))
    agency.surveys.comment(survey["token"], CARLA, "slow")
    agency.surveys.reply(click(survey, 3))
    assert (agency.only(tables.reply)["score"], agency.only(tables.reply)["comment"]) == (3, "slow")

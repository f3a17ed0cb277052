"""An unanswered question: one quiet reminder in the same place, then a link, and still one answer."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from kpi.errors import KpiError
from kpi.policy import Calendar, Calendars
from kpi.services.surveys.by_link import ByLink
from kpi.services.surveys.links import Links
from kpi.services.surveys.opting import Wish
from kpi.services.surveys.words import Closed, Ways
from kpi.store import tables
from kpi.store.store import Store
from tests.agency import ANNA, BERLIN, CARLA, Agency, click, policy, programme

LINKS = Ways(link_to=lambda survey, contact, _: f"https://kpi.example/s/{survey}-{contact}", has_links=True)
OFFICE = Calendars({"default": Calendar(BERLIN, dict.fromkeys(range(5), ((540, 1020),)))})
ASKING = programme(reminder=timedelta(days=3), link=timedelta(days=5))


@pytest.fixture
def agency(store: Store) -> Agency:
    agency = Agency(store, policy=policy(ASKING), ways=LINKS)
    said: dict[str, Any] = {
        "reminder": lambda asked: {"text": "again", "to": asked.contact and asked.contact.name},
        "invitation": lambda asked: {"text": asked.link},
        "mail": lambda asked: {"subject": "One", "text": asked.link},
    }
    agency.phrasing = replace(agency.phrasing, **said)
    return agency


def kinds(agency: Agency) -> list[str]:
    return [row["kind"] for row in agency.rows(tables.delivery) if row["kind"] not in ("notice", "thanks")]


def days_later(agency: Agency, days: int) -> None:
    agency.now.move(days=days)
    agency.post()


def test_a_reminder_comes_once_in_the_same_thread_and_rings_nowhere(agency: Agency) -> None:
    survey = agency.asked()
    for days in (2, 1, 1):
        days_later(agency, days)
    (reminder,) = agency.messages("reminder")
    assert (reminder["channel_id"], reminder["thread_ts"]) == ("C0ACME", survey["message_ts"])
    assert agency.survey(survey["survey_id"])["reminders"] == 1


def test_the_link_comes_after_the_reminder_through_the_account_manager(agency: Agency) -> None:
    survey = agency.asked()
    for _ in range(6):
        days_later(agency, 1)
    (invitation,) = agency.messages("invitation")
    assert kinds(agency) == ["survey", "reminder", "invitation"]
    assert (invitation["channel_id"], invitation["audience"]) == ("U0ANNA", "person")
    assert invitation["payload"]["text"] == f"https://kpi.example/s/{survey['survey_id']}-{agency.carla}"
    after = agency.survey(survey["survey_id"])
    assert (after["state"], after["place"], after["posted_at"]) == ("posted", "thread", survey["posted_at"])


def test_with_mail_set_up_the_link_goes_by_mail_where_an_address_is_known(agency: Agency) -> None:
    agency.ways = replace(LINKS, can_mail=True)
    agency.set(tables.contact, email="carla@acme.example")
    agency.asked()
    days_later(agency, 3)
    days_later(agency, 2)
    (invitation,) = agency.messages("invitation")
    assert (invitation["method"], invitation["channel_id"]) == ("mail", "carla@acme.example")


def test_whoever_answered_hears_no_more(agency: Agency) -> None:
    agency.surveys.reply(click(agency.asked(), 4))
    for _ in range(7):
        days_later(agency, 1)
    assert kinds(agency) == ["survey"]


def test_an_answer_between_two_steps_stops_what_is_queued_already(agency: Agency) -> None:
    survey = agency.asked()
    agency.now.move(days=3)
    assert agency.surveys.follow_up(agency.now()) == 1
    agency.surveys.reply(click(survey, 4))
    (reminder,) = agency.messages("reminder")
    assert agency.deliveries.claim(reminder["delivery_id"]) is None
    assert agency.messages("reminder")[0]["state"] == "cancelled"


def test_whoever_opted_out_meanwhile_hears_no_more(agency: Agency) -> None:
    agency.asked()
    agency.set(tables.contact, opted_out_at=agency.now())
    days_later(agency, 4)
    assert kinds(agency) == ["survey"]


def test_a_reminder_waits_out_the_weekend_and_a_conversation(agency: Agency) -> None:
    agency.policy = policy(replace(ASKING, working_hours=True, link=None), budget=quiet())
    agency.policy = replace(agency.policy, calendars=OFFICE)
    survey = agency.asked()
    days_later(agency, 3)
    agency.now.move(days=2, minutes=-1)
    agency.surveys.talked("C0ACME", str(agency.now().timestamp()), survey["message_ts"])
    agency.post()
    waiting = kinds(agency)
    agency.now.move(minutes=16)
    agency.post()
    assert (waiting, kinds(agency)) == (["survey"], ["survey", "reminder"])


def quiet() -> Any:
    return replace(policy().surveys.budget, quiet=timedelta(minutes=15))


def test_without_a_channel_the_question_goes_to_them_directly(agency: Agency) -> None:
    agency.set(tables.account, channel_id=None)
    survey = agency.asked()
    (message,) = agency.messages("survey")
    assert (message["channel_id"], survey["place"], survey["state"]) == ("U0CARLA", "dm", "posted")
    days_later(agency, 3)
    assert agency.messages("reminder")[0]["channel_id"] == "U0CARLA"


def test_without_channel_and_slack_user_the_link_is_the_question(agency: Agency) -> None:
    agency.set(tables.account, channel_id=None)
    agency.set(tables.contact, slack_user_id=None)
    survey = agency.asked()
    assert kinds(agency) == ["invitation"]
    assert (survey["place"], survey["state"], survey["posted_at"]) == ("link", "posted", agency.now())
    assert survey["expires_at"] == agency.now() + ASKING.expiry
    days_later(agency, 6)
    assert kinds(agency) == ["invitation"]


@pytest.mark.parametrize("error", ["is_archived", "channel_not_found", "not_in_channel"])
def test_a_channel_that_was_closed_since_leads_to_the_next_place_and_the_owner_is_told(
    agency: Agency, error: str
) -> None:
    survey_id = agency.log().survey_id
    agency.now.move(hours=3)
    agency.surveys.post_due(agency.now())
    (message,) = agency.messages("survey")
    agency.deliveries.refused(agency.claim(message["delivery_id"]), error)
    direct = agency.messages("survey")[-1]
    assert (direct["channel_id"], direct["state"]) == ("U0CARLA", "queued")
    assert [row["channel_id"] for row in agency.messages("notice")] == ["U0ANNA", "U0ANNA"]
    agency.deliveries.refused(agency.claim(direct["delivery_id"]), "user_not_found")
    (invitation,) = agency.messages("invitation")
    agency.deliveries.sent(agency.claim(invitation["delivery_id"]), "1.1")
    after = agency.survey(survey_id)
    assert (after["state"], after["place"]) == ("posted", "link")


def test_where_no_place_is_left_the_survey_has_failed_and_says_so(agency: Agency) -> None:
    agency.ways = Ways()
    agency.set(tables.contact, slack_user_id=None)
    survey_id = agency.log().survey_id
    agency.now.move(hours=3)
    agency.surveys.post_due(agency.now())
    (message,) = agency.messages("survey")
    agency.deliveries.refused(agency.claim(message["delivery_id"]), "is_archived")
    assert (agency.survey(survey_id)["state"], agency.survey(survey_id)["reason"]) == ("failed", "is_archived")
    assert agency.messages("notice")[-1]["channel_id"] == "U0ANNA"


def test_one_answer_whichever_message_is_pressed(agency: Agency) -> None:
    survey = agency.asked()
    days_later(agency, 3)
    agency.surveys.reply(click(survey, 2))
    agency.surveys.reply(click(survey, 5, CARLA, message_ts="1790000000.000777"))
    assert [row["score"] for row in agency.rows(tables.reply)] == [5]


def test_who_takes_back_a_stop_can_answer_the_question_after_all(agency: Agency) -> None:
    survey = agency.asked()
    agency.surveys.wish(survey["token"], CARLA, Wish.STOP)
    declined = agency.survey(survey["survey_id"])
    assert (declined["state"], declined["declined_at"], declined["expires_at"]) == ("expired", *[agency.now()] * 2)
    with pytest.raises(Closed, match="closed"):
        agency.surveys.reply(click(survey, 4))
    agency.surveys.wish(survey["token"], CARLA, Wish.AGAIN)
    agency.surveys.reply(click(survey, 4))
    after = agency.survey(survey["survey_id"])
    assert (after["state"], after["declined_at"], after["expires_at"]) == ("answered", None, survey["expires_at"])


def test_who_asked_for_less_can_answer_what_was_asked(agency: Agency) -> None:
    survey = agency.asked()
    agency.surveys.wish(survey["token"], CARLA, Wish.LESS)
    agency.surveys.reply(click(survey, 4))
    assert [row["score"] for row in agency.rows(tables.reply)] == [4]
    assert agency.rows(tables.contact)[0]["asked_less_at"] == agency.now()


@pytest.mark.parametrize("state", ["sending", "unknown"])
def test_an_answer_behind_a_link_shows_that_the_link_arrived(agency: Agency, state: str) -> None:
    agency.set(tables.account, channel_id=None)
    agency.set(tables.contact, slack_user_id=None)
    survey_id = agency.log().survey_id
    agency.now.move(hours=3)
    agency.surveys.post_due(agency.now())
    (invitation,) = agency.messages("invitation")
    claim = agency.claim(invitation["delivery_id"])
    if state == "unknown":
        agency.deliveries.uncertain(claim, "the connection broke")
    links = Links(("a key of this test",), "https://kpi.example", agency.store.workspace_id)
    link = links.address(survey_id or 0, agency.carla, agency.now() + timedelta(days=9)) or ""
    ByLink(agency.store, agency.now, agency.policy, links).answer(link.rpartition("/")[2], 5)
    after = agency.survey(survey_id)
    assert (after["state"], after["place"]) == ("answered", "link")
    assert [row["score"] for row in agency.rows(tables.reply)] == [5]


def test_a_stop_is_heeded_by_what_is_queued_already_and_by_a_resend(agency: Agency) -> None:
    survey_id = agency.log().survey_id
    agency.now.move(hours=3)
    agency.surveys.post_due(agency.now())
    agency.set(tables.contact, opted_out_at=agency.now())
    (message,) = agency.messages("survey")
    assert agency.deliveries.claim(message["delivery_id"]) is None
    assert (agency.survey(survey_id)["state"], agency.survey(survey_id)["reason"]) == ("suppressed", "opted_out")


def test_a_resend_is_not_needed_while_the_question_goes_to_the_next_place(agency: Agency) -> None:
    agency.log()
    agency.now.move(hours=3)
    agency.surveys.post_due(agency.now())
    (message,) = agency.messages("survey")
    agency.deliveries.refused(agency.claim(message["delivery_id"]), "is_archived")
    assert "not needed" in agency.deliveries.resend(message["delivery_id"], "U0ANNA")
    assert [row["channel_id"] for row in agency.messages("survey")] == ["C0ACME", "U0CARLA"]


def test_a_question_behind_a_link_that_is_being_sent_is_not_cancelled(agency: Agency) -> None:
    agency.set(tables.account, channel_id=None)
    agency.set(tables.contact, slack_user_id=None)
    survey_id = agency.log().survey_id or 0
    agency.now.move(hours=3)
    agency.surveys.post_due(agency.now())
    (invitation,) = agency.messages("invitation")
    agency.claim(invitation["delivery_id"])
    with pytest.raises(KpiError, match="on its way"):
        agency.surveys.cancel(survey_id, ANNA, "not now")
    assert agency.surveys.post_due(agency.now()) == 0


def test_what_no_mail_server_takes_is_passed_on_by_the_account_manager(agency: Agency) -> None:
    agency.ways = replace(LINKS, can_mail=True)
    agency.set(tables.account, channel_id=None)
    agency.set(tables.contact, slack_user_id=None, email="carla@acme.example")
    survey_id = agency.log().survey_id
    agency.now.move(hours=3)
    agency.surveys.post_due(agency.now())
    (mail,) = agency.messages("invitation")
    agency.deliveries.refused(agency.claim(mail["delivery_id"]), "550 no such mailbox")
    handed = agency.messages("invitation")[-1]
    assert (handed["channel_id"], handed["method"]) == ("U0ANNA", "chat.postMessage")
    assert agency.messages("notice")[-1]["channel_id"] == "U0ANNA"
    agency.deliveries.sent(agency.claim(handed["delivery_id"]), "1.1")
    assert (agency.survey(survey_id)["state"], agency.survey(survey_id)["place"]) == ("posted", "link")


def test_where_nobody_could_pass_a_link_on_nothing_is_asked_and_the_reason_told(agency: Agency) -> None:
    agency.set(tables.account, channel_id=None, owner_id=None)
    agency.set(tables.contact, slack_user_id=None)
    survey_id = agency.log().survey_id
    agency.now.move(hours=3)
    assert agency.surveys.post_due(agency.now()) == 0
    assert agency.survey(survey_id)["reason"] == "no_channel"


def test_a_channel_the_client_has_left_is_no_place(agency: Agency) -> None:
    agency.people.forget_channel("C0ACME", is_alone=True)
    assert agency.asked()["place"] == "dm"
    agency.people.forget_channel("C0ACME")
    agency.now.move(days=2)
    assert agency.asked()["place"] == "thread"

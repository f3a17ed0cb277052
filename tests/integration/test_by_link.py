"""Behind a link a contact says what they could say in Slack, and it is the same one answer."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from kpi.errors import Misfilled
from kpi.services.surveys import answering
from kpi.services.surveys.by_link import ByLink, UnknownLink
from kpi.services.surveys.links import Links
from kpi.services.surveys.opting import Wish
from kpi.services.surveys.words import Closed, Said, Scoreless
from kpi.store import accounts, surveys, tables
from kpi.store.store import Store
from tests.agency import CARLA
from tests.doorstep import KEY, PUBLIC, TAGS, Doorstep


@pytest.fixture
def doorstep(tenant: Store) -> Doorstep:
    return Doorstep(tenant)


@pytest.fixture
def page(doorstep: Doorstep) -> ByLink:
    return doorstep.by_link


def test_a_link_opens_the_question_and_changes_nothing(doorstep: Doorstep, page: ByLink) -> None:
    before = doorstep.stored()

    opened = page.open(doorstep.token)

    assert (opened.instrument, opened.locale, opened.wording.question) == ("csat", "en", "How satisfied were you?")
    assert (opened.score, opened.comment, opened.ticked, opened.wish) == (None, "", (), None)
    assert opened.tags == TAGS
    assert opened.until == doorstep.agency.now() + timedelta(days=7)
    assert doorstep.stored() == before
    assert doorstep.survey()["state"] == "posted"


def test_an_answer_is_stored_as_the_contacts_and_counted_on_the_accounts_day(doorstep: Doorstep, page: ByLink) -> None:
    page.answer(doorstep.token, 4)

    reply = doorstep.reply()
    assert (reply["score"], reply["contact_id"], reply["owner_id"]) == (4, doorstep.agency.carla, doorstep.agency.anna)
    assert reply["respondent"] == f"contact:{doorstep.agency.carla}"
    assert doorstep.survey()["state"] == "answered"
    assert doorstep.agency.only(tables.account_day)["survey_answers"] == 1
    assert page.open(doorstep.token).score == 4


def test_a_second_answer_changes_the_first_and_counts_once(doorstep: Doorstep, page: ByLink) -> None:
    for score in (4, 2, 2):
        page.answer(doorstep.token, score)

    assert doorstep.reply()["score"] == 2
    assert [row["score"] for row in doorstep.agency.rows(tables.reply_edit)] == [4, 2]
    assert doorstep.agency.only(tables.account_day)["survey_answers"] == 1


def test_a_click_in_slack_and_a_link_are_one_answer(doorstep: Doorstep, page: ByLink) -> None:
    with doorstep.store.transaction() as tx:
        contact = accounts.find_contact(tx, doorstep.agency.carla)
        survey = surveys.get(tx, doorstep.survey_id, lock=True)
        assert contact is not None
        assert survey is not None
        answering.put(tx, doorstep.policy, survey, contact, (Said(score=1), doorstep.agency.now()))

    assert page.open(doorstep.token).score == 1
    page.answer(doorstep.token, 5)
    assert doorstep.reply()["score"] == 5


def test_many_taps_at_once_are_one_answer(doorstep: Doorstep, page: ByLink) -> None:
    with ThreadPoolExecutor(8) as crowd:
        list(crowd.map(lambda score: page.answer(doorstep.token, score), [1, 2, 3, 4, 5] * 4))

    assert doorstep.reply()["score"] in range(1, 6)
    assert doorstep.agency.only(tables.account_day)["survey_answers"] == 1


def test_why_is_kept_whole_with_what_was_ticked(doorstep: Doorstep, page: ByLink) -> None:
    page.answer(doorstep.token, 2)
    page.comment(doorstep.token, " Slow <b>& late</b>\n", ("speed", "speed"))

    opened = page.open(doorstep.token)
    assert (opened.score, opened.comment, opened.ticked) == (2, "Slow <b>& late</b>", ("speed",))

    page.comment(doorstep.token, "", ())
    assert (page.open(doorstep.token).comment, page.open(doorstep.token).ticked) == ("", ())
    assert len(doorstep.agency.rows(tables.reply_edit)) == 3


def test_a_comment_needs_a_score_first(doorstep: Doorstep, page: ByLink) -> None:
    with pytest.raises(Scoreless):
        page.comment(doorstep.token, "Slow", ())
    assert doorstep.replies() == []


def test_what_cannot_be_stored_is_not(doorstep: Doorstep, page: ByLink) -> None:
    page.answer(doorstep.token, 2)
    before = doorstep.stored()

    for score in (0, 6, -1, 99):
        with pytest.raises(Misfilled):
            page.answer(doorstep.token, score)
    with pytest.raises(Misfilled, match="3,001 characters"):
        page.comment(doorstep.token, "x" * 3001, ())
    with pytest.raises(Misfilled):
        page.comment(doorstep.token, "x", ("price",))

    assert doorstep.stored() == before


def test_after_the_survey_closed_only_wishes_are_heard(doorstep: Doorstep, page: ByLink) -> None:
    doorstep.agency.now.move(days=7)

    assert page.open(doorstep.token).is_closed
    with pytest.raises(Closed):
        page.answer(doorstep.token, 4)
    page.wish(doorstep.token, Wish.STOP)

    assert doorstep.replies() == []
    assert doorstep.carla()["opted_out_at"] is not None


def test_an_answer_given_at_the_last_minute_may_be_changed_for_a_week(doorstep: Doorstep, page: ByLink) -> None:
    doorstep.agency.now.move(days=6, hours=23)
    page.answer(doorstep.token, 4)
    assert page.open(doorstep.token).until == doorstep.agency.now() + timedelta(days=7)

    doorstep.agency.now.move(days=6, hours=23)
    page.answer(doorstep.token, 3)
    doorstep.agency.now.move(hours=1)

    assert page.open(doorstep.token).is_closed
    with pytest.raises(Closed):
        page.answer(doorstep.token, 1)
    page.comment(doorstep.token, "It took some thought", ())
    assert (doorstep.reply()["score"], doorstep.reply()["comment"]) == (3, "It took some thought")


@pytest.mark.parametrize("state", ["suppressed", "cancelled", "failed", "scheduled"])
def test_a_question_that_is_not_asked_takes_no_answer(doorstep: Doorstep, page: ByLink, state: str) -> None:
    doorstep.agency.set(tables.survey, state=state, reason="a reason")

    assert page.open(doorstep.token).is_closed
    with pytest.raises(Closed):
        page.answer(doorstep.token, 4)
    assert (doorstep.replies(), doorstep.survey()["state"]) == ([], state)


def test_an_answer_that_comes_after_nobody_answered_still_counts_within_its_time(
    doorstep: Doorstep, page: ByLink
) -> None:
    doorstep.agency.set(tables.survey, state="expired", closed_at=doorstep.agency.now())
    page.answer(doorstep.token, 4)
    assert doorstep.survey()["state"] == "answered"


def test_an_expired_link_grants_nothing(doorstep: Doorstep, page: ByLink) -> None:
    token = doorstep.link(days=3)
    doorstep.agency.now.move(days=3)

    for act in (
        lambda: page.open(token),
        lambda: page.answer(token, 4),
        lambda: page.comment(token, "x", ()),
        lambda: page.wish(token, Wish.STOP),
    ):
        with pytest.raises(Closed):
            act()
    assert (doorstep.replies(), doorstep.carla()["opted_out_at"]) == ([], None)


@pytest.mark.parametrize(("survey", "contact"), [(4711, None), (None, 4711)])
def test_a_link_to_what_is_gone_leads_nowhere(
    doorstep: Doorstep, page: ByLink, survey: int | None, contact: int | None
) -> None:
    doorstep.agency.set(tables.survey, contact_id=None)
    with pytest.raises(UnknownLink):
        page.answer(doorstep.link(survey, contact), 4)


def test_a_link_of_another_workspace_opens_nothing_here(doorstep: Doorstep, page: ByLink) -> None:
    address = Links((KEY,), PUBLIC, doorstep.store.workspace_id + 1).address(
        doorstep.survey_id, doorstep.agency.carla, doorstep.agency.now() + timedelta(days=1)
    )
    assert address is not None
    with pytest.raises(UnknownLink):
        page.open(address.rpartition("/")[2])


def test_who_was_merged_into_another_answers_as_them(doorstep: Doorstep, page: ByLink) -> None:
    carlotta = doorstep.agency.contact("carlotta", doorstep.agency.acme, "Carlotta Client")
    doorstep.agency.set(tables.survey, contact_id=carlotta)

    page.answer(doorstep.link(contact_id=4711), 4)

    assert doorstep.reply()["contact_id"] == carlotta


def test_a_wish_is_heeded_at_every_account_and_undone_by_the_person_alone(doorstep: Doorstep, page: ByLink) -> None:
    agency = doorstep.agency
    agency.contact("carla2", agency.globex, "Carla", slack_user_id="U0CARLA", slack_team_id="T0CLIENT")

    page.wish(doorstep.token, Wish.STOP)
    assert all(row["opted_out_at"] for row in agency.rows(tables.contact))
    assert page.open(doorstep.token).wish is Wish.STOP

    page.wish(doorstep.token, Wish.LESS)
    assert page.open(doorstep.token).wish is Wish.LESS
    page.wish(doorstep.token, Wish.AGAIN)
    assert page.open(doorstep.token).wish is None
    assert not any(row["opted_out_at"] or row["asked_less_at"] for row in agency.rows(tables.contact))
    assert {row["action"] for row in agency.rows(tables.audit)} == {"contact.wish"}


def test_an_anonymous_answer_holds_no_name_and_is_the_one_given_in_slack(doorstep: Doorstep, page: ByLink) -> None:
    doorstep.agency.set(tables.survey, is_anonymous=True, salt="grain")
    page.answer(doorstep.token, 4)

    reply = doorstep.reply()
    assert reply["contact_id"] is None
    assert reply["respondent"] != f"contact:{doorstep.agency.carla}"
    assert page.open(doorstep.token).score == 4
    with doorstep.store.transaction() as tx:
        in_slack = answering.respondent_of(tx, doorstep.survey(), CARLA, "", page.secrets)
    assert in_slack == reply["respondent"]


def test_two_who_hold_links_to_one_survey_give_two_answers(doorstep: Doorstep, page: ByLink) -> None:
    chris = doorstep.agency.contact("chris", doorstep.agency.acme, "Chris")
    page.answer(doorstep.token, 4)
    page.answer(doorstep.link(contact_id=chris), 2)

    assert sorted(row["score"] for row in doorstep.replies()) == [2, 4]
    assert page.open(doorstep.token).score == 4

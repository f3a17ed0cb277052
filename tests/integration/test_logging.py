"""A logged interaction becomes one question at its time, or the reason why there is none."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from kpi.errors import KpiError, Misfilled, Refused, UnknownWord
from kpi.model import Actor
from kpi.services.people import NobodyCanSay
from kpi.services.surveys.words import AlreadyStored
from kpi.store import tables
from kpi.store.store import Store
from tests.agency import ANNA, CARLA, CSAT_DE, CSAT_EN, GUEST, NOBODY, ROBOT, Agency, policy


@pytest.fixture
def agency(tenant: Store) -> Agency:
    return Agency(tenant)


def nothing_written(agency: Agency) -> bool:
    written = (tables.interaction, tables.survey, tables.account_day, tables.delivery)
    return not any(agency.count(table) for table in written)


def test_a_meeting_is_followed_by_a_question_three_hours_later(agency: Agency) -> None:
    logged = agency.log(note="went well")
    survey = agency.survey(logged.survey_id)
    assert logged.due_at == survey["due_at"] == agency.now() + timedelta(hours=3)
    assert (survey["state"], survey["contact_id"], survey["owner_at_send"]) == ("scheduled", agency.carla, agency.anna)
    assert (logged.wording, survey["locale"], survey["wording_version"]) == (CSAT_EN, "en", "csat-en-1")
    assert logged.contact is not None
    assert logged.contact.name == "Carla Client"


def test_whoever_logs_gets_a_message_from_which_they_can_cancel(agency: Agency) -> None:
    agency.log()
    (message,) = agency.messages("notice")
    assert (message["audience"], message["channel_id"]) == ("person", "U0ANNA")


def test_the_day_is_counted_once_in_the_workspace_zone(agency: Agency) -> None:
    agency.now.at = agency.now().replace(hour=22, minute=30)
    agency.log()
    agency.log(kind="email")
    counted = agency.only(tables.account_day)
    assert str(counted["day"]) == "2026-09-17"
    assert (counted["interactions"], counted["meetings"]) == (2, 1)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"kind": "email"}, "kind of interaction is not followed"),
        ({"account": "quiet", "contact": None}, "no channel"),
        ({"occurred_ago": timedelta(days=9)}, "too far back"),
    ],
)
def test_a_question_not_asked_is_stored_with_its_reason(agency: Agency, change: dict[str, object], reason: str) -> None:
    ago = change.pop("occurred_ago", timedelta())
    assert isinstance(ago, timedelta)
    logged = agency.log(occurred_at=agency.now() - ago, **change)
    assert reason in (logged.reason or "")
    assert logged.due_at is None
    assert agency.only(tables.survey)["state"] == "suppressed"
    assert agency.messages("notice") == []


def test_a_contact_who_opted_out_is_not_asked(agency: Agency) -> None:
    agency.set(tables.contact, opted_out_at=agency.now())
    assert "not to be surveyed" in (agency.log().reason or "")


def test_a_workspace_without_a_wording_asks_nothing(agency: Agency) -> None:
    agency.policy = policy(wordings={})
    assert "no wording" in (agency.log().reason or "")


def test_a_person_is_not_asked_twice_within_a_day_whichever_account_asks(agency: Agency) -> None:
    agency.log()
    same_user = agency.contact("carla2", agency.globex, "C. Client", slack_user_id="U0CARLA")
    second = agency.log(account=agency.globex, contact=same_user)
    assert "asked twice" in (second.reason or "")


def test_the_same_address_is_the_same_person(agency: Agency) -> None:
    agency.set(tables.contact, email="carla@acme.example")
    agency.log()
    same = agency.contact("carla2", agency.globex, "C. Client", email="Carla@Acme.example")
    assert "asked twice" in (agency.log(account=agency.globex, contact=same).reason or "")


def test_a_question_to_nobody_in_particular_counts_for_everybody_of_the_account(agency: Agency) -> None:
    agency.log(contact=None)
    assert "asked twice" in (agency.log().reason or "")
    assert agency.log(account=agency.globex, contact=None).reason is None


def test_colleagues_can_be_asked_on_the_same_day(agency: Agency) -> None:
    chris = agency.contact("chris", agency.acme, "Chris Client")
    assert agency.log().reason is None
    assert agency.log(contact=chris).reason is None


def test_after_the_quiet_time_a_person_is_asked_again(agency: Agency) -> None:
    agency.log()
    agency.now.move(hours=23)
    assert agency.log().reason is not None
    agency.now.move(hours=1)
    assert agency.log().reason is None


def test_a_cancelled_question_does_not_count_as_asked(agency: Agency) -> None:
    agency.surveys.cancel(agency.log().survey_id or 0, ANNA, "they are on holiday")
    assert agency.log().reason is None


def test_two_people_logging_at_once_ask_once(agency: Agency) -> None:
    requests = [agency.request() for _ in range(6)]
    with ThreadPoolExecutor(6) as pool:
        reasons = [logged.reason for logged in pool.map(agency.surveys.log, requests)]
    assert reasons.count(None) == 1
    assert agency.only(tables.account_day)["interactions"] == 6


def test_one_person_at_two_accounts_is_asked_once_however_close_the_two_are_logged(agency: Agency) -> None:
    twin = agency.contact("carla2", agency.globex, "C. Client", slack_user_id="U0CARLA")
    requests = [agency.request() if n % 2 else agency.request(account="globex", contact=twin) for n in range(6)]
    with ThreadPoolExecutor(6) as pool:
        reasons = [logged.reason for logged in pool.map(agency.surveys.log, requests)]
    assert reasons.count(None) == 1


def test_the_contact_is_asked_in_their_language(agency: Agency) -> None:
    agency.set(tables.contact, language="de-AT")
    assert agency.log().wording == CSAT_DE


def test_logged_late_there_is_still_time_to_cancel(agency: Agency) -> None:
    logged = agency.log(occurred_at=agency.now() - timedelta(hours=8))
    assert logged.due_at == agency.now() + timedelta(minutes=5)


@pytest.mark.parametrize("by", [CARLA, GUEST, Actor("U0X", "")])
def test_only_our_own_people_log(agency: Agency, by: Actor) -> None:
    with pytest.raises((Refused, NobodyCanSay)):
        agency.log(by=by)
    assert nothing_written(agency)


def test_robots_and_known_contacts_of_our_own_organisation_do_not_log(agency: Agency) -> None:
    agency.contact("anna-as-client", agency.globex, "Anna", slack_user_id="U0ANNA")
    for by in (ROBOT, ANNA):
        with pytest.raises(Refused, match="full members"):
            agency.log(by=by)
    assert nothing_written(agency)


def test_somebody_slack_does_not_know_can_try_again(agency: Agency) -> None:
    with pytest.raises(NobodyCanSay, match="try again"):
        agency.log(by=NOBODY)
    assert nothing_written(agency)


@pytest.mark.parametrize(
    ("change", "fault", "words"),
    [
        ({"account": "nope"}, UnknownWord, "no account “nope”"),
        ({"contact": "nope"}, UnknownWord, "no contact “nope”"),
        ({"owner": "nope"}, UnknownWord, "no owner “nope”"),
        ({"account": "globex"}, Misfilled, "Carla Client is not a contact of Globex Ltd"),
        ({"kind": "party"}, Misfilled, "there are meeting, call"),
        ({"minutes": 6}, Misfilled, "lies in the future"),
        ({"minutes": -60 * 24 * 800}, Misfilled, "more than two years ago"),
        ({"note": "x" * 3001}, Misfilled, "more than 3,000"),
        ({"note": "a\0b"}, KpiError, "cannot be stored"),
        ({"external_id": ""}, Misfilled, "1 to 255"),
    ],
)
def test_what_cannot_be_logged_is_said_and_nothing_is_written(
    agency: Agency, change: dict[str, object], fault: type[KpiError], words: str
) -> None:
    minutes = change.pop("minutes", 0)
    assert isinstance(minutes, int)
    with pytest.raises(fault, match=words):
        agency.log(occurred_at=agency.now() + timedelta(minutes=minutes), **change)
    assert nothing_written(agency)


def test_a_clock_a_little_ahead_is_forgiven(agency: Agency) -> None:
    assert agency.log(occurred_at=agency.now() + timedelta(minutes=4)).reason is None


def test_a_source_that_repeats_itself_gets_what_is_stored(agency: Agency) -> None:
    request = agency.request(source="crm", external_id="42", by=None)
    first, second = agency.surveys.log(request), agency.surveys.log(request)
    assert not first.duplicate
    assert second.duplicate
    assert (second.interaction_id, second.survey_id, second.due_at) == (
        first.interaction_id,
        first.survey_id,
        first.due_at,
    )
    assert agency.only(tables.account_day)["interactions"] == 1
    assert agency.count(tables.survey) == 1


def test_a_source_repeating_itself_in_parallel_is_stored_once(agency: Agency) -> None:
    request = agency.request(source="crm", external_id="42", by=None)
    with ThreadPoolExecutor(6) as pool:
        logged = list(pool.map(agency.surveys.log, [request] * 6))
    assert [each.duplicate for each in logged].count(False) == 1
    assert agency.count(tables.interaction) == agency.count(tables.survey) == 1


def test_an_id_used_for_something_else_is_refused(agency: Agency) -> None:
    agency.log(source="crm", external_id="42")
    with pytest.raises(AlreadyStored, match="crm already gave another interaction as “42”"):
        agency.log(source="crm", external_id="42", kind="call")
    assert agency.count(tables.interaction) == 1


def test_a_repeated_source_is_told_what_became_of_the_question(agency: Agency) -> None:
    request = agency.request(source="crm", external_id="42")
    agency.surveys.cancel(agency.surveys.log(request).survey_id or 0, ANNA, "no")
    assert agency.surveys.log(request).reason == "the survey is cancelled"

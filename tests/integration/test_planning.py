"""Questions by the calendar, written down ahead, drawn, put off, and given way to."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.jobs import plan_surveys
from kpi.model import Instrument
from kpi.policy.surveys import Budget
from kpi.store import tables
from kpi.store.store import Record, Store
from tests.agency import ACME, ANNA, FLOOR_ONLY, GLOBEX, Agency, click, policy, programme

ROUND = programme(key="relationship", instrument=Instrument.NPS, kinds=(), every=timedelta(days=90))
DAY = timedelta(days=1)


@pytest.fixture
def agency(store: Store) -> Agency:
    return Agency(store, policy=policy(programme(), ROUND, budget=Budget()))


def planned(agency: Agency) -> int:
    return agency.surveys.plan(agency.now())


def surveys(agency: Agency, state: str) -> list[Record]:
    return [row for row in agency.rows(tables.survey) if row["state"] == state and row["programme"] == "relationship"]


def test_each_contact_is_planned_once(agency: Agency) -> None:
    assert (planned(agency), planned(agency)) == (1, 0)
    (survey,) = surveys(agency, "scheduled")
    assert (survey["contact_id"], survey["instrument"], survey["interaction_id"]) == (agency.carla, "nps", None)
    assert (survey["due_at"], survey["owner_at_send"]) == (agency.now(), agency.anna)


def test_the_next_round_comes_after_ninety_days_from_the_posting(agency: Agency) -> None:
    planned(agency)
    agency.post()
    agency.surveys.reply(click(surveys(agency, "posted")[0], 9))
    agency.now.move(days=75)
    assert planned(agency) == 0
    agency.now.move(days=2)
    assert planned(agency) == 1
    assert surveys(agency, "scheduled")[0]["due_at"] == agency.now() + 13 * DAY


def test_a_meeting_gives_way_to_a_planned_nps(agency: Agency) -> None:
    planned(agency)
    assert agency.log().reason == "the quarterly question comes first"


def test_of_two_that_are_due_together_the_nps_is_asked(agency: Agency) -> None:
    meeting = agency.log().survey_id
    agency.now.move(hours=3)
    planned(agency)
    agency.post()
    assert agency.survey(meeting)["reason"] == "asked_recently"
    assert len(surveys(agency, "posted")) == 1


def test_who_is_not_drawn_is_written_down_with_the_chance_and_drawn_again_later(agency: Agency) -> None:
    for number in range(5):
        agency.contact(f"c{number}", agency.acme, f"C{number}", slack_user_id=f"U0C{number}", slack_team_id=ACME)
    assert planned(agency) == 2
    left_out = surveys(agency, "suppressed")
    assert Counter((row["reason"], row["sampling_probability"]) for row in left_out) == {("not_drawn", 1 / 3): 4}
    assert {row["sampling_probability"] for row in surveys(agency, "scheduled")} == {1 / 3}
    for _ in range(3):
        agency.post()
        agency.now.move(days=1)
    assert len(surveys(agency, "posted")) == 2, "one a day in the channel"
    agency.now.move(days=15)
    assert planned(agency) == 2
    contacts = {row["contact_id"] for state in ("posted", "scheduled") for row in surveys(agency, state)}
    assert len(contacts) == 4


def test_for_want_of_room_a_turn_is_put_off_a_day_and_says_why(agency: Agency) -> None:
    planned(agency)
    agency.row(tables.survey, account_id=agency.globex, token="elsewhere", instrument="csat", wording_version="1",
               locale="en", state="posted", posted_at=agency.now(), recorded_at=agency.now(), channel_id="C0ACME",
               place="thread")  # fmt: skip
    agency.post()
    (waiting,) = surveys(agency, "scheduled")
    assert (waiting["reason"], waiting["due_at"]) == ("channel_budget", agency.now() + DAY)
    agency.now.move(days=1)
    agency.post()
    assert surveys(agency, "posted")[0]["reason"] is None


def test_accounts_that_have_left_are_left_alone_and_a_renewal_brings_the_turn_forward(agency: Agency) -> None:
    half_yearly = programme(key="relationship", instrument=Instrument.NPS, kinds=(), every=180 * DAY,
                            before_renewal=120 * DAY)  # fmt: skip
    agency.policy = policy(half_yearly, budget=FLOOR_ONLY)
    ended, renewing = date(2026, 9, 1), date(2027, 2, 1)
    agency.row(tables.account_term, account_id=agency.acme, starts_on=date(2025, 1, 1), ends_on=ended)
    assert planned(agency) == 0
    agency.set(tables.account_term, ends_on=renewing)
    asked_at = datetime(2026, 6, 1, tzinfo=UTC)
    agency.row(tables.survey, account_id=agency.acme, contact_id=agency.carla, token="before", instrument="nps",
               wording_version="1", locale="en", state="expired", posted_at=asked_at, recorded_at=asked_at,
               programme="relationship")  # fmt: skip
    agency.now.at = datetime(2026, 9, 25, tzinfo=UTC)
    assert planned(agency) == 1
    due = surveys(agency, "scheduled")[0]["due_at"]
    assert due.date() == date(2026, 10, 3)  # 120 days before the renewal, long before 180 days are over


def test_a_cancelled_turn_comes_again_in_the_next_round_only(agency: Agency) -> None:
    planned(agency)
    agency.surveys.cancel(surveys(agency, "scheduled")[0]["survey_id"], ANNA, "they are on holiday")
    assert planned(agency) == 0
    agency.now.move(days=80)
    assert planned(agency) == 1


def test_who_opted_out_has_no_turn(agency: Agency) -> None:
    agency.set(tables.contact, opted_out_at=agency.now())
    assert planned(agency) == 0


def test_strangers_have_no_turn_until_somebody_says_who_they_are(agency: Agency) -> None:
    agency.contact("slack:1:T0OTHER0:U0OTTO", agency.acme, "otto", slack_user_id="U0OTTO", slack_team_id=GLOBEX)
    assert planned(agency) == 1
    assert surveys(agency, "scheduled")[0]["contact_id"] == agency.carla


def test_contacts_joined_by_a_third_are_one_person(agency: Agency) -> None:
    agency.set(tables.contact, email="carla@acme.example")
    agency.contact("c2", agency.globex, "Carla", slack_user_id="U0CARLA")
    agency.contact("c3", agency.quiet, "C. Client", email="Carla@acme.example", slack_user_id="U0OTHER")
    planned(agency)
    asked = Counter(row["state"] for row in agency.rows(tables.survey) if row["programme"] == "relationship")
    assert asked["scheduled"] == 1


def test_the_clock_plans_once_a_local_day(agency: Agency) -> None:
    """Globex gets a contact after the day was planned: their turn is noticed at midnight in Berlin."""
    job = plan_surveys.Planned(agency.surveys, agency.now)
    plan_surveys.run(job)
    agency.contact("gil", agency.globex, "Gil Globex", slack_user_id="U0GIL", slack_team_id=GLOBEX)
    agency.now.at = datetime(2026, 9, 16, 21, 59, tzinfo=UTC)
    plan_surveys.run(job)
    assert len(surveys(agency, "scheduled")) == 1
    agency.now.move(minutes=1)
    plan_surveys.run(job)
    plan_surveys.run(job)
    assert len(surveys(agency, "scheduled")) == 2


def test_a_day_whose_planning_failed_is_planned_at_the_next_tick(agency: Agency) -> None:
    agency.chance = lambda: 1 / 0
    job = plan_surveys.Planned(agency.surveys, agency.now)
    with pytest.raises(ZeroDivisionError):
        plan_surveys.run(job)
    agency.chance = lambda: 0.0
    job.surveys = agency.surveys
    plan_surveys.run(job)
    assert len(surveys(agency, "scheduled")) == 1

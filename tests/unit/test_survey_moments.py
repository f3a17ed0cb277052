"""The right moment: in the client's working days and hours, in their zone, away from their holidays."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.model import Instrument
from kpi.policy import Calendar, Calendars
from kpi.policy.surveys import Programme
from kpi.services.surveys.moments import of_client, right_moment
from kpi.stats.business_time import next_open

BERLIN, TOKYO = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Tokyo")
WEEK = dict.fromkeys(range(5), ((540, 1020),))
DEFAULT = Calendar(BERLIN, WEEK, closed=frozenset({date(2026, 12, 23)}))
FRENCH = Calendar(ZoneInfo("Europe/Paris"), {0: ((600, 720),)})
CALENDARS = Calendars({"default": DEFAULT, "french": FRENCH}, accounts={"bijou": "french"})
ROUND = Programme("round", Instrument.NPS, never_on=frozenset({0, 4}))


def at(words: str) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "asked", "moment"),
    [
        ("Europe/Berlin", "2026-09-16T10:00", "2026-09-16T10:00"),  # a Wednesday at noon
        ("Europe/Berlin", "2026-09-16T18:00", "2026-09-17T07:00"),  # after hours
        ("Europe/Berlin", "2026-09-17T15:30", "2026-09-22T07:00"),  # Thursday evening → Tuesday: no Friday, no Monday
        ("Asia/Tokyo", "2026-09-16T10:00", "2026-09-17T00:00"),  # it is evening there
        ("Europe/Berlin", "2026-12-22T17:00", "2026-12-24T08:00"),  # closed on the 23rd
        ("Europe/Berlin", "2026-12-24T17:00", "2026-12-29T08:00"),  # Christmas, the weekend, a Monday
        ("America/New_York", "2026-11-26T15:00", "2026-12-01T14:00"),  # Thanksgiving, Friday, weekend, Monday
        ("Moon/Base", "2026-09-16T10:00", "2026-09-16T10:00"),  # nobody knows: the workspace's own hours
        (None, "2026-09-16T18:00", "2026-09-17T07:00"),
    ],
)
def test_a_question_waits_for_the_clients_own_working_hours(zone: str | None, asked: str, moment: str) -> None:
    assert right_moment(ROUND, of_client(CALENDARS, "acme", zone, BERLIN), at(asked)) == at(moment)


def test_an_account_can_have_a_calendar_of_its_own() -> None:
    assert of_client(CALENDARS, "bijou", "Asia/Tokyo", BERLIN) is FRENCH
    tokyo = of_client(CALENDARS, "acme", "Asia/Tokyo", BERLIN)
    assert (tokyo.timezone, tokyo.country, tokyo.opening_minutes) == (TOKYO, "JP", WEEK)


def test_at_any_hour_means_any_hour_but_not_any_day() -> None:
    always = Programme("always", Instrument.CSAT, ("call",), working_hours=False)
    assert right_moment(always, DEFAULT, at("2026-09-19T23:00")) == at("2026-09-19T23:00")
    weekdays = Programme("weekdays", Instrument.CSAT, ("call",), working_hours=False, never_on=frozenset({5, 6}))
    assert right_moment(weekdays, DEFAULT, at("2026-09-18T23:00")) == at("2026-09-20T22:00")


def test_a_calendar_that_never_opens_holds_nothing_up_for_ever() -> None:
    assert next_open(Calendar(BERLIN, {}), at("2026-09-16T10:00")) == at("2026-09-16T10:00")


@given(
    instant=st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001
    zone=st.sampled_from(["Europe/Berlin", "America/St_Johns", "Asia/Kolkata", "Pacific/Apia", "Africa/Casablanca"]),
)
def test_the_moment_is_never_before_it_was_asked_for_and_always_a_right_one(instant: datetime, zone: str) -> None:
    calendar = of_client(CALENDARS, "acme", zone, BERLIN)
    moment = right_moment(ROUND, calendar, instant)
    local = moment.astimezone(calendar.timezone)
    assert moment >= instant
    assert local.weekday() in (1, 2, 3)
    assert 9 <= local.hour < 17
    assert right_moment(ROUND, calendar, moment) == moment

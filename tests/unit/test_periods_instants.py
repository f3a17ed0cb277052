"""A local day begins at one instant, in every zone and on every day."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi.periods import bounds, local_day, midnight, parse

ZONES = ["Europe/Berlin", "America/Sao_Paulo", "Africa/Cairo", "America/Havana", "Asia/Beirut", "Australia/Lord_Howe"]


@pytest.mark.parametrize(
    ("zone", "day", "begins"),
    [
        ("America/Sao_Paulo", "2018-11-04", "2018-11-04T01:00:00-02:00"),
        ("Africa/Cairo", "2024-04-26", "2024-04-26T01:00:00+03:00"),
        ("America/Havana", "2024-03-10", "2024-03-10T01:00:00-04:00"),
        ("America/Toronto", "1919-03-31", "1919-03-31T00:30:00-04:00"),
        ("Pacific/Apia", "2011-12-30", "2011-12-31T00:00:00+14:00"),
        ("America/Havana", "2024-11-03", "2024-11-03T00:00:00-04:00"),
        ("Europe/Berlin", "2026-03-29", "2026-03-29T00:00:00+01:00"),
    ],
)
def test_a_day_begins_at_its_first_instant_that_exists(zone: str, day: str, begins: str) -> None:
    found = midnight(date.fromisoformat(day), ZoneInfo(zone))
    assert found == datetime.fromisoformat(begins)
    assert found.tzinfo is UTC


@settings(deadline=None)
@given(st.dates(date(1990, 1, 1), date(2037, 12, 31)), st.sampled_from(ZONES))
def test_the_second_before_a_midnight_belongs_to_the_day_before(day: date, name: str) -> None:
    zone = ZoneInfo(name)
    first = midnight(day, zone)
    assert local_day(first, zone) == day
    assert local_day(first - timedelta(seconds=1), zone) < day


def test_a_quarter_over_a_clock_change_is_an_hour_short() -> None:
    quarter = parse("2026-Q1", as_of=datetime(2026, 5, 1, tzinfo=UTC), zone=ZoneInfo("Europe/Berlin"))
    first, end = bounds(quarter, ZoneInfo("Europe/Berlin"))
    assert end - first == timedelta(days=90, hours=-1)

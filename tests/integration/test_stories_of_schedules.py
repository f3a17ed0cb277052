"""What happened to others with schedules, told again with ours. The numbers are those of `docs/stories.md`."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from bot.clock import next_fire
from kpi.errors import KpiError
from kpi.store import tables
from kpi.store.store import Store
from tests.digest_office import MONDAY, Office

NEW_YORK = "America/New_York"


@pytest.fixture
def office(store: Store) -> Office:
    return Office(store)


@pytest.mark.parametrize("cron", ["0 9 * * 1", "1 9 * * 1", "59 8 * * 1"])
def test_story_02_a_schedule_edited_in_the_second_it_strikes_does_not_strike_again(office: Office, cron: str) -> None:
    office.subscribe()
    office.now.at = MONDAY
    assert office.tick() == 1
    office.subscribe(cron=cron)
    for _ in range(10):
        office.tick()
        office.now.move(seconds=30)
    assert [state for _, state in office.ledger] == ["queued"]
    assert len(office.sent) == 1


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(racers=st.integers(2, 12), weeks=st.integers(1, 4))
def test_story_04_however_many_race_for_the_ledger_each_week_has_one_winner(
    store: Store, racers: int, weeks: int
) -> None:
    office = Office(store)
    channel = f"C0RACE{len(office.portfolio.rows(tables.digest_subscription)):03}"
    office.directory.shared[channel] = False
    subscription = office.subscribe(channel_id=channel)
    posts: Counter[int] = Counter()
    for week in range(weeks):
        office.now.at = MONDAY + timedelta(weeks=week, hours=1)
        line = threading.Barrier(racers)

        def race(_: int, line: threading.Barrier = line) -> int:
            line.wait()
            return office.digests.post(subscription, lambda digest: {"text": digest.period.key})

        with ThreadPoolExecutor(racers) as pool:
            posts[week] = sum(pool.map(race, range(racers)))
    assert list(posts.values()) == [1] * weeks
    runs = [row for row in office.portfolio.rows(tables.digest_run) if row["subscription_id"] == subscription]
    assert len({row["period_key"] for row in runs}) == len(runs) == weeks


@pytest.mark.parametrize("cron", ["0 0 * * 1", "30 2 * * 0", "0 2 * * 0"])
def test_story_08_no_week_is_skipped_or_doubled_when_the_clocks_change(office: Office, cron: str) -> None:
    office.now.at = datetime(2026, 2, 20, tzinfo=UTC)
    office.subscribe(cron=cron, timezone=NEW_YORK)
    for _ in range(10 * 7 * 24):
        office.now.move(hours=1)
        office.tick()
    keys = [key for key, _ in office.ledger]
    assert len(keys) == len(set(keys)) == 10
    first = datetime.fromisocalendar(int(keys[0][:4]), int(keys[0][6:]), 1)
    weeks = [(first + timedelta(weeks=number)).isocalendar() for number in range(10)]
    assert keys == [f"{week.year}-W{week.week:02}" for week in weeks]


@pytest.mark.parametrize("zone", [NEW_YORK, "Europe/Berlin", "Australia/Lord_Howe", "America/Havana", "Africa/Cairo"])
@pytest.mark.parametrize("cron", ["* * * * *", "*/7 * * * *", "30 0-3 * * *"])
def test_story_09_no_schedule_stands_still_or_goes_round_in_circles_when_the_clocks_change(
    zone: str, cron: str
) -> None:
    for month in range(1, 13):
        at = datetime(2026, month, 1, tzinfo=UTC)
        turning = [at + timedelta(days=day) for day in range(31)]
        moved = [
            day
            for day, later in pairwise(turning)
            if day.astimezone(ZoneInfo(zone)).utcoffset() != later.astimezone(ZoneInfo(zone)).utcoffset()
        ]
        for day in moved:
            struck = [day]
            while struck[-1] < day + timedelta(days=1):
                struck.append(next_fire(cron, zone, struck[-1]))
                assert struck[-1] > struck[-2]
            assert len(struck) <= 25 * 60 + 1


def test_story_10_a_weekly_report_cannot_come_every_hour_whatever_its_schedule_says(office: Office) -> None:
    with pytest.raises(KpiError, match="strikes more than once in a period of a weekly digest"):
        office.subscribe(cron="0 * * * *")
    office.subscribe()
    with office.store.transaction() as tx:
        tx.run(update(tables.digest_subscription).values(cron="0 * * * *", next_due_at=MONDAY))
    office.now.at = MONDAY
    for _ in range(7 * 24):
        office.tick()
        office.now.move(hours=1)
    assert len(office.sent) == len({key for key, _ in office.ledger}) <= 2

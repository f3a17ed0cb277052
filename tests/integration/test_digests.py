"""A digest's period is posted once, whatever the number of replicas, restarts and clock changes."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from kpi.errors import KpiError, Refused
from kpi.store import tables
from kpi.store.store import Store
from tests.digest_office import MONDAY, Office, words


@pytest.fixture
def office(store: Store) -> Office:
    return Office(store)


def test_nothing_is_posted_before_it_is_due_and_the_week_before_is_when_it_is(office: Office) -> None:
    office.subscribe()
    assert office.tick() == 0
    office.now.at = MONDAY
    assert office.tick() == 1
    assert office.sent == ["2026-W40 late=False"]
    assert office.ledger == [("2026-W40", "queued")]


def test_a_digest_carries_numbers_so_it_goes_to_our_own_people_only(office: Office) -> None:
    office.subscribe()
    office.now.at = MONDAY
    office.tick()
    row = office.only(tables.delivery)
    assert (row["audience"], row["channel_id"], row["responsible"]) == ("internal", "C0TEAM", "U0ANNA")
    assert row["dedupe_key"].endswith(":2026-W40")
    assert office.queue.jobs == [("deliver", {"delivery_id": row["delivery_id"]}, "1:C0TEAM", False)]


def test_ticking_again_and_again_posts_each_week_once(office: Office) -> None:
    office.subscribe()
    for _ in range(3 * 7 * 24):
        office.now.move(hours=1)
        office.tick()
    assert [key for key, _ in office.ledger] == ["2026-W40", "2026-W41", "2026-W42"]
    assert len(office.sent) == 3


def test_of_many_replicas_ticking_at_once_one_posts(office: Office) -> None:
    subscription = office.subscribe()
    office.now.at = MONDAY
    gate = threading.Barrier(8)

    def replica(_: int) -> int:
        gate.wait()
        return office.digests.post(subscription, words)

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(replica, range(8))) == [0] * 7 + [1]
    assert len(office.sent) == 1


def test_a_replica_whose_clock_was_set_back_cannot_post_a_period_again(office: Office) -> None:
    office.subscribe()
    office.now.at = MONDAY
    office.tick()
    office.subscribe()  # as set anew while the clock is wrong: the same period falls due again
    with office.store.transaction() as tx:
        tx.run(tables.digest_subscription.update().values(next_due_at=MONDAY))
    office.now.at = MONDAY + timedelta(minutes=1)
    assert office.tick() == 0
    assert len(office.sent) == 1


def test_a_failure_while_composing_leaves_no_trace_and_the_next_tick_posts(office: Office) -> None:
    office.subscribe()
    office.now.at = MONDAY
    with pytest.raises(ZeroDivisionError):
        office.digests.post(office.digests.due()[0], lambda digest: {"text": digest.surveys.asked / 0})
    assert office.ledger == []
    assert office.tick() == 1


@pytest.mark.parametrize(
    ("rule", "states"),
    [
        ("skip", ["skipped", "skipped", "skipped"]),
        ("latest", ["skipped", "skipped", "queued"]),
        ("all", ["queued", "queued", "queued"]),
    ],
)
def test_after_three_weeks_of_downtime_the_rule_decides_and_every_week_is_accounted_for(
    office: Office, rule: str, states: list[str]
) -> None:
    office.windows["weekly"] = timedelta(days=30)
    office.subscribe(catch_up=rule)
    office.now.at = MONDAY + timedelta(weeks=2, hours=3)
    office.tick()
    assert office.ledger == list(zip(["2026-W40", "2026-W41", "2026-W42"], states, strict=True))
    assert all(text.endswith("late=True") for text in office.sent)
    assert len(office.sent) == states.count("queued")
    assert office.only(tables.digest_subscription)["next_due_at"] == datetime(2026, 10, 26, 8, tzinfo=UTC)
    for row in office.portfolio.rows(tables.digest_run):
        assert bool(row["reason"]) == (row["state"] == "skipped")


def test_a_week_due_too_long_ago_is_skipped_even_when_it_is_the_latest(office: Office) -> None:
    office.subscribe()
    office.now.at = MONDAY + timedelta(days=3)
    assert office.tick() == 0
    assert office.ledger == [("2026-W40", "skipped")]


def test_a_cadence_without_a_window_is_not_caught_up_with(office: Office) -> None:
    office.windows.clear()
    office.subscribe()
    office.now.at = MONDAY + timedelta(hours=1)
    assert office.tick() == 0
    assert office.ledger == [("2026-W40", "skipped")]


@pytest.mark.parametrize(
    ("sunday", "week"),
    [(datetime(2026, 10, 25, tzinfo=UTC), "2026-W43"), (datetime(2026, 3, 29, tzinfo=UTC), "2026-W13")],
    ids=["the longer day", "the shorter day"],
)
@pytest.mark.parametrize("cron", ["30 2 * * 0", "0 0 * * 1", "0 9 * * 1"])
def test_a_week_with_a_clock_change_is_posted_once(office: Office, sunday: datetime, week: str, cron: str) -> None:
    office.now.at = sunday - timedelta(days=2)
    office.subscribe(cron=cron)
    for _ in range(4 * 24 * 4):
        office.now.move(minutes=15)
        office.tick()
    expected = week if cron.endswith("1") else f"{week[:-2]}{int(week[-2:]) - 1}"
    assert [key for key, _ in office.ledger] == [expected]
    assert len(office.sent) == 1


def test_the_week_is_the_one_complete_in_the_workspaces_zone(office: Office) -> None:
    office.now.at = datetime(2026, 10, 4, 12, tzinfo=UTC)
    office.subscribe(cron="0 6 * * 1", timezone="Pacific/Kiritimati")  # Sunday 18:00 in Berlin
    office.now.at = datetime(2026, 10, 4, 16, tzinfo=UTC)
    office.tick()
    assert office.sent == ["2026-W39 late=False"]


def test_new_times_for_a_channel_keep_the_ledger(office: Office) -> None:
    first = office.subscribe()
    office.now.at = MONDAY
    office.tick()
    assert office.subscribe(cron="0 10 * * 1") == first
    office.now.move(hours=2)
    assert office.tick() == 0
    assert len(office.sent) == 1


def test_a_subscription_that_cannot_be_is_refused_in_words(office: Office) -> None:
    for more, fault in (
        ({"cadence": "daily"}, "“daily” is not a cadence"),
        ({"cadence": "half-yearly"}, r"names no KPIs for a half_yearly digest; list some below kpis\.half-yearly"),
        ({"cron": "every monday"}, "not a schedule"),
        ({"cron": "0 9 31 2 *"}, "not a schedule"),
        ({"timezone": "Europe/Atlantis"}, "not a known time zone"),
        ({"cron": "0 9 * * 1,4"}, "more than once in a period"),
        ({"channel_id": "C0GONE"}, "Slack cannot say"),
    ):
        with pytest.raises(KpiError, match=fault):
            office.subscribe(**more)
    with pytest.raises(Refused, match="shared with another organisation"):
        office.subscribe(channel_id="C0ACME")
    assert office.digests.listed() == []


def test_a_kpi_that_cannot_be_computed_is_a_problem_in_the_digest_and_does_not_stop_it(office: Office) -> None:
    office.kpis = ("csat", "clv")
    office.subscribe()
    office.now.at = MONDAY
    digest = office.digests.preview("weekly")
    assert [figure.value.key for figure in digest.figures] == ["csat"]
    assert digest.problems[0].startswith("clv: ")
    assert office.tick() == 1


def test_only_a_known_cadence_can_be_previewed(office: Office) -> None:
    with pytest.raises(KpiError, match="“daily” is not a cadence"):
        office.digests.preview("daily")

"""From what fell due to what a channel reads, and what the ledger says became of it."""

import pytest

from bot.blocks.limits import faults
from bot.blocks.reader import Reader
from bot.jobs import post_digests
from kpi.errors import KpiError
from kpi.store import tables
from kpi.store.store import Store
from tests.builders import BERLIN
from tests.digest_office import MONDAY, Office

READER = Reader("en", BERLIN)


@pytest.fixture
def office(store: Store) -> Office:
    return Office(store)


def test_an_ended_subscription_posts_nothing_more_not_even_what_was_queued(office: Office) -> None:
    subscription = office.subscribe()
    office.now.at = MONDAY
    office.tick()
    office.digests.end(subscription)
    assert office.deliveries.claim(office.only(tables.delivery)["delivery_id"]) is None
    assert office.ledger == [("2026-W40", "skipped")]
    assert office.only(tables.digest_run)["reason"] == "the subscription was ended"
    assert office.digests.listed() == []
    office.now.move(weeks=1)
    assert office.tick() == 0
    with pytest.raises(KpiError, match=f"no digest subscription {subscription}"):
        office.digests.end(subscription)


def test_what_became_of_the_message_stands_in_the_ledger(office: Office) -> None:
    claim = office.claimed()
    office.deliveries.sent(claim, "1790000000.000100")
    run = office.only(tables.digest_run)
    assert (run["state"], run["posted_at"]) == ("posted", MONDAY)


def test_a_digest_slack_refused_is_dead_in_the_ledger_and_says_why(office: Office) -> None:
    claim = office.claimed()
    office.deliveries.refused(claim, "is_archived")
    run = office.only(tables.digest_run)
    assert (run["state"], run["reason"], run["posted_at"]) == ("dead", "is_archived", None)


def test_a_digest_nobody_can_confirm_is_unknown_until_a_human_has_it_resent(office: Office) -> None:
    claim = office.claimed()
    first = claim.delivery_id
    office.deliveries.uncertain(claim, "the connection broke")
    assert office.ledger == [("2026-W40", "unknown")]
    office.deliveries.resend(first, "U0ANNA")
    again = next(row for row in office.portfolio.rows(tables.delivery) if row["resend_of"] == first)
    second = office.deliveries.claim(again["delivery_id"])
    assert second
    office.deliveries.sent(second, "1790000000.000200")
    assert office.ledger == [("2026-W40", "posted")]
    assert office.only(tables.digest_run)["delivery_id"] == again["delivery_id"]


def test_the_job_queues_a_message_slack_would_take_and_does_so_once(office: Office) -> None:
    office.subscribe()
    office.now.at = MONDAY
    post_digests.run(office.digests, READER)
    post_digests.run(office.digests, READER)
    payload = office.only(tables.delivery)["payload"]
    assert payload["text"].startswith("Weekly KPI digest, week 40 of 2026.")
    assert faults(payload) == ()


def test_a_digest_that_fails_does_not_hold_up_the_others(office: Office) -> None:
    broken = office.subscribe()
    with office.store.transaction() as tx:
        tx.run(tables.digest_subscription.update().values(timezone="Europe/Atlantis"))
    office.directory.shared["C0OTHER"] = False
    office.subscribe(channel_id="C0OTHER")
    office.now.at = MONDAY
    with pytest.raises(KpiError, match="Atlantis"):
        post_digests.run(office.digests, READER)
    assert [row["channel_id"] for row in office.portfolio.rows(tables.delivery)] == ["C0OTHER"]
    assert office.digests.due() == [broken]

"""A message that failed is sent again on a human's word, once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from kpi.errors import KpiError
from kpi.store.store import Store
from tests.delivery_office import HELLO, Office


@pytest.fixture
def office(store: Store) -> Office:
    return Office(store)


def test_what_is_not_needed_any_more_is_not_sent_again(office: Office) -> None:
    claim = office.claim()
    office.deliveries.uncertain(claim, "timeout")
    office.survey.wanted = False
    said = office.deliveries.resend(claim.delivery_id, "U0BEN")
    assert said == "It is not needed any more; nothing was sent again."
    assert len(office.queue.jobs) == len([HELLO, *office.notices()])


def test_one_press_resends_once_and_a_second_press_says_so(office: Office) -> None:
    claim = office.claim()
    office.deliveries.uncertain(claim, "timeout")
    assert office.deliveries.resend(claim.delivery_id, "U0BEN") == "Sending it again."
    said = office.deliveries.resend(claim.delivery_id, "U0BEN")
    assert said == "It was already sent again; one press is enough."
    again = office.deliveries.claim(office.queue.jobs[-1][1]["delivery_id"])
    assert again is not None
    assert again.arguments == claim.arguments


def test_of_many_presses_at_once_one_sends_it_again(office: Office) -> None:
    claim = office.claim()
    office.deliveries.uncertain(claim, "timeout")
    gate = Barrier(8)

    def press(_: int) -> str:
        gate.wait()
        return office.deliveries.resend(claim.delivery_id, "U0BEN")

    with ThreadPoolExecutor(8) as presses:
        said = sorted(presses.map(press, range(8)))
    assert said == ["It was already sent again; one press is enough."] * 7 + ["Sending it again."]


@pytest.mark.parametrize(("presses", "told"), [("U0BEN", "U0BEN"), ("", "U0ANNA")])
def test_a_resend_that_fails_is_told_to_whoever_pressed(office: Office, presses: str, told: str) -> None:
    first = office.claim()
    office.deliveries.refused(first, "is_archived")
    office.deliveries.resend(first.delivery_id, presses)
    again = office.deliveries.claim(office.queue.jobs[-1][1]["delivery_id"])
    assert again is not None
    office.deliveries.refused(again, "is_archived")
    assert [row["channel_id"] for row in office.notices()] == [told, "U0ANNA"]


@pytest.mark.parametrize("unknown_first", [True, False])
def test_a_message_that_arrived_is_not_resent(office: Office, unknown_first: bool) -> None:
    claim = office.claim()
    if unknown_first:
        office.deliveries.claim(claim.delivery_id)
    office.deliveries.sent(claim, "1.1")
    said = office.deliveries.resend(claim.delivery_id, "U0BEN")
    assert said == "It did arrive after all; nothing was sent again."


def test_only_failed_deliveries_can_be_resent(office: Office) -> None:
    delivery_id = office.say()
    assert delivery_id is not None
    with pytest.raises(KpiError, match="is queued"):
        office.deliveries.resend(delivery_id, "U0BEN")
    with pytest.raises(KpiError, match="no delivery 999"):
        office.deliveries.resend(999, "U0BEN")

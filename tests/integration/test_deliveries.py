"""A message is said at most once, and whatever cannot be said reaches a human."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest

from kpi.model import Message
from kpi.services.deliveries import HeldBack
from kpi.store.store import Store
from tests.database_clock import let_pass
from tests.delivery_office import HELLO, Office


@pytest.fixture
def office(store: Store) -> Office:
    return Office(store)


def test_an_occasion_is_spoken_of_once(office: Office) -> None:
    first, second = office.say(), office.say(replace(HELLO, payload={"text": "again"}))
    assert first is not None
    assert second is None
    assert [job[1] for job in office.queue.jobs] == [{"delivery_id": first}]


def test_posts_to_one_channel_share_a_lane_and_words_for_one_person_overtake_them(office: Office) -> None:
    office.say()
    office.say(Message("thanks", "person", "C0ACME", {}, "t", method="chat.postEphemeral", user_id="U0CARLA"))
    assert [job[2:] for job in office.queue.jobs] == [("1:C0ACME", False), (None, True)]


def test_a_claim_commits_sending_and_carries_the_methods_arguments(office: Office) -> None:
    delivery_id = office.say(replace(HELLO, thread_ts="1.2"))
    assert delivery_id is not None
    claim = office.deliveries.claim(delivery_id)
    assert claim is not None
    assert office.state(delivery_id) == "sending"
    assert claim.arguments == {"channel": "C0ACME", "thread_ts": "1.2", "text": "How was it?"}


def test_a_sent_message_is_settled_once_and_not_claimed_again(office: Office) -> None:
    claim = office.claim()
    office.deliveries.sent(claim, "1789.1")
    assert office.deliveries.claim(claim.delivery_id) is None
    assert office.survey.fates == ["sent"]


def test_a_message_no_longer_wanted_is_cancelled_before_it_goes(office: Office) -> None:
    delivery_id = office.say()
    assert delivery_id is not None
    office.survey.wanted = False
    assert office.deliveries.claim(delivery_id) is None
    assert office.state(delivery_id) == "cancelled"


def test_one_found_in_sending_becomes_unknown_and_its_human_is_told(office: Office) -> None:
    claim = office.claim()
    assert office.deliveries.claim(claim.delivery_id) is None
    assert office.state(claim.delivery_id) == "unknown"
    assert [(row["channel_id"], row["payload"]) for row in office.notices()] == [
        ("U0ANNA", {"text": f"{claim.delivery_id} is unknown: the program stopped while it was sending"})
    ]


def test_a_late_success_turns_unknown_into_sent(office: Office) -> None:
    claim = office.claim()
    office.deliveries.claim(claim.delivery_id)
    office.deliveries.sent(claim, "1789.1")
    assert office.state(claim.delivery_id) == "sent"
    assert office.survey.fates == ["unknown", "sent"]


def test_a_worker_that_comes_back_late_cannot_speak_for_a_newer_attempt(office: Office) -> None:
    old = office.claim()
    assert office.deliveries.not_sent(old, "refused") is not None
    office.now.move(minutes=1)
    new = office.deliveries.claim(old.delivery_id)
    assert new is not None
    office.deliveries.refused(old, "too late")
    office.deliveries.sent(old, "1.1")
    assert office.state(old.delivery_id) == "sending"


def test_a_rate_limit_closes_the_gate_for_every_worker_and_costs_no_attempt(office: Office) -> None:
    claim = office.claim()
    assert office.deliveries.held(claim, 30).seconds == 30
    with pytest.raises(HeldBack) as wait:
        office.deliveries.claim(claim.delivery_id)
    assert 25 < wait.value.seconds <= 30
    office.now.move(hours=1)
    with pytest.raises(HeldBack):
        office.deliveries.claim(claim.delivery_id)
    let_pass(office.store, 31)
    again = office.deliveries.claim(claim.delivery_id)
    assert again is not None
    assert again.attempt == claim.attempt


def test_a_gate_holds_back_only_its_channel_and_method(office: Office) -> None:
    office.deliveries.held(office.claim(), 30)
    other = office.say(replace(HELLO, channel_id="C0GLOBEX", dedupe_key="survey:2"))
    assert other is not None
    assert office.deliveries.claim(other) is not None


def test_what_certainly_did_not_go_is_tried_with_growing_pauses_and_then_given_up(office: Office) -> None:
    claim, pauses = office.claim(), []
    while wait := office.deliveries.not_sent(claim, "connection refused"):
        pauses.append(wait.seconds)
        assert len(pauses) < 10
        office.now.move(seconds=wait.seconds)
        claim = office.claimed(claim.delivery_id)
    assert pauses == [2, 5, 15, 30, 60, 120, 300, 600, 900]
    assert office.survey.fates == ["dead"]
    assert [row["payload"]["text"] for row in office.notices()] == ["1 is dead: connection refused"]


def test_an_ambiguous_send_is_never_repeated_by_itself(office: Office) -> None:
    claim = office.claim()
    office.deliveries.uncertain(claim, "timeout")
    office.now.move(days=1)
    assert office.deliveries.claim(claim.delivery_id) is None
    row = office.row(claim.delivery_id)
    assert (row["state"], row["error"]) == ("unknown", "timeout")


def test_a_send_given_up_by_many_at_once_is_settled_once(office: Office) -> None:
    claim, gate = office.claim(), Barrier(8)

    def give_up(_: int) -> None:
        gate.wait()
        office.deliveries.uncertain(claim, "timeout")

    with ThreadPoolExecutor(8) as workers:
        list(workers.map(give_up, range(8)))
    assert office.survey.fates == ["unknown"]


def test_operators_are_told_when_nobody_is_responsible(office: Office) -> None:
    office.operators = ("U0OPS", "U0HEAD")
    delivery_id = office.say(replace(HELLO, responsible=None))
    assert delivery_id is not None
    claim = office.deliveries.claim(delivery_id)
    assert claim is not None
    office.deliveries.refused(claim, "is_archived")
    assert {row["channel_id"] for row in office.notices()} == {"U0OPS", "U0HEAD"}


@pytest.mark.parametrize(("kind", "told"), [("thanks", 0), ("answer", 0), ("share", 1), ("reminder", 1)])
def test_thanks_and_answers_that_fail_are_nobodys_business(office: Office, kind: str, told: int) -> None:
    delivery_id = office.say(replace(HELLO, kind=kind))
    assert delivery_id is not None
    office.deliveries.refused(office.claimed(delivery_id), "is_archived")
    assert len(office.notices()) == told


def test_each_of_two_failed_messages_is_told(office: Office) -> None:
    for key in ("survey:1", "survey:2"):
        delivery_id = office.say(replace(HELLO, dedupe_key=key))
        assert delivery_id is not None
        office.deliveries.refused(office.claimed(delivery_id), "is_archived")
    assert [row["payload"]["text"] for row in office.notices()] == ["3 is dead: is_archived", "1 is dead: is_archived"]


def test_a_notice_that_fails_is_not_announced_by_another(office: Office) -> None:
    notice_id = office.say(Message("notice", "person", "U0ANNA", {}, "n"))
    assert notice_id is not None
    claim = office.deliveries.claim(notice_id)
    assert claim is not None
    office.deliveries.refused(claim, "channel_not_found")
    assert office.notices() == []


def test_a_notice_that_does_not_reach_its_human_goes_to_the_operators_and_no_further(office: Office) -> None:
    office.operators = ("U0OPS",)
    office.say(Message("notice", "person", "U0GONE", {"text": "lost"}, "n"))
    for human in ("U0GONE", "U0OPS"):
        claim = office.deliveries.claim(office.queue.jobs[-1][1]["delivery_id"])
        assert claim is not None
        assert claim.channel_id == human
        office.deliveries.refused(claim, "user_not_found")
    assert len(office.queue.jobs) == 2


def test_a_notice_in_a_channel_that_does_not_take_it_goes_to_its_human_directly(office: Office) -> None:
    office.operators = ("U0OPS",)
    whisper = Message("notice", "person", "C0NEW", {"text": "psst"}, "n", method="chat.postEphemeral", user_id="U0ANNA")
    office.say(whisper)
    for place in ("C0NEW", "U0ANNA", "U0OPS"):
        claim = office.deliveries.claim(office.queue.jobs[-1][1]["delivery_id"])
        assert claim is not None
        assert (claim.channel_id, claim.arguments["text"]) == (place, "psst")
        office.deliveries.refused(claim, "user_not_in_channel")
    assert len(office.queue.jobs) == 3


def test_a_whisper_nobody_can_be_sure_of_is_not_said_twice(office: Office) -> None:
    whisper = Message("notice", "person", "C0NEW", {"text": "psst"}, "n", method="chat.postEphemeral", user_id="U0ANNA")
    whispered = office.say(whisper)
    assert whispered is not None
    claim = office.deliveries.claim(whispered)
    assert claim is not None
    office.deliveries.uncertain(claim, "timeout")
    assert office.notices() == []

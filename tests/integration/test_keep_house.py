"""Once a night what has served its time is forgotten, and nothing else."""

from datetime import timedelta
from typing import Any

import pytest

from bot.jobs import keep_house
from kpi.model import Message
from kpi.services.deliveries import HeldBack
from kpi.store import tables, talk
from kpi.store.store import Store
from tests.builders import Portfolio
from tests.post_room import PostRoom

WORDS = {"text": "CSAT 92 %"}
FORGOTTEN = ("answer", "share", "picture", "thanks", "notice", "survey", "reminder", "invitation")


@pytest.fixture
def room(tenant: Store) -> PostRoom:
    nowhere: Any = None
    return PostRoom(tenant, nowhere, nowhere)


def said(room: PostRoom, kind: str, **more: Any) -> int:
    """A message that went just now."""
    delivery_id = room.say(Message(kind, "person", "U0ANNA", WORDS, f"{kind}:1", **more))
    claim = room.deliveries.claim(delivery_id)
    assert claim is not None
    room.deliveries.sent(claim, None)
    return delivery_id


@pytest.mark.parametrize("kind", FORGOTTEN)
def test_what_was_said_to_people_is_forgotten_after_thirty_days(room: PostRoom, kind: str) -> None:
    delivery_id = said(room, kind)
    room.now.move(days=30)
    keep_house.run(room.store, room.now)
    assert room.row(delivery_id)["payload"] == WORDS
    room.now.move(seconds=1)
    keep_house.run(room.store, room.now)
    row = room.row(delivery_id)
    assert (row["state"], row["channel_id"], row["payload"]) == ("sent", "U0ANNA", {})


def test_where_a_letter_went_is_forgotten_with_its_words(room: PostRoom) -> None:
    delivery_id = said(room, "invitation", method="mail")
    room.now.move(days=31)
    keep_house.run(room.store, room.now)
    assert room.row(delivery_id)["channel_id"] == "mail"


def test_digests_and_whatever_still_waits_keep_their_words(room: PostRoom) -> None:
    digest = said(room, "digest")
    waiting = room.say(Message("survey", "client", "C0ACME", WORDS, "waiting"))
    room.now.move(days=400)
    keep_house.run(room.store, room.now)
    assert [room.row(kept)["payload"] for kept in (digest, waiting)] == [WORDS, WORDS]


def test_a_gate_is_kept_while_it_holds_something_back(room: PostRoom) -> None:
    delivery_id = room.say(Message("survey", "client", "C0ACME", WORDS, "held"))
    claim = room.deliveries.claim(delivery_id)
    assert claim is not None
    room.deliveries.held(claim, 30)
    keep_house.run(room.store, room.now)
    with pytest.raises(HeldBack):
        room.deliveries.claim(delivery_id)
    room.let_pass(31)
    keep_house.run(room.store, room.now)
    assert Portfolio(room.store).rows(tables.send_gate) == []


def test_when_a_channel_last_spoke_is_remembered_for_two_days(room: PostRoom) -> None:
    with room.store.transaction() as tx:
        talk.note(tx, "C0ACME", None, room.now())
    for passed, left in ((timedelta(days=2), 1), (timedelta(seconds=1), 0)):
        room.now.at += passed
        keep_house.run(room.store, room.now)
        assert len(Portfolio(room.store).rows(tables.talk)) == left

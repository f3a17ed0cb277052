"""The bot is invited: whoever did is offered, once ever for that channel, to set up its account."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.blocks.limits import faults
from bot.jobs import meet_people
from kpi.model import Person
from kpi.store import tables
from kpi.store.store import Record, Store
from tests.agency import ACME, ANNA, CARLA, HOME, Agency
from tests.stage import Stage, listening

BOT = "U1"
"""Who Bolt says we are."""


@pytest.fixture
def stage(tenant: Store) -> Iterator[Stage]:
    with listening() as ears:
        agency = Agency(tenant)
        agency.directory.people["U0BEN"] = Person("U0BEN", HOME, "Ben Brandt")
        agency.directory.rooms["C0NEW"] = ("U0ANNA", "U0CARLA", "U0NOBODY")
        yield Stage(agency, ears)


def offers(stage: Stage) -> list[Record]:
    return [row for row in stage.agency.messages("notice") if row["dedupe_key"].startswith("offer:")]


def test_the_offer_is_for_the_inviters_eyes_in_that_channel_and_its_button_opens_the_form(stage: Stage) -> None:
    stage.joined("C0NEW", user=BOT, inviter="U0ANNA")
    (offer,) = offers(stage)
    assert (offer["method"], offer["channel_id"], offer["user_id"]) == ("chat.postEphemeral", "C0NEW", "U0ANNA")
    assert (offer["audience"], offer["dedupe_key"]) == ("person", "offer:channel:C0NEW")
    assert faults(offer["payload"]) == ()
    stage.press(offer["payload"], "set_up_account", ANNA)
    form = stage.windows[-1]
    assert form["title"]["text"] == "New account"
    ack = stage.submit(form, ANNA, name="Initech Ltd", starts_on="2024-03-01")
    assert ack["response_action"] == "update"
    made = stage.agency.rows(tables.account)[-1]
    assert (made["name"], made["channel_id"]) == ("Initech Ltd", "C0NEW")


def test_it_is_made_once_however_often_the_event_comes_and_whoever_invites_later(stage: Stage) -> None:
    with ThreadPoolExecutor(6) as deliveries:
        list(deliveries.map(lambda _: stage.joined("C0NEW", user=BOT, inviter="U0ANNA"), range(6)))
    stage.joined("C0NEW", user=BOT, inviter="U0BEN")
    assert len(offers(stage)) == 1
    stage.joined("C0OTHER", user=BOT, inviter="U0BEN")
    assert [offer["channel_id"] for offer in offers(stage)] == ["C0NEW", "C0OTHER"]


def test_a_channel_that_has_an_account_gets_no_offer(stage: Stage) -> None:
    stage.joined("C0ACME", user=BOT, inviter="U0ANNA")
    assert offers(stage) == []


@pytest.mark.parametrize("inviter", ["U0CARLA", "U0GUEST", "U0ROBOT", "U0NOBODY", ""])
def test_people_from_outside_and_unknown_ones_see_nothing_and_leave_the_offer_to_the_next(
    stage: Stage, inviter: str
) -> None:
    stage.joined("C0NEW", user=BOT, inviter=inviter)
    assert offers(stage) == []
    stage.joined("C0NEW", user=BOT, inviter="U0ANNA")
    assert len(offers(stage)) == 1


def test_nobody_is_asked_when_the_bot_came_by_itself_or_somebody_else_came(stage: Stage) -> None:
    stage.joined("C0NEW", user=BOT)
    stage.joined("C0NEW", user="U0BEN", inviter="U0ANNA")
    stage.send({"type": "event_callback", "team_id": HOME, "event": {"type": "member_joined_channel", "user": BOT}})
    assert offers(stage) == []


def test_a_press_after_somebody_else_set_it_up_opens_that_account(stage: Stage) -> None:
    stage.joined("C0NEW", user=BOT, inviter="U0ANNA")
    stage.agency.account("initech", "Initech Ltd", channel_id="C0NEW")
    stage.press(offers(stage)[0]["payload"], "set_up_account", ANNA)
    assert stage.windows[-1]["title"]["text"] == "Edit account"


def test_a_press_by_somebody_from_outside_opens_nothing(stage: Stage) -> None:
    stage.joined("C0NEW", user=BOT, inviter="U0ANNA")
    stage.press(offers(stage)[0]["payload"], "set_up_account", CARLA)
    assert stage.windows == []
    assert "Only full members" in stage.ears.next()["text"]


def test_meanwhile_the_channels_people_are_learnt(stage: Stage) -> None:
    stage.joined("C0NEW", user=BOT, inviter="U0ANNA")
    (job,) = [args for name, args, *_ in stage.agency.queue.jobs if name == "meet_people"]
    meet_people.run(stage.agency.accounts, **job)
    seen = {row["slack_user_id"]: row["slack_team_id"] for row in stage.agency.rows(tables.person)}
    assert seen == {"U0ANNA": HOME, "U0CARLA": ACME}
    assert offers(stage) == stage.agency.messages("notice")

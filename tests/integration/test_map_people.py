"""Who is in an account's channel and no contact is listed to whoever set it up; a press makes them one."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from bot.blocks.limits import faults
from bot.jobs import meet_people
from kpi.model import Actor, Person
from kpi.store import tables
from kpi.store.store import Record, Store
from tests.agency import ACME, ANNA, CARLA, GUEST, HOME, Agency
from tests.stage import Stage, listening

LOUD = "Chris <!channel>"


@pytest.fixture
def stage(tenant: Store) -> Iterator[Stage]:
    with listening() as ears:
        agency = Agency(tenant)
        agency.directory.people |= {
            "U0BEN": Person("U0BEN", HOME, "Ben Brandt"),
            "U0CHRIS": Person("U0CHRIS", ACME, LOUD),
            "U0BOT2": Person("U0BOT2", ACME, "Their bot", is_bot=True),
            "U0GONE": Person("U0GONE", ACME, "Gerd", is_deleted=True),
        }
        everybody = ("U0ANNA", "U0BEN", "U0CARLA", "U0CHRIS", "U0GUEST", "U0BOT2", "U0GONE", "U0ROBOT")
        agency.directory.rooms["C0ACME"] = everybody
        yield Stage(agency, ears)


def introduced(stage: Stage, *, occasion: str = "V1") -> list[Record]:
    """The lists sent so far, after the job ran for a form."""
    told: dict[str, Any] = {"account_id": stage.agency.acme, "user_id": "U0ANNA", "occasion": occasion}
    meet_people.run(stage.agency.accounts, channel_id="C0ACME", **told)
    return [row for row in stage.agency.messages("notice") if row["dedupe_key"].startswith("people:")]


def contacts(stage: Stage) -> dict[str, Record]:
    return {row["slack_user_id"]: row for row in stage.agency.rows(tables.contact)}


def press(stage: Stage, user_id: str, *, by: Actor = ANNA) -> dict[str, Any]:
    """Press the button beside a person; what is said through the response_url."""
    value = json.dumps({"account": stage.agency.acme, "users": [user_id]})
    assert stage.press_value("add_contact", value, by) == {}
    return stage.ears.next()


def texts(message: dict[str, Any]) -> str:
    return json.dumps(message, ensure_ascii=False)


def test_saving_a_form_leads_to_the_list(stage: Stage) -> None:
    stage.command("account", ANNA)
    stage.submit(stage.windows[-1], ANNA, "V7", segment="retail")
    (*_, job) = [args for name, args, *_ in stage.agency.queue.jobs if name == "meet_people"]
    meet_people.run(stage.agency.accounts, **job)
    (told,) = [row for row in stage.agency.messages("notice") if row["dedupe_key"] == "people:V7"]
    assert told["channel_id"] == "U0ANNA"


def test_people_from_outside_are_listed_with_a_button_each_and_one_for_all(stage: Stage) -> None:
    (told,) = introduced(stage)
    card = told["payload"]
    assert faults(card) == ()
    assert (told["method"], told["channel_id"]) == ("chat.postMessage", "U0ANNA")
    named = [block["text"]["text"] for block in card["blocks"] if "accessory" in block]
    assert named == ["Chris &lt;!channel&gt; <@U0CHRIS>", "Gina Guest (guest) <@U0GUEST>"]
    assert "Contacts already: Carla Client." in texts(card)
    assert "Add all 2" in texts(card)


def test_the_list_is_sent_once_for_each_form_and_not_at_all_where_everybody_is_known(stage: Stage) -> None:
    introduced(stage)
    assert len(introduced(stage)) == 1
    assert len(introduced(stage, occasion="V2")) == 2
    stage.agency.accounts.add_contacts(stage.agency.acme, ("U0CHRIS", "U0GUEST"), ANNA)
    assert len(introduced(stage, occasion="V3")) == 2


def test_a_press_makes_a_contact_and_the_list_says_so(stage: Stage) -> None:
    (told,) = introduced(stage)
    shown = press(stage, "U0CHRIS")
    assert shown["replace_original"] is True
    assert faults({"text": shown["text"], "blocks": shown["blocks"]}) == ()
    assert "Contacts already: Carla Client, Chris &lt;!channel&gt;." in texts(shown)
    chris = contacts(stage)["U0CHRIS"]
    assert (chris["name"], chris["slack_team_id"], chris["account_id"]) == (LOUD, ACME, stage.agency.acme)
    assert chris["confirmed_at"] == chris["recorded_at"] == stage.agency.now()
    note = stage.agency.only(tables.audit)
    assert (note["actor"], note["action"], note["subject"]) == ("U0ANNA", "contact.add", f"account:{stage.agency.acme}")
    assert note["after"]["contacts"] == [{"name": LOUD, "slack_user_id": "U0CHRIS", "slack_team_id": ACME}]
    assert told["payload"]["blocks"]


def test_pressing_twice_or_together_changes_nothing_more(stage: Stage) -> None:
    introduced(stage)
    press(stage, "U0CHRIS")
    first = contacts(stage)["U0CHRIS"]
    stage.agency.now.move(minutes=5)
    with ThreadPoolExecutor(5) as presses:
        list(presses.map(lambda _: press(stage, "U0CHRIS"), range(5)))
    assert contacts(stage)["U0CHRIS"] == first
    assert stage.agency.count(tables.audit) == 1


def test_all_are_added_with_one_press(stage: Stage) -> None:
    (told,) = introduced(stage)
    stage.press(told["payload"], "add_all_contacts", ANNA)
    assert "Everybody from outside in <#C0ACME> is a contact of *Acme GmbH*." in texts(stage.ears.next())
    assert set(contacts(stage)) == {"U0CARLA", "U0CHRIS", "U0GUEST"}
    assert len(stage.agency.only(tables.audit)["after"]["contacts"]) == 2


def test_somebody_who_answered_before_is_confirmed_and_keeps_their_contact(stage: Stage) -> None:
    met = f"slack:{stage.agency.acme}:{ACME}:U0CHRIS"
    stage.agency.contact(met, stage.agency.acme, "chris", slack_user_id="U0CHRIS")
    press(stage, "U0CHRIS")
    chris = contacts(stage)["U0CHRIS"]
    assert (chris["key"], chris["name"], chris["slack_team_id"]) == (met, "chris", ACME)
    assert chris["confirmed_at"] == stage.agency.now()


@pytest.mark.parametrize("by", [CARLA, GUEST])
def test_only_our_own_people_can_press(stage: Stage, by: Actor) -> None:
    assert "Only full members" in press(stage, "U0CHRIS", by=by)["text"]
    assert set(contacts(stage)) == {"U0CARLA"}


@pytest.mark.parametrize(
    ("user", "words"),
    [
        ("U0ANNA", "looks after accounts"),
        ("U0BOT2", "no person"),
        ("U0GONE", "no person"),
        ("U0NOBODY", "Slack did not tell who"),
    ],
)
def test_who_cannot_be_a_contact_is_told_why(stage: Stage, user: str, words: str) -> None:
    assert words in press(stage, user)["text"]
    assert set(contacts(stage)) == {"U0CARLA"}


def test_a_button_of_an_account_that_is_gone_or_of_nobody_says_so(stage: Stage) -> None:
    stage.press_value("add_contact", '{"account":999999,"users":["U0CHRIS"]}', ANNA)
    assert "does not exist any more" in stage.ears.next()["text"]
    stage.press_value("add_contact", "nonsense", ANNA)
    assert "not one of ours" in stage.ears.next()["text"]


def test_where_slack_cannot_say_who_is_there_the_press_is_answered_in_words(stage: Stage) -> None:
    stage.agency.directory.rooms.clear()
    answer = press(stage, "U0CHRIS")
    assert answer["text"] == "Chris &lt;!channel&gt; is a contact now."
    assert answer["replace_original"] is False


def test_a_channel_the_bot_does_not_see_is_said_to_be_so(stage: Stage) -> None:
    stage.agency.directory.rooms.clear()
    (told,) = introduced(stage)
    assert "I do not see who is in <#C0ACME>. Invite me there" in told["payload"]["text"]


def test_whom_slack_could_not_tell_is_counted(stage: Stage) -> None:
    stage.agency.directory.rooms["C0ACME"] += ("U0SILENT", "U0MUTE")
    (told,) = introduced(stage)
    assert "Slack did not tell who 2 more are." in texts(told["payload"])


def test_an_account_that_lost_its_channel_or_is_gone_has_nobody_to_list(stage: Stage) -> None:
    stage.agency.set(tables.account, channel_id=None)
    assert introduced(stage) == []
    meet_people.run(stage.agency.accounts, channel_id="C0ACME", account_id=999_999, user_id="U0ANNA", occasion="V2")
    assert stage.agency.messages("notice") == []


def test_a_great_channel_is_learnt_within_bounds_and_the_list_fits(stage: Stage) -> None:
    crowd = [f"U0CROWD{number:03}" for number in range(250)]
    stage.agency.directory.people |= {user: Person(user, ACME, f"Client {user}") for user in crowd}
    stage.agency.directory.rooms["C0ACME"] = tuple(crowd)
    (told,) = introduced(stage)
    assert faults(told["payload"]) == ()
    assert len([user for user in stage.agency.directory.asked if user in crowd]) == 200
    assert "Slack did not tell who 50 more are." in texts(told["payload"])
    introduced(stage, occasion="V2")
    assert len([user for user in stage.agency.directory.asked if user in crowd]) == 250

"""From an invitation to the first number: the bot is invited, offers, is told, and the account can be worked with."""

import json
from typing import Any

from tests.bots import eventually
from tests.world import ACME, HOME, Message, World, button


def invited(world: World, *, inviter: str = "U0ANNA") -> tuple[str, list[str]]:
    """A channel with two people of a client, into which the bot was just brought."""
    number = next(world.numbers)
    channel, people = f"C0FRESH{number:03}", [f"U0FRESH{number:03}{letter}" for letter in "AB"]
    shared = {"is_shared": True, "is_ext_shared": True, "shared_team_ids": [HOME, ACME]}
    members = ["U0ANNA", "U0BEN", "U0SINGLE", *people]
    world.control.post(
        "world",
        users=[{"id": user, "team_id": ACME, "name": user.lower(), "real_name": f"Name of {user}"} for user in people],
        channels=[{"id": channel, "name": channel.lower(), "members": members, **shared}],
    )
    assert world.control.post("join", channel=channel, user="U0KPIBOT", inviter=inviter)["ack"]["error"] is None
    return channel, people


def offers(world: World, channel: str) -> list[Message]:
    return [each for each in world.control.messages(channel) if button(each, "set_up_account")]


def offered(world: World, channel: str) -> Message:
    return eventually(lambda: offers(world, channel), "the offer")[0]


def submitted(world: World, view: dict[str, Any], **values: Any) -> dict[str, Any]:
    told = world.control.post("submit", viewId=view["id"], user="U0ANNA", values=values)
    assert told["ack"]["error"] is None, told
    return told


def set_up(world: World, channel: str, name: str, **more: Any) -> dict[str, Any]:
    """The form from the offer's button, filled in."""
    view = world.press(offered(world, channel), "set_up_account", "U0ANNA")["view"]
    assert view["title"]["text"] == "New account"
    world.owner("U0ANNA")
    return submitted(world, view, name=name, starts_on="2020-01-01", **more)


def press(world: World, message: Message, user_id: str) -> None:
    """The button beside a person."""
    (value,) = [
        block["accessory"]["value"]
        for block in message["blocks"]
        if "accessory" in block and user_id in block["accessory"]["value"]
    ]
    place = {"channel": message["channel"], "messageTs": message["ts"]}
    told = world.control.post("interact", **place, user="U0ANNA", action="add_contact", value=value)
    assert told["ack"]["error"] is None


def test_invited_offered_set_up_mapped_logged_and_counted(world: World) -> None:
    channel, (first, second) = invited(world)
    offer = offered(world, channel)
    assert offer["ephemeral_to"] == "U0ANNA"

    name = f"Fresh {channel[-3:]}"
    saved = set_up(world, channel, name, amount="4500", amount_from="2020-01-01")
    assert f"*{name}* is set up." in json.dumps(saved["view"])
    told = world.told("U0ANNA", f"no contact of *{name}* yet")
    press(world, told, first)
    eventually(lambda: f"Contacts already: Name of {first}" in json.dumps(world.told("U0ANNA", name)), "the new list")

    account = world.rows("SELECT * FROM account WHERE name = %s", name)[0]
    contact = world.rows("SELECT * FROM contact WHERE account_id = %s", account["account_id"])
    assert [(row["slack_user_id"], row["slack_team_id"]) for row in contact] == [(first, ACME)]
    acts = "SELECT action FROM audit WHERE subject = %s ORDER BY audit_id"
    noted = [row["action"] for row in world.rows(acts, f"account:{account['account_id']}")]
    assert noted == ["account.create", "contact.add"]

    opened = world.control.post("command", channel=channel, user="U0ANNA", command="/kpi", text="log")
    submitted(world, opened["view"], contact=str(contact[0]["contact_id"]))
    question = eventually(lambda: [m for m in world.control.messages(channel) if button(m, "survey_score_")], "it")[0]
    assert first in question["text"]
    world.click(question, 5, second)
    assert f"*Client churn 0%* for {name}" in world.kpi(f'churn "{name}"')
    assert "4,500" not in json.dumps(world.control.messages(channel))


def test_the_channel_is_offered_once_whatever_is_repeated(world: World) -> None:
    channel, _ = invited(world)
    offered(world, channel)
    event = {"type": "member_joined_channel", "user": "U0KPIBOT", "channel": channel, "inviter": "U0BEN"}
    for _ in range(3):
        world.control.post("event", event=event, over={"event_id": "Ev0SAME"})
    other, _ = invited(world, inviter="U0BEN")
    offered(world, other)
    assert len(offers(world, channel)) == 1
    keys = "SELECT count(*) AS n FROM delivery WHERE dedupe_key = %s"
    assert world.rows(keys, f"offer:channel:{channel}") == [{"n": 1}]


def test_a_guest_who_invites_is_shown_nothing(world: World) -> None:
    channel, _ = invited(world, inviter="U0SINGLE")
    other, _ = invited(world)
    offered(world, other)
    assert offers(world, channel) == []


def test_an_offer_that_cannot_be_whispered_comes_as_a_direct_message(either: World) -> None:
    either.control.post("faults", method="chat.postEphemeral", kind="error", error="user_not_in_channel")
    channel, _ = invited(either)
    told = either.told("U0ANNA", f"<#{channel}>")
    view = either.press(told, "set_up_account", "U0ANNA")["view"]
    fields = {block["block_id"]: block.get("element") for block in view["blocks"]}
    assert fields["channel"]["initial_conversation"] == channel


def test_the_account_is_edited_in_its_channel_with_people_from_it(world: World) -> None:
    client = world.client(people=2)
    opened = world.control.post("command", channel=client.channel, user="U0ANNA", command="/kpi", text="account")
    view = opened["view"]
    assert view["title"]["text"] == "Edit account"
    search = {"viewId": view["id"], "user": "U0ANNA"}
    people = world.control.post("suggest", **search, action="account_contacts")
    assert people["ack"]["error"] is None
    assert [option["value"] for option in people["option_groups"][0]["options"]] == list(client.people)
    zones = world.control.post("suggest", **search, action="account_zone", value="vienna")
    assert [option["value"] for option in zones["options"]] == ["Europe/Vienna"]
    wrong = submitted(world, view, starts_on="2026-01-01", ends_on="2025-01-01", amount="lots")
    assert set(wrong["errors"]) == {"ends_on", "amount"}
    right = {"starts_on": "2024-01-01", "ends_on": "2025-01-01", "amount": "", "contacts": list(client.people)}
    submitted(world, view, **right, reason="budget", zone="Europe/Vienna")
    row = world.rows("SELECT * FROM account_term WHERE account_id = %s", client.account_id)[0]
    assert (str(row["starts_on"]), str(row["ends_on"]), row["reason"]) == ("2024-01-01", "2025-01-01", "budget")
    confirmed = "SELECT count(*) AS n FROM contact WHERE account_id = %s AND confirmed_at IS NOT NULL"
    assert world.rows(confirmed, client.account_id) == [{"n": 2}]
    (told,) = world.whispered(client.channel, "U0ANNA")
    assert f"*{client.name}* is saved. Changed:" in told["text"]
    assert all("ephemeral_to" in each for each in world.control.messages(client.channel))


def test_guests_cannot_open_it_and_other_organisations_do_not_see_the_command(world: World) -> None:
    told = world.control.post("command", channel="C0ACME", user="U0SINGLE", command="/kpi", text="account")
    assert told["view"] is None
    assert "Only full members" in told["ack"]["body"]["text"]


def test_help_and_a_mistyped_word_lead_to_it(either: World) -> None:
    assert "/kpi account" in either.kpi("help")
    assert "/kpi account" in either.kpi("acount")

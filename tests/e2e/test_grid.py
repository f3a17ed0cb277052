"""Enterprise Grid on either side, on both, on none, and org-wide: everything people do arrives, in their own name."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.bots import started
from tests.conftest import new_database
from tests.world import ACME, GLOBEX, HOME, TRANSPORTS, UNHURRIED, Client, World, new_world

OURS, THEIRS, SISTER = "E0NORTH", "E0GLOBEX", "T0SISTER"
PLACES: dict[str, dict[str, Any]] = {
    "without Grid": {},
    "on Grid": {"enterprise_id": OURS},
    "org-wide": {"enterprise_id": OURS, "org_wide": True},
}
CLIENTS = {"a client without Grid": ACME, "a client on Grid": GLOBEX}
NOT_HANDLED = ("no longer available", "only its people can ask it")


@pytest.fixture(scope="module", params=PLACES)
def anywhere(
    postgres_url: str, migrated_template: str, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[World]:
    """A world of its own and a bot in it: who we are is asked of Slack once."""
    folder = tmp_path_factory.mktemp("grid")
    with new_database(postgres_url, template=migrated_template) as url, new_world(url, folder) as world:
        home = {"id": HOME, **PLACES[request.param]}
        sister = {**PLACES[request.param], "id": SISTER, "org_wide": False}
        world.control.post("world", teams=[home, sister, {"id": GLOBEX, "enterprise_id": THEIRS}])
        with started(world.program("both", **UNHURRIED).launch()) as (bot,):
            world.bot = bot.ready()
            yield world


@pytest.fixture(params=TRANSPORTS)
def world(anywhere: World, request: pytest.FixtureRequest) -> Iterator[World]:
    """People reach the bot over one of the transports, and none of them is ever told that it is not theirs."""
    assert anywhere.bot is not None
    anywhere.speak(anywhere.bot, request.param)
    yield anywhere
    said = json.dumps([each["ack"] for each in anywhere.control.deliveries()])
    assert not [words for words in NOT_HANDLED if words in said]
    assert not [each for each in anywhere.control.deliveries() if each["ack"]["error"]]


@pytest.fixture(params=CLIENTS)
def client(world: World, request: pytest.FixtureRequest) -> Client:
    return world.client(team=CLIENTS[request.param])


def team_of(client: Client, world: World) -> str:
    return str(world.slack.slack.world.users[client.person].team_id)


def answered(world: World, client: Client) -> list[tuple[Any, ...]]:
    query = (
        "SELECT c.slack_user_id, c.slack_team_id, r.score, r.comment FROM reply r JOIN contact c USING (contact_id) "
        "WHERE r.account_id = %s ORDER BY r.reply_id"
    )
    return [tuple(row.values()) for row in world.rows(query, client.account_id)]


def test_what_clients_click_and_write_is_theirs(world: World, client: Client) -> None:
    question, team = world.asked(client), team_of(client, world)
    contact, colleague = client.people[:2]
    for person, score in ((contact, 2), (colleague, 5)):
        assert world.click(question, score, person)["ack"]["error"] is None
        (thanks,) = world.whispered(client.channel, person)
        form = world.press(thanks, "survey_comment", person)["view"]
        sent = world.control.post("submit", viewId=form["id"], user=person, values={"comment": f"{score}, because"})
        assert (sent["ack"]["error"], sent["response_action"]) == (None, "update")
    assert answered(world, client) == [(contact, team, 2, "2, because"), (colleague, team, 5, "5, because")]


def test_our_own_manager_fills_in_a_form(world: World, client: Client) -> None:
    said = world.log(client)
    assert said["ack"]["error"] is None
    assert f"Logged for *{client.name}*" in json.dumps(said["view"])
    (logged,) = world.rows("SELECT logged_by, state FROM interaction JOIN survey USING (interaction_id) "
                           "WHERE interaction.account_id = %s", client.account_id)  # fmt: skip
    assert logged["logged_by"] == "U0ANNA"
    assert world.click(world.question(client), 5, "U0ANNA")["ack"]["error"] is None
    assert "your click was not counted" in world.whispered(client.channel, "U0ANNA")[0]["text"]
    assert answered(world, client) == []


def test_an_event_is_ours_whoever_caused_it(world: World, client: Client) -> None:
    team, cause = team_of(client, world), client.person
    world.rows("INSERT INTO channel (workspace_id, channel_id, is_ext_shared, checked_at) VALUES (1, %s, true, now())",
               client.channel)  # fmt: skip
    organisation = {ACME: ACME, GLOBEX: THEIRS}[team]
    event = {"type": "channel_shared", "channel": client.channel, "connected_team_id": organisation}
    told = world.control.post("event", event={**event, "user": cause, "user_team": organisation})
    assert told["ack"]["error"] is None
    (known,) = world.rows("SELECT checked_at FROM channel WHERE channel_id = %s", client.channel)
    assert known["checked_at"] is None


def test_whoever_brings_the_bot_into_a_channel_is_offered_to_set_it_up(world: World, client: Client) -> None:
    channel = f"{client.channel}NEW"
    world.control.post("world", channels=[{"id": channel, "name": channel.lower(), "members": ["U0ANNA"]}])
    world.control.post("join", channel=channel, user="U0KPIBOT", inviter="U0ANNA")
    assert world.whispered(channel, "U0ANNA")


def test_a_colleague_of_another_workspace_of_our_enterprise_is_no_client(world: World, client: Client) -> None:
    sue = f"U0SUE{client.account_id}"
    world.control.post("world", users=[{"id": sue, "team_id": SISTER, "name": "sue", "real_name": "Sue Sister"}])
    members = ["U0KPIBOT", "U0ANNA", sue, *client.people]
    world.control.post("world", channels=[{"id": client.channel, "members": members}])
    world.click(world.asked(client), 1, sue)
    on_grid = world.slack.slack.world.home.enterprise_id is not None
    assert answered(world, client) == []
    held = world.rows("SELECT score FROM held_answer WHERE slack_user_id = %s", sue)
    assert held == ([] if on_grid else [{"score": 1}]), "without Grid she is of an organisation nobody knows there"

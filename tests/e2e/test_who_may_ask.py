"""Numbers are for full members of our own organisation, and never for a channel another one reads."""

import json
import time
from pathlib import Path

import httpx
import pytest

from sandbox.delivery import COMMAND, encode, sign
from tests.bots import Bot, eventually
from tests.world import ACME, HOME, SLACK, Client, World, new_world

ANSWER = "Client satisfaction 60%"


@pytest.fixture
def satisfied(world: World) -> Client:
    client = world.client()
    question = world.asked(client)
    for person, score in zip(client.people, (1, 2, 4, 5, 5), strict=True):
        world.click(question, score, person)
    return client


def test_in_a_shared_channel_the_answer_comes_as_a_direct_message(world: World, satisfied: Client) -> None:
    asked = f'csat "{satisfied.name}"'
    assert ANSWER in world.kpi(asked)
    here = world.kpi(asked, channel=satisfied.channel)
    assert here == "Other organisations can, or may, read this channel, so the answer comes to you as a direct message."
    world.told("U0ANNA", f"{ANSWER}* for {satisfied.name}")
    assert "60" not in str([message["text"] for message in world.control.messages(satisfied.channel)])


@pytest.mark.parametrize(("user", "channel"), [("U0GUEST", "C0TEAM"), ("U0SINGLE", "C0ACME")])
def test_a_guest_gets_a_polite_no(world: World, user: str, channel: str) -> None:
    refusal = "Only full members of the organisation that runs this bot can ask for KPIs."
    assert world.kpi("csat", user=user, channel=channel) == refusal
    assert world.kpi("list", user=user, channel=channel) == refusal
    logging = world.control.post("command", channel=channel, user=user, command="/kpi", text="log")
    assert logging["view"] is None
    assert "Only full members" in logging["ack"]["body"]["text"]


def signed(bot: Bot, body: str, *, at: float | None = None, secret: str = SLACK.signing_secret) -> httpx.Response:
    timestamp = f"{int(at or time.time())}"
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": sign(secret, timestamp, body),
    }
    return httpx.post(f"{bot.url}/slack/events", content=body.encode(), headers=headers, trust_env=False, timeout=20)


@pytest.mark.parametrize(("team", "words"), [(ACME, ""), (HOME, "Only full members of the organisation")])
def test_a_person_of_another_organisation_gets_no_numbers(replicas: dict[str, Bot], team: str, words: str) -> None:
    asked = {"command": "/kpi", "text": "csat", "user_id": "U0CARLA", "team_id": team, "channel_id": "C0ACME"}
    answer = signed(replicas["http"], encode(COMMAND, {**asked, "trigger_id": "1.2"})[1])
    assert words in answer.text
    assert "satisfaction" not in answer.text


def test_what_slack_did_not_sign_just_now_is_not_believed(replicas: dict[str, Bot]) -> None:
    bot, body = replicas["http"], "command=%2Fkpi&text=csat&user_id=U0ANNA&team_id=T0HOME00"
    assert signed(bot, body, at=time.time() - 3600).status_code == 401
    assert signed(bot, body, secret="guessed").status_code == 401
    unsigned = httpx.post(f"{bot.url}/slack/events", content=body.encode(), trust_env=False)
    assert unsigned.status_code == 401
    assert signed(bot, "payload=%7Bnot json").status_code == 400


def test_whoever_logs_must_be_one_of_us_and_what_is_logged_must_have_happened(either: World) -> None:
    client = either.client()
    opened = either.control.post("command", channel=client.channel, user="U0ANNA", command="/kpi", text="log")
    tomorrow = {"occurred_at": int(time.time()) + 86_400}
    refused = either.control.post("submit", viewId=opened["view"]["id"], user="U0ANNA", values=tomorrow)
    assert "future" in refused["errors"]["occurred_at"]
    count = "SELECT count(*) AS n FROM interaction WHERE account_id = %s"
    assert either.rows(count, client.account_id) == [{"n": 0}]


HEADS_AND_OWNERS = "ask: {members: none, owners: own, groups: {S0HEADS: all}}\noperators: [U0HEAD]\n"


def test_heads_ask_about_everything_owners_about_their_own_and_all_of_it_is_written_down(
    migrated_url: str, tmp_path: Path
) -> None:
    with (
        new_world(migrated_url, tmp_path, access=HEADS_AND_OWNERS) as world,
        world.program("http").running() as bot,
    ):
        world.speak(bot.ready(), "http")
        world.client()
        assert "owner U0ANNA" in world.kpi("csat", user="U0ANNA")
        assert "owner" not in world.kpi("csat", user="U0HEAD")
        refused = "You are not among the people who may ask for KPIs; <@U0HEAD> can change that."
        assert world.kpi("csat", user="U0BEN") == refused
        world.control.post("world", groups=[{"id": "S0HEADS", "users": ["U0BEN"]}])
        assert world.kpi("csat", user="U0BEN") == refused, "for five minutes"
        assert len(world.control.calls("usergroups.users.list")) == 1
        assert "Slack knows the user group S0HEADS (1 in it)" in world.program("http").call("doctor").stdout
        told = json.loads(world.program("http").call("audit", "--json").stdout)
        assert [(row["user"], row["outcome"], row["reason"]) for row in reversed(told)] == [
            ("U0ANNA", "answered", "owner"),
            ("U0HEAD", "answered", "group S0HEADS"),
            *[("U0BEN", "refused", "no rule")] * 2,
        ]


def test_a_channel_that_becomes_shared_gets_no_numbers_from_then_on(world: World) -> None:
    channel = f"C0NEW{next(world.numbers):03}"
    world.control.post("world", channels=[{"id": channel, "name": channel.lower(), "members": ["U0KPIBOT", "U0ANNA"]}])
    assert "Client satisfaction" in world.kpi("csat", channel=channel)
    world.control.post("world", channels=[{"id": channel, "is_shared": True, "is_ext_shared": True}])
    world.control.post("event", event={"type": "channel_shared", "channel": channel, "connected_team_id": ACME})
    eventually(lambda: "direct message" in world.kpi("csat", channel=channel), "the answer to go elsewhere")

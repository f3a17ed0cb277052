"""Where a question goes, and when: the thread, directly, behind a link; after a conversation, and not about what is
not over."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import NullPool, create_engine

from kpi.services.tokens import Tokens
from kpi.store.store import Store
from tests.bots import Bot, eventually
from tests.fair_world import (
    became,
    direct,
    earlier,
    falls_due,
    link_for,
    posted,
    surveys,
    told_by,
    why_not,
)
from tests.world import ACME, Client, World

CLOSED: dict[str, tuple[dict[str, Any], str]] = {
    "archived": ({"is_archived": True}, "the channel is archived"),
    "without the bot": ({"members": ["U0ANNA"]}, "the bot is not in the channel"),
    "disconnected": ({"members": ["U0ANNA"], "is_private": True}, "the channel does not exist any more"),
}
PEOPLE = ["U0KPIBOT", "U0ANNA"]


def close(world: World, client: Client, how: str) -> None:
    """The client's channel takes no messages any more."""
    world.control.post("world", channels=[{"id": client.channel, **CLOSED[how][0]}])


def meet_elsewhere(world: World, client: Client) -> None:
    """Another channel that the bot shares with the client's people."""
    shared = {"is_shared": True, "is_ext_shared": True, "members": [*PEOPLE, *client.people]}
    world.control.post("world", channels=[{"id": f"{client.channel}B", "name": f"{client.name} b".lower(), **shared}])


def page(world: World, path: str, **form: Any) -> httpx.Response:
    """The page behind a link: looked at, or what is posted below it."""
    assert world.bot is not None
    way: dict[str, Any] = {"trust_env": False, "timeout": 20, "follow_redirects": True}
    return httpx.post(world.bot.url + path, data=form, **way) if form else httpx.get(world.bot.url + path, **way)


def test_the_reminder_comes_into_the_thread_then_the_manager_gets_a_link_and_all_are_one_answer(fair: World) -> None:
    client = fair.client()
    survey, question = posted(fair, client), fair.question(client)
    earlier(fair, survey, "3 days")
    _, reminder = eventually(lambda: fair.questions(client)[1:] and fair.questions(client), "the reminder")
    assert reminder["thread_ts"] == question["ts"]
    assert f"<@{client.person}>" not in reminder["text"]
    earlier(fair, survey, "2 days")
    path = link_for(fair, client)
    assert "How satisfied were you" in page(fair, path).text
    assert fair.replies(client) == []
    assert page(fair, f"{path}/answer", score="2").status_code == 200
    for message, score in ((question, 4), (reminder, 5)):
        assert fair.click(message, score, client.person)["ack"]["error"] is None
    page(fair, f"{path}/answer", score="3")
    (reply,) = fair.replies(client)
    assert (reply["score"], reply["contact_id"]) == (3, client.contact_id)
    edits = fair.rows("SELECT score FROM reply_edit WHERE reply_id = %s ORDER BY revision", reply["reply_id"])
    assert [edit["score"] for edit in edits] == [2, 4, 5, 3]
    assert len(fair.questions(client)) == 2


def test_without_a_channel_the_client_is_asked_and_answers_in_a_direct_message(fair: World) -> None:
    client = fair.client()
    fair.rows("UPDATE account SET channel_id = NULL WHERE account_id = %s", client.account_id)
    fair.log(client, account=str(client.account_id))
    assert fair.click(direct(fair, client.person), 4, client.person)["ack"]["error"] is None
    fair.told(client.person, "Your answer has been recorded")
    assert [reply["score"] for reply in fair.replies(client)] == [4]
    assert fair.questions(client) == []
    assert became(fair, client, "answered")["place"] == "dm"


@pytest.mark.parametrize("how", CLOSED)
def test_a_channel_that_closed_since_leads_to_a_direct_message_and_the_owner_is_told(fair: World, how: str) -> None:
    client = fair.client()
    assert "will be asked on" in told_by(fair.log(client, kind="delivery"))
    meet_elsewhere(fair, client)
    close(fair, client, how)
    falls_due(fair, client)
    question = direct(fair, client.person)
    assert CLOSED[how][1] in fair.told("U0ANNA", f"A survey for <#{client.channel}> was not posted")["text"]
    assert fair.click(question, 5, client.person)["ack"]["error"] is None
    assert [reply["score"] for reply in fair.replies(client)] == [5]
    assert fair.questions(client) == []


def test_where_no_channel_is_shared_any_more_the_owner_gets_the_link(fair_either: World) -> None:
    world, client = fair_either, fair_either.client()
    world.log(client, kind="delivery")
    close(world, client, "without the bot")
    falls_due(world, client)
    page(world, f"{link_for(world, client)}/answer", score="5")
    survey = became(world, client, "answered")
    assert (survey["place"], [reply["score"] for reply in world.replies(client)]) == ("link", [5])
    world.told("U0ANNA", f"A survey for <@{client.person}> was not posted")


def test_where_no_place_is_left_the_survey_fails_where_everybody_can_see_it(fair_either: World) -> None:
    world, client = fair_either, fair_either.client()
    world.log(client, kind="visit")
    close(world, client, "archived")
    falls_due(world, client)
    failed = became(world, client, "failed")
    assert failed["reason"] == "is_archived"
    assert "the channel is archived" in world.told("U0ANNA", f"A survey for <#{client.channel}> was not posted")["text"]
    assert "*not delivered*: the channel is archived" in why_not(world, client)


def test_a_conversation_in_the_thread_puts_the_question_off(fair: World) -> None:
    client = fair.client()
    written = fair.control.post("message", channel=client.channel, user=client.person, text="Shall we meet?")
    place = {"channel": client.channel, "messageTs": written["ts"]}
    opened = fair.control.post("shortcut", callback_id="log_interaction_here", user="U0ANNA", **place)
    given = {"contact": str(client.contact_id), "kind": "delivery"}
    told_by(fair.control.post("submit", viewId=opened["view"]["id"], user="U0ANNA", values=given))
    about = {"channel": client.channel, "user": client.people[1], "thread_ts": written["ts"]}
    assert fair.control.post("message", text="And we were all there", **about)["ack"]["error"] is None
    falls_due(fair, client)
    soon = datetime.now(UTC) + timedelta(minutes=10)
    eventually(lambda: surveys(fair, client)[0]["due_at"] > soon, "the question to be put off")
    assert fair.questions(client) == []
    fair.rows("UPDATE talk SET last_at = last_at - interval '16 minutes' WHERE channel_id = %s", client.channel)
    falls_due(fair, client)
    assert fair.question(client)["thread_ts"] == written["ts"]


@pytest.fixture
def token(fair_either: World) -> str:
    engine = create_engine(fair_either.database_url, poolclass=NullPool)
    return Tokens(Store(engine, 1), lambda: datetime.now(UTC)).create("desk", ["write"])


def send(bot: Bot, token: str, path: str, document: dict[str, str]) -> Any:
    headers = {"Authorization": f"Bearer {token}"}
    answer = httpx.post(f"{bot.url}/api/v1/{path}", json=document, headers=headers, trust_env=False, timeout=20)
    assert answer.is_success, answer.text
    return answer.json()


def test_what_another_program_reopens_is_not_asked_about(fair_either: World, token: str) -> None:
    world, client, after = fair_either, fair_either.client(team=ACME), fair_either.client()
    assert world.bot is not None
    case = {"source": "desk", "external_id": client.name}
    about = {"account": client.name.lower().replace(" ", "-"), "contact": client.person, "kind": "delivery"}
    logged = send(world.bot, token, "interactions", {**case, **about, "occurred_at": datetime.now(UTC).isoformat()})
    assert logged["survey"] == "scheduled"
    assert send(world.bot, token, "interactions/reopen", case) == {"changed": True}
    assert "*called off*: the interaction was reopened" in why_not(world, client)
    world.log(after, kind="delivery")
    falls_due(world, client, after)
    world.question(after)
    assert world.questions(client) == []

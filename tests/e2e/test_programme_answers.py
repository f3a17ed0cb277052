"""Who answers, and what is kept of it: two contacts, strangers, changes, nameless answers, and the wish for peace."""

import json
from typing import Any

import pytest

from kpi.services.surveys.words import SUPPRESSED
from tests.bots import eventually
from tests.fair_world import became, posted, surveys, told_by, why_not
from tests.world import GLOBEX, HOME, Client, Message, World, button

_HOLDS = "SELECT count(*) AS rows FROM {} AS each WHERE each::text LIKE %s"


def stranger(world: World, client: Client, team: str, **more: Any) -> str:
    """Somebody in the client's channel who is no contact, of an organisation none of them belongs to."""
    user = f"U0S{client.account_id:04}{team[2:4]}"
    world.control.post("world", users=[{"id": user, "team_id": team, "name": user.lower(), "real_name": user, **more}])
    members = ["U0KPIBOT", "U0ANNA", user, *client.people]
    world.control.post("world", channels=[{"id": client.channel, "members": members}])
    return user


def held(world: World, client: Client) -> list[tuple[Any, ...]]:
    query = "SELECT h.slack_user_id, h.score, h.verdict FROM held_answer h JOIN survey USING (survey_id) "
    return [tuple(row.values()) for row in world.rows(query + "WHERE account_id = %s", client.account_id)]


def decides(world: World, client: Client, action: str) -> Message:
    """Anna presses a button of the card about a stranger; what stands in the card's place then."""
    card = world.told("U0ANNA", f"answered a question to *{client.name}*")
    assert button(card, action), card
    assert world.press(card, action, "U0ANNA")["ack"]["error"] is None
    found = eventually(lambda: [each for each in world.control.messages("U0ANNA") if each["ts"] == card["ts"]
                                and each["text"] != card["text"]], "the card to be replaced")  # fmt: skip
    return found[0]


def scores(world: World, client: Client) -> list[int]:
    return [reply["score"] for reply in world.replies(client)]


def test_two_contacts_of_one_account_are_asked_and_answer_each_for_themselves(world: World) -> None:
    client = world.client()
    contacts = (client.contact_id, world.contact(client.account_id, client.people[1]))
    for number, contact_id in enumerate(contacts):
        posted(world, client, contact_id)
        question = world.questions(client)[number]
        assert f"<@{client.people[number]}>" in question["text"]
        world.click(question, 2 + number, client.people[number])
    assert [(reply["contact_id"], reply["score"]) for reply in world.replies(client)] == [
        (contacts[0], 2),
        (contacts[1], 3),
    ]
    assert len({reply["survey_id"] for reply in world.replies(client)}) == 2


def test_what_a_guest_says_waits_until_the_manager_says_who_it_is(world: World) -> None:
    client = world.client()
    guest = stranger(world, client, HOME, is_restricted=True)
    assert world.click(world.asked(client), 4, guest)["ack"]["error"] is None
    world.whispered(client.channel, guest)
    assert (scores(world, client), held(world, client)) == ([], [(guest, 4, None)])
    assert "1 answer waits" in why_not(world, client)
    assert "1 answer counts now" in decides(world, client, "stranger_new")["text"]
    assert (scores(world, client), held(world, client)) == ([4], [(guest, 4, "counted")])


def test_a_second_organisation_that_is_no_client_is_let_go(world: World) -> None:
    client = world.client()
    otto = stranger(world, client, GLOBEX)
    question = world.asked(client)
    world.click(question, 1, otto)
    assert "counted nowhere" in decides(world, client, "stranger_discard")["text"]
    world.click(question, 5, client.person)
    assert (scores(world, client), held(world, client)) == ([5], [(otto, 1, "discarded")])


def test_an_answer_that_is_changed_counts_once_and_its_history_is_kept(world: World) -> None:
    client = world.client()
    question = world.asked(client)
    for score in (2, 5, 3):
        world.click(question, score, client.person)
    (reply,) = world.replies(client)
    edits = world.rows("SELECT score FROM reply_edit WHERE reply_id = %s ORDER BY revision", reply["reply_id"])
    assert (reply["score"], [edit["score"] for edit in edits]) == (3, [2, 5, 3])
    days = world.rows("SELECT survey_answers FROM account_day WHERE account_id = %s", client.account_id)
    assert sum(day["survey_answers"] for day in days) == 1


def holding(world: World, word: str) -> set[str]:
    """The tables in which a word stands somewhere."""
    names = world.rows("SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'")
    return {row["name"] for row in names if world.rows(_HOLDS.format(row["name"]), f"%{word}%")[0]["rows"]}


def test_an_anonymous_answer_is_nobodys_in_any_table(fair: World) -> None:
    client = fair.client()
    known, colleague = client.people[:2]
    assert holding(fair, colleague) == set()
    fair.rows("UPDATE contact SET name = 'Carla' WHERE contact_id = %s", client.contact_id)
    posted(fair, client, kind="workshop")
    question = fair.question(client)
    before = holding(fair, known)
    for person, score in ((known, 1), (colleague, 4), (colleague, 2)):
        assert fair.click(question, score, person)["ack"]["error"] is None
        form = fair.press(fair.whispered(client.channel, person)[-1], "survey_comment", person)["view"]
        fair.control.post("submit", viewId=form["id"], user=person, values={"comment": "The deploys"})
    thanks = "SELECT 1 FROM delivery WHERE kind = 'thanks' AND channel_id = %s AND state <> 'sent'"
    eventually(lambda: not fair.rows(thanks, client.channel), "the thanks to be noted as sent")
    assert (holding(fair, colleague), holding(fair, known)) == (set(), before)
    assert before <= {"contact", "person"}
    assert [(reply["score"], reply["contact_id"]) for reply in fair.replies(client)] == [(1, None), (2, None)]
    assert surveys(fair, client)[-1]["contact_id"] is None


@pytest.mark.parametrize("below", ["question", "thanks"])
def test_who_wants_to_be_asked_less_is_heeded(world: World, below: str) -> None:
    client = world.client()
    message = world.asked(client)
    if below == "thanks":
        world.click(message, 5, client.person)
        (message,) = world.whispered(client.channel, client.person)
    assert world.press(message, "survey_wish_less", client.person)["ack"]["error"] is None
    told = world.whispered(client.channel, client.person, at_least=1 + (below == "thanks"))
    assert "half as often" in json.dumps(told[-1])
    assert "asked for fewer questions" in why_not(world, client)


def test_who_stopped_is_not_asked_until_they_take_it_back_themselves(world: World) -> None:
    client = world.client()
    world.press(world.asked(client), "survey_wish_stop", client.person)
    (told,) = world.whispered(client.channel, client.person)
    assert became(world, client, "expired")["declined_at"] is not None
    assert f"No question follows: {SUPPRESSED['opted_out']}." in told_by(world.log(client))
    assert f"{client.person} of {client.name} wants no questions" in why_not(world, client)
    assert world.press(told, "survey_wish_again", client.person)["ack"]["error"] is None
    posted(world, client)
    assert len(world.questions(client)) == 2

"""What clients, their colleagues and our own people can do with a question, and what the channel shows of it."""

import pytest

from tests.world import ACME, GLOBEX, World


@pytest.mark.parametrize("team", [ACME, GLOBEX])
def test_a_second_click_changes_the_answer_and_a_colleague_adds_one(world: World, team: str) -> None:
    client = world.client(team=team)
    question = world.asked(client)
    for person, score in ((client.people[0], 2), (client.people[1], 5), (client.people[0], 4), (client.people[0], 4)):
        assert world.click(question, score, person)["ack"]["error"] is None
    assert [reply["score"] for reply in world.replies(client)] == [4, 5]
    assert len(world.questions(client)) == 1


def test_the_channel_never_shows_a_score(world: World) -> None:
    client = world.client()
    question = world.asked(client)
    for person, score in zip(client.people, (1, 2, 3, 4, 5), strict=True):
        world.click(question, score, person)
        world.whispered(client.channel, person)
    public = [message for message in world.control.messages(client.channel) if "ephemeral_to" not in message]
    assert public == [question]


def test_our_own_people_are_told_that_the_question_is_for_the_client(world: World) -> None:
    client = world.client()
    question = world.asked(client)
    assert world.click(question, 5, "U0ANNA")["ack"]["error"] is None
    (words,) = world.whispered(client.channel, "U0ANNA")
    assert words["text"] == "This question is for the client, so your click was not counted."
    assert world.replies(client) == []


def test_a_comment_too_long_is_refused_where_it_stands_and_an_alarm_in_one_is_only_words(either: World) -> None:
    world, client = either, either.client()
    world.click(world.asked(client), 1, client.person)
    (thanks,) = world.whispered(client.channel, client.person)
    form = world.press(thanks, "survey_comment", client.person)["view"]
    sent = {"viewId": form["id"], "user": client.person}
    refused = world.control.post("submit", **sent, values={"comment": "x" * 3001}, force=True)
    assert "3,001 characters" in refused["errors"]["comment"]
    assert world.replies(client)[0]["comment"] is None
    world.control.post("submit", **sent, values={"comment": "<!channel> all is late"})
    assert world.replies(client)[0]["comment"] == "<!channel> all is late"
    kept = world.control.get(f"views/{client.person}")[-1]
    assert "<!channel>" not in str(kept["blocks"])

"""Every verb of `/kpi`, typed and pressed, over Socket Mode and over signed HTTP."""

import json
from typing import Any

import pytest

from tests.bots import eventually
from tests.world import Client, Message, World, button


@pytest.fixture(scope="module")
def clients(shared_world: World, replicas: Any) -> tuple[Client, Client]:
    """Two clients: five of one are satisfied, five of the other are not; the first is called like nobody else."""
    shared_world.speak(replicas["socket"], "socket")
    return satisfied(shared_world, (5, 5, 5, 4, 5)), satisfied(shared_world, (1, 2, 1, 1, 3))


def satisfied(world: World, scores: tuple[int, ...]) -> Client:
    client = world.client()
    question = world.asked(client)
    for person, score in zip(client.people, scores, strict=True):
        world.click(question, score, person)
    return client


def card(world: World, text: str, **more: str) -> dict[str, Any]:
    """The whole answer in the ack."""
    return dict(world.kpi_ack(text, **more)["body"])


def shown(answer: dict[str, Any]) -> str:
    return json.dumps(answer, ensure_ascii=False)


def pressed(world: World, text: str, action: str, channel: str = "C0TEAM") -> Message:
    """The answer to pressing the first button of an answer whose action begins so."""
    world.kpi_ack(text, channel=channel)
    answer = eventually(lambda: [each for each in world.control.messages(channel) if button(each, action)], "it")[-1]
    (shown, before) = button(answer, action) or {}, len(world.control.messages(channel))
    told = world.press(answer, shown["action_id"], "U0ANNA")
    assert told["ack"]["error"] is None, told
    return eventually(lambda: world.control.messages(channel)[before:], f"the answer to {action}")[-1]


def test_the_first_line_says_value_and_scope_and_the_rest_what_it_rests_on(
    world: World, clients: tuple[Client, Client]
) -> None:
    answer = card(world, f'csat "{clients[0].name}"')
    assert answer["response_type"] == "ephemeral"
    assert answer["text"].startswith("*Client satisfaction 100%*") or "100%" in answer["text"]
    assert clients[0].name in answer["text"]
    assert "n = 5" in answer["text"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("csat by account", "worst"),
        ("by account csat last 90 days", "worst"),
        ("trend csat 12m", "Client satisfaction"),
        ("csat trend 13w", "Client satisfaction"),
        ("compare csat 2026-Q2 2026-Q3", "Q3 2026"),
        ("explain csat", "scale 1–5"),
        ("why csat", "scale 1–5"),
        ("list", "churn"),
        ("targets", "80%"),
        ("targets csat", "80%"),
        ("help", "/kpi"),
        ("Kundenzufriedenheit", "Client satisfaction"),
        ("mine csat", "Client satisfaction"),
    ],
)
def test_every_verb_is_answered_in_the_ack(world: World, clients: tuple[Client, Client], text: str, words: str) -> None:
    assert clients
    assert words in shown(card(world, text))


@pytest.mark.parametrize(
    ("text", "words", "suggestion"),
    [
        ("cast", "csat", "csat"),
        ("chrun last quarter", "churn", "churn last quarter"),
        ("csat last quartr", "last quarter", "csat last quarter"),
        ("trend chrun 12m", "churn", "trend churn last month 12 periods"),
    ],
)
def test_a_slip_is_answered_with_buttons_that_ask_what_was_meant(
    world: World, text: str, words: str, suggestion: str
) -> None:
    answer = card(world, text)
    assert words in answer["text"]
    values = [each.get("value") for block in answer["blocks"] for each in block.get("elements", [])]
    assert suggestion in values
    said = pressed(world, text, "kpi_ask:choice")
    assert said["ephemeral_to"] == "U0ANNA"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("csat Qwertz Uiop", "neither an account"),
        ("csat 2026-13", "no month 13"),
        ("compare csat 2026-Q2", "two periods"),
        ("compare csat 2026-Q2 2026-06", "share days"),
        ("trend csat 99m", "1 to 60 periods"),
        ("impact", "Say what changed"),
        ('impact "portal" 2026-02-31', "not a day"),
        ("why-not", "Which account"),
        ("why-not Qwertz Uiop", "no account"),
        ("share list", "What is to be shared"),
        ("why-not mine", "Of one account at a time"),
        ("trend csat by account", "one of by, trend, compare and explain"),
        ("segment", "not a KPI"),
        ("csat account#999999", "no such account"),
    ],
)
def test_what_cannot_be_answered_is_said_in_a_sentence(world: World, text: str, words: str) -> None:
    assert words in shown(card(world, text))


def test_a_name_that_several_bear_is_answered_with_a_choice(world: World) -> None:
    for _ in range(2):
        world.client()
    answer = card(world, "csat client")
    assert "could be" in answer["text"]
    assert "account#" in shown(answer)


def test_why_not_tells_why_an_account_was_not_asked(world: World, clients: tuple[Client, Client]) -> None:
    answer = card(world, f'why-not "{clients[0].name}"')
    assert clients[0].name in answer["text"]


def test_surveys_tells_how_asking_went_with_a_line_for_each_programme(
    world: World, clients: tuple[Client, Client]
) -> None:
    answer = card(world, f'surveys "{clients[0].name}" this year by programme')
    assert f"Surveys of {clients[0].name} in 2026 to date" in answer["text"]
    assert "asked" in answer["text"]


def test_an_impact_comes_as_a_direct_message(world: World, clients: tuple[Client, Client]) -> None:
    answer = card(world, f'impact "new portal {clients[0].name}" 2026-11-01 csat')
    assert "direct message" in answer["text"]
    told = world.told("U0ANNA", f"new portal {clients[0].name}")
    assert "Client satisfaction" in shown(told)


@pytest.mark.parametrize(
    ("action", "words"),
    [("kpi_ask:explain", "scale 1–5"), ("kpi_ask:trend", "Client satisfaction"), ("kpi_ask:by", "by segment")],
)
def test_a_tap_below_an_answer_shows_more(
    world: World, clients: tuple[Client, Client], action: str, words: str
) -> None:
    assert clients
    said = pressed(world, "csat", action)
    assert said["ephemeral_to"] == "U0ANNA"
    assert words in shown(said)


@pytest.mark.parametrize(
    ("text", "again"),
    [
        ("csat by account", "by account csat"),
        ("compare csat 2026-Q2 2026-Q3", "compare csat 2026-Q2 vs 2026-Q3"),
        ("explain csat", "explain csat"),
        ("trend csat 12m", "trend csat last month 12 periods"),
    ],
)
def test_what_is_shared_is_the_very_answer_below_which_it_was_asked(
    world: World, clients: tuple[Client, Client], text: str, again: str
) -> None:
    assert clients
    send = button(pressed(world, text, "kpi_share"), "kpi_share:send") or {}
    assert send.get("value") == again


def test_an_answer_is_shared_to_a_channel_of_ours_and_to_no_other(world: World, clients: tuple[Client, Client]) -> None:
    number = next(world.numbers)
    ours, theirs = f"C0SHARE{number:03}", clients[0].channel
    world.control.post("world", channels=[{"id": ours, "name": ours.lower(), "members": ["U0KPIBOT", "U0ANNA"]}])
    world.kpi_ack(f'share csat "{clients[0].name}"')
    preview = [each for each in world.control.messages("C0TEAM") if button(each, "kpi_share:send")][-1]
    place = {"channel": "C0TEAM", "messageTs": preview["ts"], "user": "U0ANNA", "action": "kpi_share:send"}
    nowhere = world.control.post("interact", **place)
    assert nowhere["ack"]["error"] is None
    for channel in (theirs, ours):
        told = world.control.post("interact", **place, values={"kpi_share:channel": channel})
        assert told["ack"]["error"] is None
    (posted,) = eventually(lambda: world.control.messages(ours), "the shared answer")
    assert "100%" in posted["text"]
    assert "U0ANNA" in shown(posted)
    assert not button(posted, "kpi_")
    assert "100%" not in str([each["text"] for each in world.control.messages(theirs)])


def test_more_periods_than_slack_draws_come_as_a_table_and_a_picture(
    world: World, clients: tuple[Client, Client]
) -> None:
    name = clients[0].name
    term = "INSERT INTO account_term (workspace_id, account_id, starts_on) VALUES (1, %s, '2020-01-01')"
    world.rows(f"{term} ON CONFLICT DO NOTHING", clients[0].account_id)
    answer = card(world, f'trend churn 30w "{name}"')
    assert name in answer["text"]

    def pictures() -> list[Message]:
        return [each for each in world.control.messages("U0ANNA") if each.get("files")]

    assert eventually(pictures, "the picture")


def test_a_question_back_is_not_shared_and_a_share_is_written_down(
    world: World, clients: tuple[Client, Client]
) -> None:
    assert "kpi_share:send" not in shown(card(world, "share chrun"))
    number = next(world.numbers)
    ours = f"C0SHARED{number:03}"
    world.control.post("world", channels=[{"id": ours, "name": ours.lower(), "members": ["U0KPIBOT", "U0ANNA"]}])
    world.kpi_ack(f'share csat "{clients[0].name}" last 90 days')
    preview = [each for each in world.control.messages("C0TEAM") if button(each, "kpi_share:send")][-1]
    place = {"channel": "C0TEAM", "messageTs": preview["ts"], "user": "U0ANNA", "action": "kpi_share:send"}
    assert world.control.post("interact", **place, values={"kpi_share:channel": ours})["ack"]["error"] is None
    (noted,) = world.rows("SELECT verb, kpi_key FROM asked WHERE shared_to = %s", ours)
    assert (noted["verb"], noted["kpi_key"]) == ("share answer", "csat")

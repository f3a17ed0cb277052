"""A workspace whose Slack draws no charts: the whole bot says everything plainer, once, and knows it from then on."""

from collections.abc import Iterator

import pytest

from tests.bots import eventually, started
from tests.world import UNHURRIED, Client, Message, World

DRAWN = {"data_visualization", "data_table", "layout"}


@pytest.fixture(scope="module")
def client(world: World) -> Iterator[Client]:
    with started(world.program("both", **UNHURRIED).launch()) as (bot,):
        world.speak(bot, "socket")
        client = world.client()
        question = world.asked(client)
        for person in client.people:
            world.click(question, 5, person)
        yield client


def kinds(message: Message) -> set[str]:
    return {block["type"] for block in message["blocks"]}


def courses(world: World) -> list[Message]:
    """What Anna was told by direct message of a KPI over time."""
    return [message for message in world.control.messages("U0ANNA") if "Client satisfaction" in message["text"]]


def outcomes(world: World) -> list[str]:
    """What Slack said to each attempt at telling her."""
    calls = world.control.calls("chat.postMessage")
    return [call["outcome"] for call in calls if "Client satisfaction" in call["args"]["text"]]


def test_an_answer_slack_refuses_comes_once_and_plainer_and_the_next_one_right_away(
    world: World, client: Client
) -> None:
    world.control.post("refuses", blocks=[*DRAWN])
    world.kpi("trend csat 12m", channel=client.channel)
    (first,) = eventually(lambda: courses(world), "the answer by direct message")
    assert not kinds(first) & DRAWN
    assert "table" in kinds(first)
    assert outcomes(world) == ["invalid_blocks", "ok"]
    assert eventually(lambda: world.rows("SELECT 1 FROM workspace WHERE rung = 'table'"), "the rung remembered")

    ack = world.kpi_ack("trend csat 12m")["body"]
    assert "table" in kinds(ack)
    world.kpi("trend csat 12m", channel=client.channel)
    eventually(lambda: len(courses(world)) == 2, "the second answer")
    assert outcomes(world) == ["invalid_blocks", "ok", "ok"]

"""kill -9 at any moment: an answer is stored or can be given again, a message is not said twice."""

import random
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from threading import Timer
from typing import Any

import pytest

from sandbox.client import ControlError
from tests.bots import eventually
from tests.world import Client, Message, World

SCORES = (1, 2, 3, 4, 5)


def clicks(world: World, client: Client, question: Message) -> dict[str, bool]:
    """Everybody answers at once; whether Slack saw each click acknowledged."""

    def click(person: str, score: int) -> bool:
        try:
            told: Mapping[str, Any] = world.click(question, score, person)
        except ControlError:
            return False
        return told["ack"]["error"] is None

    with ThreadPoolExecutor(len(client.people)) as pool:
        return dict(zip(client.people, pool.map(click, client.people, SCORES), strict=True))


def stored(world: World, client: Client) -> int:
    """How many answers are stored, which is how many are counted."""
    found = len(world.replies(client))
    assert found == world.counted(client)
    return found


def thanked(world: World, client: Client, person: str) -> str:
    """How often somebody read our thanks; in doubt where the sender was killed while it said them."""

    def look() -> list[dict[str, Any]]:
        of_person = [each for each in world.deliveries(client.channel, "thanks") if each["user_id"] == person]
        return [each for each in of_person if each["state"] in ("sent", "unknown")]

    (thanks,) = eventually(look, f"the thanks to {person}")
    read = [each for each in world.control.messages(client.channel) if each.get("ephemeral_to") == person]
    if thanks["state"] == "unknown":
        return "in doubt" if len(read) <= 1 and "stopped while" in thanks["error"] else f"{len(read)} times, {thanks}"
    return "once" if len(read) == 1 else f"{len(read)} times"


@pytest.mark.parametrize("transport", ["socket", "http"])
def test_clicks_in_flight_are_stored_or_can_be_repeated_and_never_count_twice(world: World, transport: str) -> None:
    clients = [world.client() for _ in range(2)]
    questions: list[Message] = []
    moments = random.Random(transport)  # noqa: S311 no secret
    for client in clients:
        with world.program(transport).running() as bot:
            world.speak(bot, transport)
            questions = questions or [world.asked(each) for each in clients]
            killer = Timer(moments.uniform(0, 0.1), bot.process.kill)
            killer.start()
            acked = clicks(world, client, questions[clients.index(client)])
            killer.join()
            bot.process.wait()
        assert sum(acked.values()) <= stored(world, client) <= len(client.people)
    with world.program(transport).running() as bot:
        world.speak(bot, transport)
        for client, question in zip(clients, questions, strict=True):
            assert all(clicks(world, client, question).values())
            assert sorted(reply["score"] for reply in world.replies(client)) == list(SCORES)
            assert stored(world, client) == len(SCORES)
            assert {thanked(world, client, person) for person in client.people} <= {"once", "in doubt"}


def _asks(call: dict[str, Any], client: Client) -> bool:
    return bool(call["args"].get("channel") == client.channel and call.get("fault") == "slow")


def test_a_question_whose_sender_was_killed_is_not_asked_twice_and_reaches_a_human(world: World) -> None:
    client, program = world.client(), world.program("socket")
    with program.running() as bot:
        world.speak(bot, "socket")
        world.control.post("faults", method="chat.postMessage", channel=client.channel, kind="slow", seconds=2)
        world.log(client)
        eventually(lambda: any(_asks(call, client) for call in world.control.calls("chat.postMessage")), "the attempt")
        bot.kill()
    question = world.question(client)
    with program.running() as bot:
        eventually(lambda: world.deliveries(client.channel)[-1]["state"] == "unknown", "the doubt to be noted")
        world.told("U0ANNA", f"<#{client.channel}>")
        assert world.questions(client) == [question]
        world.speak(bot, "socket")
        world.click(question, 5, client.person)
        assert [row["state"] for row in world.deliveries(client.channel)] == ["sent"]
        assert [reply["score"] for reply in world.replies(client)] == [5]


def test_a_start_killed_while_it_makes_the_tables_leaves_nothing_half_done(empty_world: World) -> None:
    program = empty_world.program("socket")
    started = program.launch()
    eventually(empty_world.migrates, "the migration", seconds=60)
    started.kill()
    with program.running():
        assert empty_world.rows("SELECT 1 AS one FROM kpibot_schema") == [{"one": 1}]

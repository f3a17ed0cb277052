"""kill -9 about every step from the logged meeting to the posted question: asked once, or in doubt and told."""

from collections.abc import Iterator

import pytest

from tests.bots import eventually
from tests.crew import Crew, crew
from tests.deaths import ASKING, Point, matrix
from tests.world import World

STATES = "SELECT state FROM survey WHERE account_id = %s"


@pytest.fixture(scope="module")
def at_work(world: World, request: pytest.FixtureRequest) -> Iterator[Crew]:
    with crew(world, request.param) as found:
        yield found


@pytest.mark.parametrize(("at_work", "point"), matrix(ASKING, (1,), 4), indirect=["at_work"])
def test_a_client_is_asked_once_whenever_the_process_is_killed(at_work: Crew, point: Point) -> None:
    world = at_work.world
    client = world.client()
    at_work.dies(point, lambda: world.log(client))
    eventually(lambda: world.deliveries(client.channel), "the question to be on its way")
    at_work.settled()
    (survey,) = world.rows(STATES, client.account_id)
    questions = world.questions(client)
    if not point.in_doubt:
        assert (survey["state"], len(questions)) == ("posted", 1)
        return
    assert len(questions) == point.arrived
    (delivery,) = world.deliveries(client.channel)
    assert delivery["state"] == "unknown"
    assert "may or may not have arrived" in world.told("U0ANNA", f"<#{client.channel}>")["text"]


@pytest.mark.parametrize("at_work", [1], indirect=True)
def test_a_question_in_doubt_is_asked_on_a_humans_word(at_work: Crew) -> None:
    world = at_work.world
    client = world.client()
    (point,) = (each for each in ASKING if each.name == "before the call")
    at_work.dies(point, lambda: world.log(client))
    world.press(world.told("U0ANNA", f"<#{client.channel}>"), "resend_delivery", "U0ANNA")
    question = world.question(client)
    world.click(question, 4, client.person)
    assert [reply["score"] for reply in world.replies(client)] == [4]
    assert len(world.questions(client)) == 1


@pytest.mark.parametrize("at_work", [1, pytest.param(4, marks=pytest.mark.slow)], indirect=True)
@pytest.mark.parametrize("kind", ["slow", "accept_then_hang"])
def test_a_question_slack_has_when_all_are_killed_is_there_once_and_can_be_answered(at_work: Crew, kind: str) -> None:
    world = at_work.world
    client = world.client()
    at_work.all_die_at(client.channel, kind, lambda: world.log(client))
    at_work.settled()
    assert [row["state"] for row in world.deliveries(client.channel)] == ["unknown"]
    (question,) = world.questions(client)
    world.click(question, 4, client.person)
    assert [row["state"] for row in world.deliveries(client.channel)] == ["sent"]
    assert [reply["score"] for reply in world.replies(client)] == [4]

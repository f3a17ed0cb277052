"""kill -9 about every step from the click to the thanks: what was acknowledged is stored, and counted once."""

from collections.abc import Iterator

import pytest

from sandbox.client import ControlError
from tests.bots import eventually
from tests.crew import Crew, crew
from tests.deaths import AFTER_THE_ACK, BEFORE_THE_ACK, Point, matrix
from tests.world import Client, Message, World


@pytest.fixture(scope="module")
def at_work(world: World, request: pytest.FixtureRequest) -> Iterator[Crew]:
    count, _, transport = str(request.param).partition(" over ")
    with crew(world, int(count), transport) as found:
        yield found


def clicked(world: World, client: Client, question: Message) -> bool:
    """Whether Slack saw the click acknowledged."""
    try:
        return world.click(question, 4, client.person)["ack"]["error"] is None
    except ControlError:
        return False


@pytest.mark.parametrize(
    ("at_work", "point"),
    matrix([*BEFORE_THE_ACK, *AFTER_THE_ACK], ("4 over socket",), "1 over socket", "1 over http"),
    indirect=["at_work"],
)
def test_an_acknowledged_answer_is_stored_and_any_other_can_be_given_again(at_work: Crew, point: Point) -> None:
    world = at_work.world
    client = world.client()
    question = world.asked(client)
    at_work.settled()
    acked = at_work.dies(point, lambda: clicked(world, client, question))
    assert not (acked and point in BEFORE_THE_ACK)
    stored = [reply["score"] for reply in world.replies(client)]
    assert stored == [4] or (not acked and point in BEFORE_THE_ACK)
    assert acked or eventually(lambda: clicked(world, client, question), "an ack for the same click, made again")
    at_work.settled()
    assert [reply["score"] for reply in world.replies(client)] == [4]
    assert world.counted(client) == 1
    assert world.rows("SELECT state FROM survey WHERE account_id = %s", client.account_id) == [{"state": "answered"}]
    thanked = [each for each in world.control.messages(client.channel) if each.get("ephemeral_to") == client.person]
    said_again = stored and not acked
    assert len(thanked) in ((0, 1, 2) if said_again else (point.arrived,))

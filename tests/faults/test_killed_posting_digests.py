"""kill -9 before and after every step from the tick to the posted digest: once a period, or in doubt and told."""

from collections.abc import Iterator

import pytest

from tests.bots import eventually
from tests.crew import Crew, crew
from tests.deaths import POSTING_DIGESTS, Point, matrix
from tests.world import World

RUNS = "SELECT r.state FROM digest_run r JOIN digest_subscription s USING (subscription_id) WHERE s.channel_id = %s"


@pytest.fixture(scope="module")
def at_work(world: World, request: pytest.FixtureRequest) -> Iterator[Crew]:
    with crew(world, request.param) as found:
        world.client()
        yield found


def new_channel(world: World) -> str:
    """A channel of our own people; what its digest shows is published anew."""
    world.rows("TRUNCATE kpi_value CASCADE")
    return world.team_channel()


def state(at_work: Crew, channel: str) -> str:
    """What the ledger says of the only period, once everything has come to an end."""
    eventually(lambda: at_work.world.rows(RUNS, channel), "the ledger")
    at_work.settled()
    (run,) = at_work.world.rows(RUNS, channel)
    return str(run["state"])


@pytest.mark.parametrize(("at_work", "point"), matrix(POSTING_DIGESTS, (1, 4)), indirect=["at_work"])
def test_a_digest_is_posted_once_whenever_its_process_is_killed(at_work: Crew, point: Point) -> None:
    world, channel = at_work.world, new_channel(at_work.world)
    at_work.dies(point, lambda: world.digest_falls_due(channel))
    assert state(at_work, channel) == ("unknown" if point.in_doubt else "posted")
    assert len(at_work.said(channel)) == point.arrived
    if point.in_doubt:
        assert "may or may not have arrived" in world.told("U0HEAD", f"<#{channel}>")["text"]


@pytest.mark.parametrize("at_work", [1, pytest.param(4, marks=pytest.mark.slow)], indirect=True)
@pytest.mark.parametrize("kind", ["slow", "accept_then_hang"])
def test_a_digest_slack_has_when_all_are_killed_is_there_once_and_in_doubt(at_work: Crew, kind: str) -> None:
    world, channel = at_work.world, new_channel(at_work.world)
    at_work.all_die_at(channel, kind, lambda: world.digest_falls_due(channel))
    assert state(at_work, channel) == "unknown"
    assert "may or may not have arrived" in world.told("U0HEAD", f"<#{channel}>")["text"]
    assert len(at_work.said(channel)) == 1

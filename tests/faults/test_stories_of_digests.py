"""What happened to others with reports on a schedule, told again with ours: each period is posted once, none is lost.

The numbers are those of `docs/stories.md`.
"""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

from kpi.store import migrations
from tests.bots import end, eventually
from tests.crew import Crew, crew
from tests.doomed import Fate
from tests.replicas import launch, together
from tests.world import World, new_world

CUT = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
LOOKED = "SELECT 1 FROM digest_subscription WHERE channel_id = %s AND next_due_at > now() + interval '1 minute'"


@pytest.fixture(scope="module")
def of_four(world: World) -> Iterator[Crew]:
    with crew(world, 4) as made:
        world.client()
        yield made


def channel_of(world: World, due_in_seconds: float = -60) -> str:
    """A channel whose weekly digest falls due so many seconds from now."""
    channel = world.team_channel()
    world.digest_falls_due(channel, due_in_seconds)
    return channel


def posted_once(at_work: Crew, channel: str) -> bool:
    """Once everything has come to an end, the channel's digest is there, once, and the ledger says so."""
    eventually(partial(at_work.said, channel), "the digest", seconds=60)
    at_work.settled()
    states = [row["state"] for row in at_work.world.deliveries(channel, "digest")]
    return (len(at_work.said(channel)), states) == (1, ["sent"])


def test_story_01_a_digest_comes_once_however_many_replicas_there_are(of_four: Crew) -> None:
    assert posted_once(of_four, channel_of(of_four.world))


def test_story_03_an_upgrade_with_a_digest_due_posts_it_once(database_url: str, tmp_path: Path) -> None:
    older = create_engine(database_url)
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__path__[0])))
    with older.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0009")
    older.dispose()
    with new_world(database_url, tmp_path) as world:
        world.owner("U0ANNA")
        channel = channel_of(world)
        with together(world.program("both"), Fate(tmp_path / "upgrade"), 3) as replicas:
            at_work = Crew(world, Fate(tmp_path / "upgrade"), replicas)
            assert posted_once(at_work, channel)


@pytest.mark.parametrize("due_in_seconds", [0.3, 1.5], ids=["just after", "just before"])
def test_story_05_a_restart_about_the_hour_neither_misses_nor_repeats(world: World, due_in_seconds: float) -> None:
    with crew(world, 1) as at_work:
        later = channel_of(world, 3600)
        channel = channel_of(world, due_in_seconds)
        eventually(lambda: due_in_seconds > 1 or world.rows(LOOKED, channel), "its hour")
        at_work.all_die()
        assert posted_once(at_work, channel)
        at_work.all_die()
        at_work.replicas[0].ready()
        assert at_work.said(later) == []
        assert len(at_work.said(channel)) == 1
        world.rows("DELETE FROM digest_subscription WHERE channel_id = %s", later)


def test_story_06_two_clocks_are_no_two_reports(world: World, tmp_path: Path) -> None:
    programs = [world.program("both", ARGUMENTS=f"--only {role}") for role in ("clock", "clock", "worker")]
    fate = Fate(tmp_path / "roles")
    replicas = [launch(program, fate) for program in programs]
    try:
        for each in replicas:
            each.listening()
        assert posted_once(Crew(world, fate, replicas), channel_of(world))
    finally:
        end(*replicas)


def test_story_07_a_database_that_fails_in_the_tick_makes_nobody_a_second_leader(of_four: Crew) -> None:
    world = of_four.world
    channels = []
    for _ in range(8):
        channels.append(channel_of(world))
        world.rows(CUT)
    assert [posted_once(of_four, channel) for channel in channels] == [True] * 8

"""Connections as a transaction pooler hands them out: another one for each transaction, closed soon, nothing kept."""

from functools import partial
from pathlib import Path

import pytest

from tests.bots import eventually
from tests.pooler import pooled
from tests.world import UNHURRIED, World, new_world


@pytest.mark.parametrize("transport", ["socket", "http"])
def test_the_loop_works_and_nothing_is_said_twice(migrated_url: str, tmp_path: Path, transport: str) -> None:
    with pooled(migrated_url) as (url, pooler), new_world(migrated_url, tmp_path) as world:
        _is_whole(world, url, transport)
        assert pooler.handed_out > 200


def _is_posted(world: World, channel: str) -> bool:
    return [each["state"] for each in world.deliveries(channel, "digest")] == ["sent"]


def _is_whole(world: World, url: str, transport: str) -> None:
    """Ask, answer, post a digest and answer `/kpi`, all of it several times over the pooler."""
    with world.program(transport, DATABASE_URL=url, **UNHURRIED).running() as bot:
        world.speak(bot.ready(), transport)
        for _ in range(3):
            client = world.client()
            for person, score in zip(client.people, (1, 2, 3, 4, 5), strict=True):
                question = world.asked(client) if person == client.person else world.question(client)
                assert world.click(question, score, person)["ack"]["error"] is None
            channel = world.team_channel()
            world.digest_falls_due(channel)
            eventually(partial(_is_posted, world, channel), "the digest")
            assert len(world.questions(client)) == len(world.control.messages(channel)) == 1
            assert sorted(reply["score"] for reply in world.replies(client)) == [1, 2, 3, 4, 5]
            assert "Client satisfaction" in world.kpi("csat")
        errors = bot.errors.read_text()
        assert "worker_stopped" not in errors, errors
        assert "job_failed" not in errors, errors

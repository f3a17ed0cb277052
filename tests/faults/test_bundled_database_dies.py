"""The bundled PostgreSQL is killed, or finds no room on the disk, under a bot at work: what was acked is kept, and it
comes back by itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.embedded import running
from sandbox.client import ControlError
from tests.bots import Bot
from tests.world import Client, Message, World, new_world

ROOM = "160m"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A world on the bundled database of its own data folder."""
    tmp_path.chmod(0o711)
    with bundled(tmp_path) as made:
        yield made


@contextmanager
def bundled(folder: Path) -> Iterator[World]:
    """A world whose bot and whose tests both live on the bundled database in `folder`."""
    with running(folder / "data") as url, new_world(url, folder) as made:
        yield made


def at_work(world: World) -> Bot:
    return world.program("both", DATABASE_URL="").launch().listening().ready()


def clicked(world: World, client: Client, question: Message, person: str) -> bool:
    """Whether the click was acknowledged and nothing was said of trying again."""
    try:
        told = world.click(question, 4, person)
    except ControlError:
        return False
    return told["ack"]["error"] is None and not world.apologies(client.channel, person)


def postmaster(folder: Path) -> int:
    return int((folder / "data/postgres/postmaster.pid").read_text().splitlines()[0])


def stored(world: World, client: Client) -> set[str]:
    """Who answered, according to a database that may just be coming up."""
    world.reconnect()
    query = "SELECT c.slack_user_id AS who FROM reply r JOIN contact c USING (workspace_id, contact_id) WHERE r.account_id = %s"
    return {row["who"] for row in world.rows(query, client.account_id)}

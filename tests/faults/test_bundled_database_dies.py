"""The bundled PostgreSQL dies, or its disk fills up, under a bot at work: what was acked is kept, and it comes back."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.embedded import running
from tests.bots import eventually
from tests.crowd import Crowd, gathered
from tests.world import World, new_world

MEGABYTE = 1 << 20
MOUNT = ("/bin/mount", "-t", "tmpfs", "-o", "size=200m", "tmpfs")
UNMOUNT = ("/bin/umount", "--lazy")


@contextmanager
def bundled(folder: Path) -> Iterator[World]:
    """A bot on the bundled database of a folder, and its world; nobody but the bot brings the database back."""
    folder.chmod(0o711)
    with (
        running(folder / "data") as url,
        new_world(url, folder) as world,
        world.program("both", DATABASE_URL="").running() as bot,
    ):
        world.bot = bot.ready()
        world.speak(bot, "socket")
        yield world


def is_well(world: World) -> bool:
    """Whether the bot says so of every part."""
    assert world.bot is not None
    try:
        world.bot.ready()
    except AssertionError:
        return False
    return True


def answered_by_all(world: World, crowd: Crowd) -> None:
    """What was acked before is stored, and whoever was told to try again can."""
    eventually(lambda: is_well(world), "the bot to be well again", seconds=60)
    world.reconnect()
    assert crowd.lost() == set()
    crowd.answer(crowd.clicks(), 50)
    assert len(crowd.stored()) == crowd.counted() == len(crowd.clicks())


def server(folder: Path) -> int:
    return int((folder / "data/postgres/postmaster.pid").read_text().splitlines()[0])


def a_process_of(world: World) -> int:
    """One that serves a connection."""
    return int(world.rows("SELECT pg_backend_pid() AS pid")[0]["pid"])


@pytest.mark.parametrize("who", ["the server", pytest.param("one of its processes", marks=pytest.mark.slow)])
def test_it_comes_back_by_itself_when_killed_and_everything_acked_is_there(tmp_path: Path, who: str) -> None:
    with bundled(tmp_path) as world:
        crowd = gathered(world, 5, 3)
        crowd.answer(crowd.clicks()[:5], 50)
        os.kill(server(tmp_path) if who == "the server" else a_process_of(world), signal.SIGKILL)
        crowd.answer(crowd.clicks()[5:10], 50)
        answered_by_all(world, crowd)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own for a folder, small enough to fill."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run([*MOUNT, disk], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("only root of a machine that may mount can fill a disk of its own")
    yield disk
    subprocess.run([*UNMOUNT, disk], check=True)


def fill(disk: Path) -> Path:
    """A file that leaves no room."""
    filler = disk / "filler"
    with filler.open("wb") as file:
        try:
            while True:
                file.write(b"\0" * MEGABYTE)
                file.flush()
        except OSError:
            return filler


def test_a_full_disk_costs_no_answer_and_it_goes_on_once_there_is_room(small_disk: Path) -> None:
    with bundled(small_disk) as world:
        crowd = gathered(world, 12, 5)
        crowd.answer(crowd.clicks()[:12], 50)
        filler = fill(small_disk)
        crowd.answer(crowd.clicks()[12:60], 20)
        assert crowd.told_to_try_again()
        filler.unlink()
        answered_by_all(world, crowd)

"""A PostgreSQL of a test's own, which may be killed and started again at the same address."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from bot.embedded import revive, running
from tests.bots import eventually


@dataclass(frozen=True)
class OwnServer:
    """Kept in `data`; it keeps what was committed even when the machine loses power."""

    data: Path
    url: str

    def end(self, how: signal.Signals = signal.SIGKILL) -> None:
        """Kill it with -9, or have it stop in another way, clients or not."""
        os.kill(int((self.data / "postgres/postmaster.pid").read_text().splitlines()[0]), how)
        self.start()

    def start(self) -> None:
        """Start it again as soon as nothing of it is left, and wait until it answers."""
        eventually(lambda: revive(self.data), "the server to start again")
        eventually(self._answers, "the server to answer")

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url).close()
        except psycopg.OperationalError:
            return False
        return True


@contextmanager
def own_server(folder: Path) -> Iterator[OwnServer]:
    """One in a folder that whoever runs PostgreSQL for root may enter."""
    folder.chmod(0o711)
    with running(folder / "data") as url:
        yield OwnServer(folder / "data", url)

"""kpibot in real processes, forked from one that has everything loaded already: starts are quick, deaths are real."""

import multiprocessing
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from uuid import uuid4

import httpx

from tests.bots import STOP_SECONDS, Program, eventually
from tests.doomed import Fate, Life, live

_FORKING = multiprocessing.get_context("forkserver")
_FORKING.set_forkserver_preload(["tests.doomed", "pandas", "statsmodels.api"])
_LISTENING = "kpibot is listening on "


@dataclass
class Replica:
    """One running kpibot."""

    process: ForkServerProcess
    said: Path
    errors: Path

    @property
    def url(self) -> str:
        """Where it listens, waited for."""

        def look() -> list[str]:
            assert self.process.is_alive(), self.errors.read_text()
            lines = self.said.read_text().splitlines() if self.said.exists() else []
            return [line for line in lines if line.startswith(_LISTENING)]

        return eventually(look, "it to listen")[0].split()[-1]

    def ready(self) -> "Replica":
        """Wait until every part says it is well."""
        url = self.url
        eventually(lambda: httpx.get(f"{url}/readyz", trust_env=False).status_code == 200, "/readyz", seconds=60)
        return self

    def kill(self) -> None:
        """kill -9."""
        self.process.kill()
        self.process.join()

    def died(self) -> bool:
        """Whether it was killed with -9."""
        return self.process.exitcode == -signal.SIGKILL

    def end(self) -> None:
        """SIGTERM, and the end waited for."""
        self.process.terminate()
        self.process.join(STOP_SECONDS + 10)
        if self.process.is_alive():
            self.kill()


def launch(program: Program, fate: Fate, life: Life = live) -> Replica:
    """Start one that leads this life, not waited for."""
    said, errors = (program.folder / f"{uuid4().hex}.{kind}" for kind in ("out", "log"))
    process = _FORKING.Process(target=life, args=(program.variables(), (str(said), str(errors)), fate))
    process.start()
    return Replica(process, said, errors)


@contextmanager
def together(program: Program, fate: Fate, count: int, life: Life = live) -> Iterator[list[Replica]]:
    """So many at work; the list may be changed, and whoever is in it at the end is ended."""
    replicas = [launch(program, fate, life) for _ in range(count)]
    try:
        for each in replicas:
            assert each.url
        yield replicas
    finally:
        for each in replicas:
            os.kill(each.process.pid or 0, signal.SIGTERM) if each.process.is_alive() else None
        for each in replicas:
            each.end()

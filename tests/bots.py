"""kpibot as a program: real processes that run its commands."""

import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import httpx

from tests.forked import ROOT, Forked, called, command, forked

__all__ = ["ROOT", "Bot", "Ended", "Program", "end", "eventually", "started"]
STOP_SECONDS = 10.0
_OURS = re.compile(r"SLACK_|KPIBOT_|DATABASE_URL")
Found = TypeVar("Found")


def eventually(look: Callable[[], Found], what: str, *, seconds: float = 30) -> Found:
    """The first true thing `look` finds; AssertionError with `what` was waited for when it never comes."""
    deadline = time.monotonic() + seconds
    while True:
        found = look()
        if found:
            return found
        assert time.monotonic() < deadline, f"after {seconds:g} s still waiting for {what}"
        time.sleep(0.02)


@dataclass(frozen=True)
class Ended:
    """How a process ended."""

    code: int
    seconds: float
    said: str


@dataclass
class Bot:
    """A running kpibot; `url` is where it listens."""

    process: Forked
    url: str = ""

    @property
    def errors(self) -> Path:
        """What it says on standard error."""
        return self.process.errors

    def listening(self) -> "Bot":
        """Wait for the line that says where it listens."""

        def look() -> str | None:
            first, newline, _ = self.process.said.read_text().partition("\n")
            assert newline or self.process.poll() is None, self.errors.read_text()
            return first if newline else None

        line = eventually(look, "it to listen", seconds=60) or ""
        assert line.startswith("kpibot is listening on "), (line, self.errors.read_text())
        self.url = line.split()[-1]
        return self

    def ready(self) -> "Bot":
        """Wait until every part says it is well."""
        eventually(lambda: self._answer("/readyz") == 200, "/readyz", seconds=60)
        return self

    def terminate(self) -> Ended:
        """SIGTERM, then wait for the end."""
        started = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(STOP_SECONDS + 20)
        return Ended(code, time.monotonic() - started, self.errors.read_text())

    def kill(self) -> None:
        """kill -9."""
        self.process.kill()
        self.process.wait()

    def was_killed(self) -> bool:
        """Whether it ended with -9."""
        return self.process.poll() == -signal.SIGKILL

    def _answer(self, path: str) -> int:
        assert self.process.poll() is None, self.errors.read_text()
        return httpx.get(self.url + path, trust_env=False, timeout=10).status_code


@dataclass(frozen=True)
class Program:
    """How kpibot is started: its variables, and a folder for what it writes."""

    environ: Mapping[str, str]
    folder: Path

    def with_variables(self, **more: str) -> "Program":
        """The same with more variables."""
        return Program({**self.environ, **more}, self.folder)

    def launch(self, *options: str) -> Bot:
        """`kpibot run`, not waited for."""
        return Bot(forked(command, self.variables(), self.folder, "run", *options))

    @contextmanager
    def running(self, *options: str) -> Iterator[Bot]:
        """`kpibot run`, listening; ended afterwards if it still runs."""
        with started(self.launch(*options)) as (bot,):
            yield bot

    def call(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Any other command, to its end."""
        return called(self.variables(), self.folder, *words)

    def variables(self) -> dict[str, str]:
        return {name: value for name, value in os.environ.items() if not _OURS.match(name)} | dict(self.environ)


@contextmanager
def started(*bots: Bot) -> Iterator[tuple[Bot, ...]]:
    """Bots launched at the same time, once all are listening; ended afterwards."""
    try:
        yield tuple(bot.listening() for bot in bots)
    finally:
        end(*bots)


def end(*bots: Bot) -> None:
    """Leave no process behind."""
    for bot in bots:
        if bot.process.poll() is None:
            bot.process.terminate()
    for bot in bots:
        try:
            bot.process.wait(STOP_SECONDS + 10)
        except subprocess.TimeoutExpired:
            bot.kill()

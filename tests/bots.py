"""kpibot as a program: real processes started the way an operator starts them."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

import httpx

ROOT = Path(__file__).parents[1]
COMMAND = (sys.executable, "-m", "bot")
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

    process: subprocess.Popen[str]
    errors: Path
    url: str = ""

    def listening(self) -> "Bot":
        """Wait for the line that says where it listens."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
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
        self.process.communicate(timeout=STOP_SECONDS + 20)
        return Ended(self.process.returncode, time.monotonic() - started, self.errors.read_text())

    def kill(self) -> None:
        """kill -9."""
        self.process.kill()
        self.process.communicate()

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
        errors = self.folder / f"{uuid4().hex}.log"
        with errors.open("w") as log:
            process = subprocess.Popen(
                [*COMMAND, "run", *options],
                cwd=ROOT,
                env=self.variables(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        return Bot(process, errors)

    @contextmanager
    def running(self, *options: str) -> Iterator[Bot]:
        """`kpibot run`, listening; ended afterwards if it still runs."""
        with started(self.launch(*options)) as (bot,):
            yield bot

    def call(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Any other command, to its end."""
        return subprocess.run(
            [*COMMAND, *words], cwd=ROOT, env=self.variables(), capture_output=True, text=True, timeout=60, check=False
        )

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
            bot.process.communicate(timeout=STOP_SECONDS + 10)
        except subprocess.TimeoutExpired:
            bot.kill()

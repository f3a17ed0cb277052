"""`kpibot` as its users run it: a command that ends, and the bot itself while it runs."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from benchmarks.places import bare_variables

ROOT = Path(__file__).parents[1]
LONGEST_SECONDS = 60.0


def kpibot(*words: str, folder: Path) -> Mapping[str, Any]:
    """Run a command over `folder`/data; its JSON document."""
    command = [sys.executable, "-m", "bot", *words, "--json"]
    done = subprocess.run(command, cwd=ROOT, env=bare_variables(folder), capture_output=True, text=True, check=False)  # noqa: S603 our own program
    if done.returncode:
        raise RuntimeError(f"{' '.join(words)}: {done.stderr or done.stdout[:1000]}")
    found: Mapping[str, Any] = json.loads(done.stdout)
    return found


@dataclass(frozen=True, slots=True)
class Running:
    """A process and the first line it said."""

    process: subprocess.Popen[str]
    line: str

    @property
    def url(self) -> str:
        """Where a bot that runs is listening."""
        return self.line.rsplit(maxsplit=1)[-1]

    def is_ready(self) -> bool:
        """Whether a bot that runs says that all of it is well."""
        return httpx.get(f"{self.url}/readyz", trust_env=False, timeout=LONGEST_SECONDS).status_code == 200


@contextmanager
def started(*words: str, environ: Mapping[str, str]) -> Iterator[Running]:
    """A Python program from its first line on; told to end afterwards. RuntimeError when it ends without a word."""
    with subprocess.Popen(  # noqa: S603 our own programs
        [sys.executable, *words],
        cwd=ROOT,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            line = process.stdout.readline() if process.stdout else ""
            if not line:
                raise RuntimeError(f"{words} ended without a word")
            yield Running(process, line)
        finally:
            process.terminate()


@contextmanager
def bot_running(environ: Mapping[str, str]) -> Iterator[Running]:
    """`kpibot run`, ready and warm."""
    with started("-m", "bot", "run", environ=environ) as bot:
        began = time.perf_counter()
        while not bot.is_ready():
            if time.perf_counter() - began > LONGEST_SECONDS:
                raise RuntimeError("the bot did not become ready")
            time.sleep(0.05)
        yield bot

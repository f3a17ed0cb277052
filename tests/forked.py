"""Processes forked from one that has everything loaded: a start takes a moment instead of seconds, all else is real."""

import multiprocessing
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from signal import Signals
from typing import Any
from uuid import uuid4

from bot.cli import main

ROOT = Path(__file__).parents[1]
Life = Callable[..., None]
"""What a process does; its first arguments are its variables and the files for what it says."""

_FORKING = multiprocessing.get_context("forkserver")
_FORKING.set_forkserver_preload(["tests.doomed", "pandas", "statsmodels.api"])


@dataclass
class Forked:
    """One process, spoken to as those of `subprocess`."""

    process: ForkServerProcess
    said: Path
    errors: Path

    @property
    def pid(self) -> int:
        return self.process.pid or 0

    @property
    def returncode(self) -> int | None:
        return self.process.exitcode

    def poll(self) -> int | None:
        """How it ended; None while it runs."""
        return self.process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end; how it ended. subprocess.TimeoutExpired when it takes longer."""
        self.process.join(timeout)
        if self.process.exitcode is None:
            raise subprocess.TimeoutExpired(str(self.process), timeout or 0)
        return self.process.exitcode

    def send_signal(self, number: Signals) -> None:
        """Send it a signal, if it is still there."""
        if self.process.exitcode is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """SIGTERM."""
        self.process.terminate()

    def kill(self) -> None:
        """SIGKILL."""
        self.process.kill()


def forked(life: Life, environ: Mapping[str, str], folder: Path, *more: Any) -> Forked:
    """Start a life; what it says comes into files of the folder."""
    name = uuid4().hex
    said, errors = folder / f"{name}.out", folder / f"{name}.log"
    said.touch()
    errors.touch()
    process = _FORKING.Process(target=life, args=(dict(environ), (str(said), str(errors)), *more))
    process.start()
    return Forked(process, said, errors)


def called(environ: Mapping[str, str], folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """A `kpibot` command to its end."""
    process = forked(command, environ, folder, *words)
    code = process.wait(60)
    return subprocess.CompletedProcess(words, code, process.said.read_text(), process.errors.read_text())


def command(environ: Mapping[str, str], output: tuple[str, str], *words: str) -> None:
    """The life of a `kpibot` command."""
    be_born(environ, output)
    sys.argv = ["kpibot", *words]
    main()


def be_born(environ: Mapping[str, str], output: tuple[str, str]) -> None:
    """Variables, streams and folder as a process started from a shell has them."""
    os.environ.clear()
    os.environ.update(environ)
    os.chdir(ROOT)
    for number, name in enumerate(output, start=1):
        os.dup2(os.open(name, os.O_WRONLY | os.O_APPEND), number)

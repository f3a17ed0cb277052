"""kpibot as a program that ends itself with -9 where it is told to: at a statement of its own, or at a call to Slack.

Where to die stands in a file. Every process looks into it at each step; whoever comes there first takes the file away
and dies, and the others live on.
"""

import json
import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from threading import local
from typing import Any, Literal

from sqlalchemy import Engine, event

from bot.app import ROLES
from bot.cli import main
from bot.cli.running import serve
from bot.clock import utc_now
from tests.forked import be_born

Side = Literal["before", "after", "before_commit", "after_commit"]
POST, EPHEMERAL = "POST /api/chat.postMessage", "POST /api/chat.postEphemeral"
"""What stands for the moment before a message's bytes leave."""


def is_meant(words: str, step: str) -> bool:
    """Whether a step is the one these words tell, `…` standing between words apart."""
    return all(each in step for each in words.split(" … "))


@dataclass(frozen=True)
class Doom:
    """Steps one thread takes in this order, and on which side of the last to die; a commit is the one after it.

    A step is a statement with its values, told by words in it; `…` stands between words apart.
    """

    steps: tuple[str, ...]
    side: Side

    def text(self) -> str:
        """As the file has it."""
        return json.dumps(asdict(self))


@dataclass(frozen=True)
class Fate:
    """The file with the doom in it; beside it `struck` once somebody died of it, `written` and `clock`."""

    file: Path

    @property
    def struck(self) -> Path:
        return self.file.with_suffix(".struck")

    @property
    def clock(self) -> Path:
        return self.file.with_suffix(".clock")

    @property
    def written(self) -> Path:
        return self.file.with_suffix(".written")

    def arm(self, doom: Doom) -> None:
        """Somebody will die."""
        self.struck.unlink(missing_ok=True)
        draft = self.file.with_suffix(".draft")
        draft.write_text(doom.text())
        draft.rename(self.file)

    def set_clock(self, seconds_off: int) -> None:
        """From now on the clock is so far off; whoever reads it meanwhile reads the one or the other."""
        draft = self.file.with_suffix(".clock-draft")
        draft.write_text(str(seconds_off))
        draft.rename(self.clock)

    def disarm(self) -> None:
        """Nobody will die any more."""
        self.file.unlink(missing_ok=True)

    def doom(self) -> Doom | None:
        """What is armed now."""
        try:
            given = json.loads(self.file.read_text())
        except FileNotFoundError:
            return None
        return Doom(tuple(given["steps"]), given["side"])

    def strike(self) -> None:
        """Die, unless another one was quicker."""
        try:
            self.file.rename(self.struck)
        except FileNotFoundError:
            return
        os.kill(os.getpid(), signal.SIGKILL)


@dataclass
class Watch(local):
    """How far this thread has come on its way to the doom."""

    fate: Fate
    doom: Doom | None = None
    taken: int = 0

    def before(self, step: str) -> None:
        """A step is about to be taken."""
        doom = self.fate.doom()
        if doom != self.doom:
            self.doom, self.taken = doom, 0
        if doom is not None and self.taken < len(doom.steps) and is_meant(doom.steps[self.taken], step):
            self.taken += 1
            self._strike("before")

    def past(self, side: Side) -> None:
        """The last step, or its transaction, has come so far."""
        if self.doom is not None and self.fate.doom() == self.doom:
            self._strike(side)

    def _strike(self, side: Side) -> None:
        if self.doom is not None and self.taken == len(self.doom.steps) and self.doom.side == side:
            self.fate.strike()


def live(environ: Mapping[str, str], output: tuple[str, str], fate: Fate) -> None:
    """`kpibot run`, with the words the variable ARGUMENTS has."""
    be_born(environ, output)
    _listen(Watch(fate))
    sys.argv = ["kpibot", "run", *os.environ.get("ARGUMENTS", "").split()]
    main()


def live_by_another_clock(environ: Mapping[str, str], output: tuple[str, str], fate: Fate) -> None:
    """The same as `kpibot run` does, by a clock that is so many seconds off as the fate's file `clock` says."""
    be_born(environ, output)

    def now() -> datetime:
        return utc_now() + timedelta(seconds=float(fate.clock.read_text()))

    serve(ROLES, now, migrate=True)


def _listen(watch: Watch) -> None:
    def executing(_connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        flat = " ".join(statement.split())
        watch.before(f"{flat} {values}")
        _note(watch.fate, f"{flat} {values}")

    def calling(event_name: str, given: tuple[Any, ...]) -> None:
        if event_name == "http.client.send":
            watch.before(bytes(given[1])[:100].decode("latin-1"))

    event.listen(Engine, "before_cursor_execute", executing)
    event.listen(Engine, "after_cursor_execute", lambda *_: watch.past("after"))
    event.listen(Engine, "commit", lambda _: watch.past("before_commit"))
    event.listen(Engine, "checkin", lambda *_: watch.past("after_commit"))
    sys.addaudithook(calling)


def _note(fate: Fate, statement: str) -> None:
    """Write a writing statement down, where somebody wants to know."""
    if fate.written.exists() and not statement.startswith("SELECT"):
        with fate.written.open("a") as file:
            file.write(" ".join(statement.split()) + "\n")

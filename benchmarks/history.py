"""The two histories that are asked of, made by `kpibot sample` and imported once for all measurements of a run."""

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import TracebackType

from rich.console import Console
from sqlalchemy import Engine, text

from benchmarks.commands import kpibot
from benchmarks.places import new_folder, variables
from bot.clock import utc_now
from bot.database import open_database
from bot.services import Services, build_services
from bot.settings import Settings, load
from kpi.store import schema
from sandbox.server import Sandbox

EVENTS = int(os.environ.get("KPIBOT_BENCH_EVENTS", "10000000"))
KEPT = os.environ.get("KPIBOT_BENCH_KEEP")
SHORTER = 10
"""How many times longer the long history is."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A history's database, and the use cases over it."""

    settings: Settings
    engine: Engine
    services: Services


@dataclass(frozen=True, slots=True)
class History:
    """A portfolio of so many events in the bundled PostgreSQL of `folder`/data."""

    events: int
    folder: Path

    @property
    def name(self) -> str:
        """How tables call it: 10 M."""
        return f"{self.events / 1_000_000:.10g} M"

    def environment(self, slack: Sandbox) -> Mapping[str, str]:
        """The variables of a bot over it."""
        return variables(slack, self.folder)

    @contextmanager
    def opened(self, slack: Sandbox) -> Iterator[Opened]:
        """Its PostgreSQL as shipped, running, with the tables of today's version."""
        settings = load(self.environment(slack), self.folder)
        with open_database(settings) as engine:
            schema.migrate(engine)
            yield Opened(settings, engine, build_services(settings, engine, utc_now))


class Histories:
    """Made when first asked for; gone at the end unless KPIBOT_BENCH_KEEP names a folder for them.

    There they are found again, with what the runs before wrote into them.
    """

    def __init__(self) -> None:
        self._stack = ExitStack()

    def __enter__(self) -> "Histories":
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self._stack.close()

    @cached_property
    def short(self) -> History:
        """A tenth of the other one, at the same density."""
        return self._made(EVENTS // SHORTER)

    @cached_property
    def long(self) -> History:
        """The one of KPIBOT_BENCH_EVENTS, 10,000,000 events if it says nothing."""
        return self._made(EVENTS)

    @cached_property
    def _folder(self) -> Path:
        return Path(KEPT).absolute() if KEPT else self._stack.enter_context(new_folder())

    def _made(self, events: int) -> History:
        folder = self._folder / str(events)
        done = folder / "imported"
        if not done.exists():
            with Console(stderr=True).status(f"Making and importing {events:,} events"):
                _make(folder, events)
            done.touch()
        return History(events, folder)


def _make(folder: Path, events: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o711)
    sample = folder / "sample"
    kpibot("sample", str(sample), "--events", str(events), "--force", folder=folder)
    kpibot("import", str(sample), folder=folder)
    shutil.rmtree(sample)
    _look_after(folder)


def _look_after(folder: Path) -> None:
    """What PostgreSQL does by itself within minutes, so that it plans as it would the next day."""
    with open_database(load({"KPIBOT_DATA": str(folder / "data")}, folder)) as engine, engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("VACUUM (ANALYZE)"))

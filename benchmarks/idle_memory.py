"""What `kpibot run` holds while nothing happens, next to a process that only imports the libraries it stands on.

PSS shares the pages several processes have in common among them; RSS counts them for each. Of Linux alone.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from statistics import median

from benchmarks.commands import bot_running, started
from benchmarks.history import Histories
from benchmarks.places import bare_variables, new_folder, variables
from benchmarks.report import Report, held
from sandbox.server import Sandbox, start

ROUNDS = 3
SETTLE_SECONDS = 3.0
MOST = 1.5
NAMED = "import slack_bolt, apscheduler, sqlalchemy, pandas, statsmodels"
USED = (
    "from slack_bolt import App; from apscheduler.schedulers.background import BackgroundScheduler; "
    "import sqlalchemy.dialects.postgresql.psycopg, pandas, statsmodels.api"
)
WAIT = "; print('imported', flush=True); import threading; threading.Event().wait()"
NAMES = {
    "named": "imports the five libraries by name",
    "used": "imports what one uses of them",
    "empty": "kpibot run, nothing stored",
    "full": "kpibot run",
}

Megabytes = dict[str, float]
Program = Callable[[], AbstractContextManager[int]]


def measure(histories: Histories) -> Report:
    """Each alone with this benchmark, in alternating order; kpibot when it says it is ready and warm, its PostgreSQL
    not counted."""
    found: dict[str, list[Megabytes]] = {name: [] for name in NAMES}
    with start() as slack, new_folder() as folder:
        programs = _programs(slack, folder, histories)
        for number in range(ROUNDS):
            for name in programs if number % 2 else reversed(programs):
                with programs[name]() as pid:
                    time.sleep(SETTLE_SECONDS)
                    found[name].append(held_by(pid))
    return _report({name: _median(each) for name, each in found.items()}, f"{histories.long.events:,} events")


def held_by(pid: int) -> Megabytes:
    """What a process holds in RAM."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()[1:]
    kilobytes = {line.split(":")[0]: int(line.split()[1]) for line in lines}
    return {kind: kilobytes[kind.capitalize()] / 1024 for kind in ("rss", "pss")}


def _programs(slack: Sandbox, folder: Path, histories: Histories) -> dict[str, Program]:
    return {
        "named": lambda: _importing(NAMED, folder),
        "used": lambda: _importing(USED, folder),
        "empty": lambda: _bot(variables(slack, folder)),
        "full": lambda: _bot(histories.long.environment(slack)),
    }


@contextmanager
def _importing(program: str, folder: Path) -> Iterator[int]:
    with started("-c", program + WAIT, environ=bare_variables(folder)) as running:
        yield running.process.pid


@contextmanager
def _bot(environ: Mapping[str, str]) -> Iterator[int]:
    with bot_running(environ) as running:
        yield running.process.pid


def _median(each: list[Megabytes]) -> Megabytes:
    return {kind: median(one[kind] for one in each) for kind in ("rss", "pss")}


def _report(found: Mapping[str, Megabytes], events: str) -> Report:
    names = NAMES | {"full": f"kpibot run, {events}"}
    rows = [
        (names[name], *(f"{mb[kind]:.0f} MB" for kind in ("pss", "rss")), *_ratios(name, found))
        for name, mb in found.items()
    ]
    figures = {f"{name}_{kind}_mb": round(size, 1) for name, mb in found.items() for kind, size in mb.items()}
    figures |= {f"ratio_{name}_{base}_{kind}": round(found[name][kind] / found[base][kind], 3)
                for name in ("empty", "full") for base in ("named", "used") for kind in ("pss", "rss")}  # fmt: skip
    columns = ("", "PSS", "RSS", "PSS beside the first", "PSS beside the second")
    return Report("Idle memory, PostgreSQL not counted", columns, rows, figures)


def _ratios(name: str, found: Mapping[str, Megabytes]) -> list[str]:
    if name in ("named", "used"):
        return ["", ""]
    return [held(found[name]["pss"] / found[base]["pss"], MOST, "{:.2f}") for base in ("named", "used")]

"""Writing the portfolio as files that are there whole or not at all."""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from kpi.errors import KpiError
from kpi.sources.sample.mix import EVENT_FILES
from kpi.sources.sample.plan import Plan
from kpi.sources.sample.portfolio import portfolio, staff
from kpi.sources.sample.rows import COLUMNS, Rows
from kpi.sources.sample.tally import Tally


@dataclass(frozen=True, slots=True)
class Made:
    """What was written: rows by file, and the mix as measured (tally.INTENDED)."""

    folder: Path
    plan: Plan
    rows: Mapping[str, int]
    measured: Mapping[str, float | None]

    @property
    def events(self) -> int:
        """Rows of the files that hold events."""
        return sum(self.rows[name] for name in EVENT_FILES)


def write(folder: Path, plan: Plan, progress: Callable[[int], None], *, force: bool = False) -> Made:
    """Write the plan's portfolio into `folder`, which is made if need be; `progress` hears of each account done.

    The same plan gives the same bytes. Nothing appears in `folder` before all is written. KpiError: the folder holds
    one of the files already and not `force`, another run writes there, or the disk refuses.
    """
    folder = folder.absolute()
    try:
        _must_be_free(folder, force)
        with _draft(folder) as draft:
            made = Tally(plan.days)
            _fill(draft, plan, made, progress)
            _publish(draft, folder)
    except OSError as fault:
        raise KpiError(f"{fault.filename or folder}: {fault.strerror}; nothing was written.") from fault
    rows = {name: made.rows[name] for name in COLUMNS}
    return Made(folder, plan, rows, made.measured())


def _must_be_free(folder: Path, force: bool) -> None:
    if folder.exists() and not folder.is_dir():
        raise KpiError(f"{folder} is a file; name a folder.")
    found = [name for name in COLUMNS if (folder / f"{name}.csv").exists()]
    if found and not force:
        more = f" and {len(found) - 1} more" if len(found) > 1 else ""
        raise KpiError(f"{folder} already holds {found[0]}.csv{more}; choose another, or add --force to replace them.")


@contextmanager
def _draft(folder: Path) -> Iterator[Path]:
    """A folder on the same disk, empty and ours alone, gone at the end; what a killed run left in it is cleared."""
    draft = folder / ".partial" if folder.exists() else folder.with_name(f".{folder.name}.partial")
    draft.mkdir(parents=True, exist_ok=True)
    with _held(draft, folder):
        try:
            for left in draft.iterdir():
                left.unlink()
            yield draft
        finally:
            shutil.rmtree(draft, ignore_errors=True)


@contextmanager
def _held(draft: Path, folder: Path) -> Iterator[None]:
    mark = os.open(draft, os.O_RDONLY)
    try:
        fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise KpiError(f"Another run is writing to {folder}; wait for it, or name another folder.") from None
    finally:
        os.close(mark)


def _fill(draft: Path, plan: Plan, tally: Tally, progress: Callable[[int], None]) -> None:
    with ExitStack() as stack:
        files = {
            name: stack.enter_context((draft / f"{name}.csv").open("w", encoding="utf-8", newline="\n"))
            for name in COLUMNS
        }

        def put(rows: Rows) -> None:
            for name, lines in rows.items():
                files[name].writelines(f"{line}\n" for line in lines)

        put({name: [header] for name, header in COLUMNS.items()})
        people = staff(plan)
        tally.rows["owners"] = len(people["owners"])
        put(people)
        for course, made in portfolio(plan):
            for rows in made:
                put(rows)
            tally.add(course, made)
            progress(1)


def _publish(draft: Path, folder: Path) -> None:
    if not folder.exists():
        draft.rename(folder)
        return
    for name in COLUMNS:
        (draft / f"{name}.csv").replace(folder / f"{name}.csv")

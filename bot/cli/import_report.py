"""What became of an import, as people and programs read it."""

import resource
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from kpi.records.reading import visible
from kpi.services.intake import Fate, Mode, Taken
from kpi.sources.csv_files import Other

SHOWN_FAULTS = 20
_TEXTS = (".csv", ".tsv", ".txt")
_COUNTS = ("rows", "new", "changed", "unchanged", "rejected")


@dataclass(frozen=True)
class Report:
    """The files that were taken, how, and those that were not; `seconds` is how long it took."""

    files: Sequence[Taken]
    mode: Mode
    others: Sequence[Other]
    seconds: float

    @property
    def is_sound(self) -> bool:
        """Whether nothing was wrong with any file or row."""
        return not any(taken.flawed for taken in self.files)

    def document(self) -> dict[str, Any]:
        """The one document of --json."""
        return {
            "files": [_file(taken) for taken in self.files],
            "written": any(taken.fate in {Fate.WRITTEN, Fate.RESUMED} for taken in self.files),
            "not_taken": [{"file": other.name, "nearest": other.nearest} for other in self.others],
            "seconds": round(self.seconds, 3),
            "peak_mb": _peak_mb(),
        }

    def show(self, console: Console) -> None:
        """A table, the faults, and what it comes to."""
        console.print(self._table())
        for line in (*self._faults(), *self._not_taken(), *self._verdict()):
            console.print(Text(visible(line)), soft_wrap=True)

    def _table(self) -> Table:
        table = Table("File", *(name.capitalize() for name in _COUNTS), "Outcome", box=None)
        for column in table.columns[:-1]:
            column.no_wrap = True  # where it is narrow, only the outcome takes two lines
            column.justify = "left" if column.header == "File" else "right"
        for taken in self.files:
            counts = ("" if taken.fate is Fate.RESUMED else f"{getattr(taken, name):,}" for name in _COUNTS)
            table.add_row(taken.place, *counts, self._outcome(taken))
        return table

    def _outcome(self, taken: Taken) -> str:
        if taken.fate is Fate.CHECKED:
            return "would be written" if self.mode.dry_run else "not written"
        if taken.fate is Fate.WRITTEN and taken.unchanged == taken.rows:
            return "up to date"
        return "written before" if taken.fate is Fate.RESUMED else str(taken.fate)

    def _faults(self) -> Iterator[str]:
        for taken in self.files:
            shown = taken.flaws[:SHOWN_FAULTS]
            yield from (flaw.at(taken.place) for flaw in shown)
            if taken.flawed > len(shown):
                yield f"… and {taken.flawed - len(shown):,} more in {taken.place}"

    def _not_taken(self) -> Iterator[str]:
        for other in self.others:
            yield f"{other.name} was not taken{_to_take(other)}"

    def _verdict(self) -> Iterator[str]:
        dry = self.mode.dry_run
        was = "would be" if dry else "was"
        fates = {fate: [taken for taken in self.files if taken.fate is fate] for fate in Fate}
        for taken in fates[Fate.REFUSED]:
            yield f"Nothing of {taken.place} {was} written: {_blame(taken)}."
        for taken in (*fates[Fate.WRITTEN], *fates[Fate.CHECKED]):
            if taken.rejected:
                yield f"{taken.place} {was} written without {_rows(taken.rejected)} with faults."
        if fates[Fate.CHECKED] and not dry:
            yield _held_back(fates[Fate.CHECKED], fates[Fate.REFUSED])
        if fates[Fate.RESUMED]:
            yield f"An import that was cut short had written {_listed(fates[Fate.RESUMED])}."
        if any(taken.rejected for taken in fates[Fate.REFUSED]):
            yield "Mend the faults and import again; --keep-good takes the good rows as they are."
        if dry:
            yield "This was a dry run: nothing was written."
        rows = sum(taken.rows for taken in self.files)
        yield f"{_rows(rows)} in {self.seconds:.1f} s, at most {_peak_mb():,} MB of memory."


def _to_take(other: Other) -> str:
    if not other.nearest:
        return ""
    if other.name.lower().endswith(_TEXTS):
        return f"; rename it if it is meant to be {other.nearest}"
    return f"; save it as “CSV UTF-8” in {other.nearest} if it is meant to be that"


def _blame(taken: Taken) -> str:
    if not taken.rejected:
        return "the file has a fault" if taken.flawed == 1 else f"the file has {taken.flawed:,} faults"
    return "1 row has a fault" if taken.rejected == 1 else f"{taken.rejected:,} rows have faults"


def _held_back(fine: Sequence[Taken], refused: Sequence[Taken]) -> str:
    files, they = ("1 file is", "it was") if len(fine) == 1 else (f"{len(fine)} files are", "they were")
    return (
        f"{files} fine; {they} not written because {_listed(refused)} {'was' if len(refused) == 1 else 'were'} refused."
    )


def _listed(files: Sequence[Taken]) -> str:
    *others, last = (taken.place for taken in files)
    return f"{', '.join(others)} and {last}" if others else last


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"


def _file(taken: Taken) -> dict[str, Any]:
    counts = {name: getattr(taken, name) for name in _COUNTS}
    faults = [{"line": flaw.line, "column": flaw.column, "text": visible(flaw.text)} for flaw in taken.flaws]
    about = {"file": taken.place, "entity": taken.entity, **counts, "fate": str(taken.fate)}
    return {**about, "faults": faults, "faults_in_all": taken.flawed}


def _peak_mb() -> int:
    """The most memory this process had so far."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit // 1_000_000

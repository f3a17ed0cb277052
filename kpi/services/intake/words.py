"""What became of rows that came in."""

from dataclasses import dataclass
from enum import StrEnum

from kpi.records.rows import Flaw


class Fate(StrEnum):
    """What became of a sheet."""

    WRITTEN = "written"
    REFUSED = "refused"
    CHECKED = "checked"
    RESUMED = "resumed"


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one sheet: its rows by kind, and what was wrong. `flaws` are the first ones, `flawed` all of them.

    REFUSED: it has flaws, nothing of it was written. CHECKED: nothing was written because a dry run was asked for, or
    because another sheet was refused; the counts say what would be. RESUMED: an import that was cut short wrote it.
    """

    entity: str
    place: str
    fate: Fate = Fate.WRITTEN
    rows: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0
    flaws: tuple[Flaw, ...] = ()
    flawed: int = 0


@dataclass(frozen=True, slots=True)
class Mode:
    """`dry_run` writes nothing; `keep_good` writes the good rows of a sheet that also has bad ones."""

    dry_run: bool = False
    keep_good: bool = False

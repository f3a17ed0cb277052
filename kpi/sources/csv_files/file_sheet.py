"""What the sheets of files have in common, whatever is in the file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kpi.records.entity import Entity
from kpi.records.rows import Flaw, Rows
from kpi.sources.csv_files.scan import Scan


@dataclass(frozen=True)
class FileSheet:
    """Rows of one entity in a file. With `flaws` the whole cannot be read."""

    entity: Entity
    path: Path
    scan: Scan
    names: Sequence[str] = ()
    flaws: Sequence[Flaw] = ()

    @property
    def place(self) -> str:
        return self.path.name

    @property
    def digest(self) -> str:
        return self.scan.digest

    @property
    def size(self) -> int:
        return self.scan.size

    def batches(self) -> Iterator[Rows]:
        """The rows, some thousands at a time, in constant memory."""
        raise NotImplementedError

    def _no_rows(self, flaw: Flaw) -> Rows:
        return Rows((), [()] * len(self.names), (), [flaw], self.size)

"""A workspace's facts as a folder of files that can be imported again; published values as one that cannot."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

from kpi.records.catalog import ENTITIES
from kpi.records.entity import Entity
from kpi.records.published import VALUES
from kpi.services.exports.folder import Folder, prepared
from kpi.services.exports.parquet import rewrite
from kpi.store import exports
from kpi.store.store import Store, Tx

Progress = Callable[[str, int, int], None]
"""Called with a file's name, the rows written so far and how many there are."""

_EVERY = 5_000
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class Format(StrEnum):
    """What the files are."""

    CSV = "csv"
    PARQUET = "parquet"


@dataclass(frozen=True, slots=True)
class Manner:
    """How to write: `replace` files of an earlier export; `for_spreadsheets`: CSV that a spreadsheet opens without
    running what clients wrote, and that is not to be imported again."""

    format: Format = Format.CSV
    replace: bool = False
    for_spreadsheets: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """One file."""

    entity: str
    file: str
    rows: int
    bytes: int


@dataclass(frozen=True)
class Exports:
    """Writes everything out as it stood at one moment."""

    store: Store

    def write(self, directory: Path, manner: Manner, progress: Progress) -> tuple[Written, ...]:
        """One file an entity, all of them or none. KpiError when the folder holds such files or cannot be written."""
        return self._write(ENTITIES, directory, manner, progress)

    def write_values(self, directory: Path, manner: Manner, progress: Progress) -> tuple[Written, ...]:
        """What was published, with its revisions, in one file."""
        return self._write((VALUES,), directory, manner, progress)

    def _write(
        self, entities: Sequence[Entity], directory: Path, manner: Manner, progress: Progress
    ) -> tuple[Written, ...]:
        stems = [entity.name for entity in entities]
        with prepared(directory, stems, replace=manner.replace) as folder, self.store.transaction() as tx:
            exports.freeze(tx)
            return tuple(_written(tx, folder, manner, entity, progress) for entity in entities)


def _written(tx: Tx, folder: Folder, manner: Manner, entity: Entity, progress: Progress) -> Written:
    name = f"{entity.name}.{manner.format}"
    total = exports.count(tx, entity)
    progress(name, 0, total)
    with folder.scratch(f"{entity.name}.csv").open("wb") as file:
        file.write(_BYTE_ORDER_MARK if manner.for_spreadsheets else b"")
        lines = _Lines(file, lambda rows: progress(name, rows, total))
        exports.copy_out(tx, entity, lines.write, harmless=manner.for_spreadsheets)
    progress(name, total, total)
    if manner.format is Format.PARQUET:
        rewrite(folder.scratch(f"{entity.name}.csv"), folder.scratch(name), entity)
    return Written(entity.name, name, total, folder.scratch(name).stat().st_size)


@dataclass
class _Lines:
    """Writes lines, the header first, and tells now and then how many rows there were."""

    file: BinaryIO
    tell: Callable[[int], None]
    rows: int = -1

    def write(self, line: bytes) -> None:
        self.file.write(line)
        self.rows += 1
        if self.rows % _EVERY == 0:
            self.tell(self.rows)

"""Files of an import as tests write them, and what is read from them."""

from pathlib import Path

from kpi.ports import Sheet
from kpi.records.reading import Reader
from kpi.records.rows import Rows
from kpi.sources.csv_files import Folder
from tests.builders import BERLIN


def sheet(folder: Path, name: str, content: str | bytes) -> Sheet:
    """The only sheet of a folder that holds nothing but this CSV file."""
    (folder / f"{name}.csv").write_bytes(content.encode() if isinstance(content, str) else content)
    return only(folder)


def only(folder: Path) -> Sheet:
    """The only sheet of a folder."""
    (found,) = Folder(folder).sheets()
    return found


def read(given: Sheet) -> list[Rows]:
    """Its batches in canonical spelling; none when the whole cannot be read."""
    reader = None if given.flaws else Reader(given.entity, given.names, BERLIN)
    return [reader.read(batch) for batch in given.batches()] if reader else []


def rows(given: Sheet) -> list[dict[str, str]]:
    """Its good rows, by column."""
    cells = (row for batch in read(given) for row in zip(*batch.columns, strict=True))
    return [dict(zip(given.names, row, strict=True)) for row in cells]


def lines(given: Sheet) -> list[int]:
    """The line each good row begins at."""
    return [line for batch in read(given) for line in batch.lines]


def faults(given: Sheet) -> list[str]:
    """All that is wrong with it, as a person reads it."""
    flaws = [*given.flaws, *(flaw for batch in read(given) for flaw in batch.flaws)]
    return [flaw.at(given.place) for flaw in flaws]

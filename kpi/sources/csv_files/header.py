"""The columns a file says it has, and which sign separates the cells of a CSV file."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz import fuzz, process

from kpi.records.entity import Entity
from kpi.records.reading import shown
from kpi.records.rows import Flaw

DELIMITERS = (",", ";", "\t")
_TOLD = 20


@dataclass(frozen=True, slots=True)
class Header:
    """What the first line says: the columns in order, the sign between cells, the number of the line."""

    names: Sequence[str] = ()
    delimiter: str = ","
    line: int = 1
    flaws: Sequence[Flaw] = ()


def read_header(path: Path, entity: Entity) -> Header:
    """Read the header of a file that is UTF-8 text; OSError when it is gone."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        for number, line in enumerate(file, 1):
            if line.strip(" ,;\t\r\n"):
                return _header(line, number, entity)
    sentence = f"the file is empty; its first line should name its columns: {', '.join(entity.names)}"
    return Header(flaws=[Flaw(1, "", sentence)])


def _header(line: str, number: int, entity: Entity) -> Header:
    readings = {delimiter: _cells(line, delimiter) for delimiter in DELIMITERS}
    delimiter = max(DELIMITERS, key=lambda sign: len(set(readings[sign]) & set(entity.names)))
    names = readings[delimiter]
    return Header(names, delimiter, number, faults_of(names, number, entity))


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return [plain(cell) for cell in next(csv.reader([line], delimiter=delimiter))]
    except csv.Error:
        return []


def plain(name: str) -> str:
    """A column's name however it is capitalised."""
    return name.strip().lower()


def faults_of(names: Sequence[str], line: int, entity: Entity) -> list[Flaw]:
    """What is wrong with a file's columns; `line` is where they are named."""
    if not set(names) & set(entity.names):
        return [Flaw(line, "", f"no column is named here; {entity.name} has {', '.join(entity.names)}")]
    missing = [name for name in entity.needed if name not in names]
    doubled = [name for name in entity.names if names.count(name) > 1]
    unknown = [(place, name) for place, name in enumerate(names, 1) if name not in entity.names]
    return [
        *(Flaw(line, name, "this column is missing; add it, at any place") for name in missing),
        *(Flaw(line, name, "this column is there twice; keep one of them") for name in doubled),
        *(_unknown(place, name, line, entity) for place, name in unknown[:_TOLD]),
    ]


def _unknown(place: int, name: str, line: int, entity: Entity) -> Flaw:
    if not name:
        return Flaw(line, "", f"column {place} has no name; name it or delete it")
    close = process.extractOne(name[:80], entity.names, scorer=fuzz.ratio, score_cutoff=65)
    hint = f"did you mean {close[0]}?" if close else f"there are {', '.join(entity.names)}"
    return Flaw(line, shown(name), f"there is no such column; {hint}")

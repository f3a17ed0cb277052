"""From the texts of rows to canonical ones: every cell by its column's kind, every row by its entity's rules."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import compress
from typing import Any
from zoneinfo import ZoneInfo

from kpi.records.entity import Column, Entity
from kpi.records.kinds import Misread
from kpi.records.rows import Flaw, Rows

_REMEMBERED = 10_000
_SHORT = 64
_SHOWN = 60


class _Memory(dict[str, str]):
    """What a column's cells read as; the same few texts come again and again. `missed` counts those that were new."""

    def __init__(self, column: Column, zone: ZoneInfo) -> None:
        super().__init__()
        self.column = column
        self.zone = zone
        self.missed = 0

    def __missing__(self, cell: str) -> str:
        read = self._read(cell.strip())
        self.missed += 1
        if self.missed <= _REMEMBERED and len(cell) <= _SHORT:
            self[cell] = read
        return read

    def read_all(self, cells: Sequence[str]) -> list[str]:
        """The cells in canonical spelling; Misread at the first that cannot be taken."""
        if self.missed > _REMEMBERED and self.column.kind.read_all:
            found = self.column.kind.read_all(cells, self.zone)
            if found is not None and not (self.column.required and "" in found):
                return found
        return list(map(self.__getitem__, cells))

    def _read(self, text: str) -> str:
        if text:
            return self.column.kind.read(text, self.zone)
        if self.column.required:
            raise Misread("it must be filled in")
        return ""


@dataclass
class Reader:
    """Reads the rows of one entity whose columns are `names`, in that order."""

    entity: Entity
    names: Sequence[str]
    zone: ZoneInfo
    _memories: list[_Memory] = field(init=False)

    def __post_init__(self) -> None:
        self._memories = [_Memory(self.entity.column(name), self.zone) for name in self.names]

    def read(self, rows: Rows) -> Rows:
        """The good rows in canonical spelling; those with a flaw are left out and its flaws added."""
        flaws = list(rows.flaws)
        bad: set[int] = set()
        columns = []
        for position, (memory, cells) in enumerate(zip(self._memories, rows.columns, strict=True)):
            try:
                columns.append(memory.read_all(cells))
            except Misread:
                columns.append(list(self._carefully(position, rows, bad, flaws)))
        self._judge(rows, columns, bad, flaws)
        if not bad:
            return Rows(rows.lines, columns, rows.records, flaws, rows.done)
        flaws.sort(key=lambda flaw: flaw.line)
        good = [index not in bad for index in range(len(rows.lines))]
        return Rows(_keep(rows.lines, good), [_keep(column, good) for column in columns], (), flaws, rows.done)

    def _carefully(self, position: int, rows: Rows, bad: set[int], flaws: list[Flaw]) -> Iterable[str]:
        memory = self._memories[position]
        for index, cell in enumerate(rows.columns[position]):
            try:
                yield memory[cell]
            except Misread as fault:
                bad.add(index)
                place = _cell(position, rows.records[index]) if fault.from_spreadsheet and rows.records else None
                flaws.append(Flaw(rows.lines[index], self.names[position], _said(cell, fault, place)))
                yield ""

    def _judge(self, rows: Rows, columns: Sequence[Sequence[str]], bad: set[int], flaws: list[Flaw]) -> None:
        by_name = dict(zip(self.names, columns, strict=True))
        for rule in self.entity.rules:
            if not all(name in by_name for name in rule.columns):
                continue
            cells = [by_name[name] for name in rule.columns]
            if not bad and all(map(rule.holds, *cells)):
                continue
            rows_of = enumerate(zip(*cells, strict=True))
            broken = [index for index, row in rows_of if index not in bad and not rule.holds(*row)]
            flaws.extend(Flaw(rows.lines[index], rule.columns[0], rule.sentence) for index in broken)
            bad.update(broken)


def shown(cell: str) -> str:
    """A cell as an error quotes it: its beginning, on one line, and nothing in it that a terminal would obey."""
    text = " ".join(cell.split())
    return f"“{visible(text[:_SHOWN])}{'…' if len(text) > _SHOWN else ''}”"


def visible(text: str) -> str:
    """The text with what cannot be printed written out, as \\x1b and \\u202e."""
    return text if text.isprintable() else "".join(map(_visible, text))


def _visible(character: str) -> str:
    return character if character.isprintable() else character.encode("unicode_escape").decode()


def _said(cell: str, fault: Misread, place: str | None) -> str:
    if not cell.strip():
        return f"the cell is empty; {fault.expected}"
    if place:
        return f"{shown(cell)} in cell {place} is a spreadsheet's own spelling of a date; {fault.expected}"
    return f"{shown(cell)} cannot be taken; {fault.expected}"


def _cell(position: int, record: int) -> str:
    """The cell as a spreadsheet names it: A1, AA12."""
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{record}"


def _keep(values: Sequence[Any], good: Sequence[bool]) -> list[Any]:
    return list(compress(values, good))

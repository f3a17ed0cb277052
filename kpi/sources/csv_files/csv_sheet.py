"""A CSV file as a sheet: looked at as a whole when it is opened, its rows read when they are asked for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import compress
from pathlib import Path
from typing import TextIO

from kpi.records.entity import Entity
from kpi.records.rows import Flaw, Rows
from kpi.sources.csv_files.file_sheet import FileSheet
from kpi.sources.csv_files.header import read_header
from kpi.sources.csv_files.pages import PAGE, Page, Pages
from kpi.sources.csv_files.plain import PutBack, plain_columns
from kpi.sources.csv_files.scan import CHANGED, scan_text, stamp_of, unreadable


@dataclass(frozen=True)
class CsvSheet(FileSheet):
    """Rows in a CSV file below the header, which ends at `header_line`; lines are the file's own."""

    delimiter: str = ","
    header_line: int = 1

    def batches(self) -> Iterator[Rows]:
        """The rows, a page at a time; one of another width than the header is left out with its flaw."""
        try:
            with self.path.open(encoding="utf-8-sig", newline="") as file:
                yield from self._batches(file)
                if stamp_of(file.fileno()) != self.scan.stamp:
                    yield self._no_rows(CHANGED)
        except UnicodeDecodeError:
            yield self._no_rows(CHANGED)
        except OSError as fault:
            yield self._no_rows(unreadable(fault))

    def _batches(self, file: TextIO) -> Iterator[Rows]:
        for _ in range(self.header_line):
            file.readline()
        line = self.header_line
        while lines := file.readlines(PAGE):
            columns = plain_columns(lines, self.delimiter, len(self.names))
            if columns is None:
                break
            places = range(line + 1, line + 1 + len(lines))
            yield Rows(places, columns, places, (), file.buffer.tell())
            line = places.stop - 1
        for page in Pages(PutBack(lines, file), self.delimiter, after_line=line):
            yield self._rows(page, file.buffer.tell())

    def _rows(self, page: Page, done: int) -> Rows:
        flaws = [page.flaw] if page.flaw else []
        columns = self._columns(page.rows)
        if columns is None:
            page, misfits = sorted_out(page, len(self.names))
            columns, flaws = self._columns(page.rows), misfits + flaws
        return Rows(page.lines, columns or (), page.records, flaws, done)

    def _columns(self, rows: Sequence[Sequence[str]]) -> Sequence[Sequence[str]] | None:
        """The rows turned on their side, None where one is blank or of another width."""
        if not rows:
            return [()] * len(self.names)
        if set(map(len, rows)) != {len(self.names)}:
            return None
        columns = list(zip(*rows, strict=True))
        return None if "" in columns[0] and not all(map(any, rows)) else columns


def open_csv(path: Path, entity: Entity) -> CsvSheet:
    """A file as it is now, faults and all."""
    scan = scan_text(path)
    if scan.flaw:
        return CsvSheet(entity, path, scan, flaws=[scan.flaw])
    try:
        header = read_header(path, entity)
    except OSError as fault:
        return CsvSheet(entity, path, scan, flaws=[unreadable(fault)])
    return CsvSheet(entity, path, scan, header.names, header.flaws, header.delimiter, header.line)


def sorted_out(page: Page, width: int) -> tuple[Page, list[Flaw]]:
    """The page without its blank rows and those of another width, and the flaws of the latter."""
    fits = [len(row) == width and any(row) for row in page.rows]
    flaws = [
        Flaw(line, "", f"has {len(row)} cell{'' if len(row) == 1 else 's'}, the header has {width}")
        for line, row in zip(page.lines, page.rows, strict=True)
        if len(row) != width and any(row)
    ]
    rows, lines, records = compress(page.rows, fits), compress(page.lines, fits), compress(page.records, fits)
    return Page(list(rows), list(lines), list(records)), flaws

"""The rows of a CSV file, a page of them at a time, each with its place."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, islice

from kpi.records.rows import Flaw
from kpi.sources.csv_files.plain import Lines

PAGE = 1 << 17
"""Characters read at once: some thousands of rows."""
_LONGEST_ROW = 32
_AFTER_QUOTE = "text follows a closing quote in this row; double the quotes within a cell, and close each cell's own"
_SAID = {
    "unexpected end of data": "a quote is opened in this row and never closed",
    "field larger than field limit": f"a cell of this row has more than {csv.field_size_limit():,} characters; "
    "is a quote left open?",
    "row too long": "this row fills a book; is a quote left open?",
}


@dataclass(frozen=True, slots=True)
class Page:
    """Rows as they stand; `lines` are those they begin at, `records` count them as a spreadsheet does, the header
    being 1. With a `flaw` the file cannot be read any further."""

    rows: Sequence[Sequence[str]]
    lines: Sequence[int]
    records: Sequence[int]
    flaw: Flaw | None = None


class Pages:
    """Reads rows in a dialect of `csv`; memory stays that of a page, however long a quote is left open."""

    def __init__(self, file: Lines, delimiter: str, *, after_line: int) -> None:
        self._file = file
        self._after = after_line
        self._loaded = 0
        self._pulled = 0
        self._reader = csv.reader(chain.from_iterable(self._lines()), delimiter=delimiter, strict=True)

    def __iter__(self) -> Iterator[Page]:
        record = self._after + 1
        torn = None
        while torn is None:
            rows: list[list[str]] = []
            began = self._reader.line_num
            torn = self._read(rows)
            if not rows and torn is None:
                return
            *lines, line = first_lines(rows, self._after + 1 + began, self._after + 1 + self._reader.line_num)
            records = range(record, record + len(rows))
            yield Page(rows, lines, records, Flaw(line, "", torn) if torn else None)
            record = records.stop

    def _read(self, rows: list[list[str]]) -> str | None:
        """Add the rows that begin on a page; why the next one cannot be read, if so."""
        self._pulled = 0
        try:
            rows.extend(islice(self._reader, 1))
            end, self._pulled = self._loaded, 0
            while self._reader.line_num < end:
                rows.append(next(self._reader))
        except csv.Error as fault:
            said = (sentence for words, sentence in _SAID.items() if str(fault).startswith(words))
            return next(said, _AFTER_QUOTE)
        return None

    def _lines(self) -> Iterator[list[str]]:
        while lines := self._file.readlines(PAGE):
            self._pulled += 1
            if self._pulled > _LONGEST_ROW:
                raise csv.Error("row too long")
            self._loaded += len(lines)
            yield lines


def first_lines(rows: Sequence[Sequence[str]], first: int, after: int) -> Sequence[int]:
    """The line each row begins at, and the line after the last, for rows that begin at line `first`."""
    if after - first == len(rows):
        return range(first, after + 1)
    return list(accumulate((1 + sum(map(_breaks, row)) for row in rows), initial=first))


def _breaks(cell: str) -> int:
    """Ends of lines within a cell, be they of Windows, Unix or an old Mac."""
    return cell.count("\n") + cell.count("\r") - cell.count("\r\n")

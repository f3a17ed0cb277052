"""Rows on their way in, column by column, and what is wrong with some of them."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with one row. `line` counts from 1 where rows come from a file, and is the row's index where they
    come as a list; 0 with no `column` is about the whole. `text` says what is wrong and what is expected."""

    line: int
    column: str
    text: str

    def at(self, place: str) -> str:
        """The sentence with its place, as `terms.csv:3: starts_on: …`."""
        parts = (f"{place}:{self.line}" if self.line else place, self.column, self.text)
        return ": ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Rows:
    """A handful of rows: `columns` hold as many texts each as there are `lines`, "" where a cell is empty.

    `records` counts the rows as a spreadsheet does, the header being 1; `done` is how many bytes were read so far.
    """

    lines: Sequence[int]
    columns: Sequence[Sequence[str]]
    records: Sequence[int] = ()
    flaws: Sequence[Flaw] = ()
    done: int = 0

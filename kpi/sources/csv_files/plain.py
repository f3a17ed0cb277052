"""Pages without a quote, taken apart at once: most large files have no other."""

import csv
from collections.abc import Sequence
from typing import Protocol


class Lines(Protocol):
    """What lines are read from."""

    def readlines(self, hint: int, /) -> list[str]: ...


def plain_columns(lines: Sequence[str], delimiter: str, width: int) -> list[list[str]] | None:
    """The cells of lines, column by column; None where a quote, a blank row, one of another width or a very long one
    calls for a closer look."""
    text = "".join(lines)
    if max(map(len, lines)) > csv.field_size_limit():
        return None
    if "\r" in text:
        text = text.replace("\r\n", "\n")
    if '"' in text or "\r" in text:
        return None
    if not text.endswith("\n"):
        text += "\n"
    cells = text.replace("\n", f"{delimiter}\n{delimiter}").split(delimiter)
    ends = cells[width :: width + 1]
    if len(ends) != len(lines) or len(cells) != len(ends) * (width + 1) + 1 or set(ends) != {"\n"}:
        return None  # some lines are shorter or longer, though two of them may add up to one
    columns = [cells[position : -1 : width + 1] for position in range(width)]
    return None if "" in columns[0] else columns


class PutBack:
    """Lines some of which are read again."""

    def __init__(self, lines: Sequence[str], file: Lines) -> None:
        self._lines = list(lines)
        self._file = file

    def readlines(self, hint: int) -> list[str]:
        """The next lines, some `hint` characters of them; none at the end."""
        lines, self._lines = self._lines, []
        return lines or self._file.readlines(hint)

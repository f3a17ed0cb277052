"""Many cells of a column read at once, for those who come by the million.

Each takes the cells of one column, "" where empty, and answers their canonical texts, the same a cell by itself would
read as; None where a cell needs a closer look.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from math import isfinite
from zoneinfo import ZoneInfo

ReadAll = Callable[[Sequence[str], ZoneInfo], list[str] | None]
"""(the cells, the zone of times without an offset) → their canonical texts, or None."""

_ZULU = {4: "-", 7: "-", 10: "T", 13: ":", 16: ":", 19: "Z", 20: "\n"}
_OFFSET = {4: "-", 7: "-", 10: "T", 13: ":", 16: ":", 22: ":", 25: "\n"}
_ZULU_WIDTH = len("2026-09-30T14:05:00Z")
_FORMS = {len("2026-09-30T14:05:00Z\n"): _ZULU, len("2026-09-30T14:05:00+02:00\n"): _OFFSET}


def storable(text: str) -> bool:
    """Half of a surrogate pair is no character; JSON lets it through."""
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def line_of(longest: int) -> ReadAll:
    """Texts of one line and at most `longest` characters that can all be printed."""

    def read(cells: Sequence[str], _zone: ZoneInfo) -> list[str] | None:
        joined = "".join(cells)
        if not joined.isprintable() or len(max(cells, key=len)) > longest:
            return None
        return list(map(str.strip, cells)) if " " in joined else list(cells)

    return read


def text_of(longest: int) -> ReadAll:
    """Texts of at most `longest` characters, of any number of lines."""

    def read(cells: Sequence[str], _zone: ZoneInfo) -> list[str] | None:
        joined = "".join(cells)
        if "\0" in joined or not storable(joined) or len(max(cells, key=len)) > longest:
            return None
        return list(map(str.strip, cells))

    return read


def numbers(cells: Sequence[str], _zone: ZoneInfo) -> list[str] | None:
    """Numbers, all of them there."""
    if "_" in "".join(cells):
        return None
    try:
        found = list(map(float, cells))
    except ValueError:
        return None
    return list(map(repr, found)) if all(map(isfinite, found)) else None


def instants(cells: Sequence[str], _zone: ZoneInfo) -> list[str] | None:
    """Instants like 2026-09-30T14:05:00Z, or all like 2026-09-30T14:05:00+02:00, and empty cells."""
    if "" not in cells:
        return _instants(cells)
    filled = [cell for cell in cells if cell]
    found = _instants(filled) if filled else []
    if found is None:
        return None
    rest = iter(found)
    return [next(rest) if cell else "" for cell in cells]


def _instants(cells: Sequence[str]) -> list[str] | None:
    if not _have_form(cells) or min(cells) < "1970" or max(cells) >= "2200":
        return None
    try:
        found = list(map(datetime.fromisoformat, cells))
    except ValueError:
        return None
    if len(cells[0]) == _ZULU_WIDTH:
        return "\n".join(cells).replace("Z", "+00:00").split("\n")
    if {cell[19:] for cell in cells} == {"+00:00"}:
        return list(cells)
    return [instant.astimezone(UTC).isoformat() for instant in found]


def _have_form(cells: Sequence[str]) -> bool:
    """Whether all are of the same one of the forms: each sign stands in the same place of every line of them."""
    width = len(cells[0]) + 1
    form = _FORMS.get(width)
    lines = "\n".join(cells) + "\n"
    if form is None or not lines.isascii() or len(lines) != width * len(cells):
        return False
    return all(lines[place::width] == sign * len(cells) for place, sign in form.items())

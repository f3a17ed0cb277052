"""A list of rows somebody sent, as sheets: rows that name the same columns together."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kpi.records.entity import Entity
from kpi.records.rows import Flaw, Rows
from kpi.services.intake.words import Taken

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Listed:
    """Rows of a list that name the same columns."""

    entity: Entity
    names: tuple[str, ...]
    rows: Sequence[tuple[int, Sequence[str]]]
    place: str = "rows"
    flaws: Sequence[Flaw] = ()
    digest: str = ""
    size: int = 0

    def batches(self) -> Iterator[Rows]:
        """All of them at once."""
        yield Rows([index for index, _ in self.rows], [*zip(*(cells for _, cells in self.rows), strict=True)])


def sheets_of(entity: Entity, rows: Sequence[Row]) -> tuple[list[Listed], Taken]:
    """The rows as sheets, and what became of those that cannot even be read."""
    found: dict[tuple[str, ...], list[tuple[int, Sequence[str]]]] = {}
    flaws: list[Flaw] = []
    seen: dict[tuple[str, ...], int] = {}
    for index, row in enumerate(rows):
        flaw = _flaw(entity, index, row)
        texts = {} if flaw else _texts(entity, row)
        key = tuple(texts.get(name, "").strip() for name in entity.key)
        if flaw is None and seen.setdefault(key, index) != index:
            flaw = Flaw(index, entity.key[0], f"the same {' and '.join(entity.key)} as row {seen[key]}; expected once")
        if flaw:
            flaws.append(flaw)
        else:
            found.setdefault(tuple(texts), []).append((index, tuple(texts.values())))
    unread = Taken(entity.name, "rows", rows=len(flaws), rejected=len(flaws), flaws=tuple(flaws), flawed=len(flaws))
    return [Listed(entity, names, members) for names, members in found.items()], unread


def _flaw(entity: Entity, index: int, row: Any) -> Flaw | None:
    if not isinstance(row, Mapping):
        return Flaw(index, "", "this is no object; expected one with the columns of the row")
    for name, value in row.items():
        if name not in entity.names:
            return Flaw(index, str(name), f"there is no such column; expected {', '.join(entity.names)}")
        if not isinstance(value, str | int | float | bool | None):
            return Flaw(index, name, "expected a text, a number, true, false or null")
    missing = [column.name for column in entity.columns if column.required and column.name not in row]
    return Flaw(index, missing[0], "it is missing") if missing else None


def _texts(entity: Entity, row: Row) -> dict[str, str]:
    """Every named cell as text, in the order of columns; one that must be stated and is not is empty."""
    return {
        column.name: _text(row.get(column.name)) for column in entity.columns if column.name in row or column.stated
    }


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else _digits(value)


def _digits(value: float) -> str:
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    try:
        return str(value)
    except ValueError:  # an integer of more digits than Python writes
        return "0" * 400

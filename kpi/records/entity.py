"""What a file, a batch or a form says of one kind of thing: its columns, its key and what must hold within a row."""

from collections.abc import Callable
from dataclasses import dataclass

from kpi.records.kinds import Kind


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `required`: there, and filled in every row; `stated`: there, though cells may be empty.

    A column that is neither may be left out, and what is stored then stays as it is; an empty cell empties it.
    `names` is the entity whose key the cell holds.
    """

    name: str
    kind: Kind
    doc: str
    example: str = ""
    required: bool = False
    stated: bool = False
    names: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """What holds within a row. `holds` takes the canonical texts of `columns` ("" where empty); a row that breaks it
    is refused at the first of them with `sentence`. A rule about a column that was left out is not asked."""

    columns: tuple[str, ...]
    holds: Callable[..., bool]
    sentence: str


@dataclass(frozen=True, slots=True)
class Entity:
    """One kind of thing: the stem of its file, its path in REST. `key` are the columns that tell two rows apart."""

    name: str
    doc: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    rules: tuple[Rule, ...] = ()

    def column(self, name: str) -> Column:
        """The column of this name; KeyError for one there is not."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    @property
    def needed(self) -> tuple[str, ...]:
        """The columns that may not be left out."""
        return tuple(column.name for column in self.columns if column.required or column.stated)

    @property
    def names(self) -> tuple[str, ...]:
        """All columns, in the order files are written in."""
        return tuple(column.name for column in self.columns)


def in_order(earlier: str, later: str, *, sentence: str) -> Rule:
    """Two days or instants: where both are given, the later one is not before the earlier one."""
    return Rule((later, earlier), lambda end, start: not (start and end) or start <= end, sentence)

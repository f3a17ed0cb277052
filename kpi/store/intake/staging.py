"""The table rows wait in: typed columns beside the line each came from, gone when the transaction ends."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Date,
    Float,
    Integer,
    MetaData,
    Numeric,
    Select,
    Table,
    Text,
    delete,
    func,
    select,
    text,
)
from sqlalchemy.schema import CreateTable

from kpi.records.catalog import BY_NAME
from kpi.records.entity import Entity
from kpi.records.rows import Flaw, Rows
from kpi.store.intake.sending import copying
from kpi.store.intake.writing import as_lines
from kpi.store.store import Tx
from kpi.store.tables.base import Instant

_TYPES: dict[str, Any] = {
    "text": Text,
    "date": Date,
    "timestamptz": Instant,
    "numeric": Numeric,
    "bigint": BigInteger,
    "double precision": Float,
    "boolean": Boolean,
}
KEPT_FLAWS = 1000
_ROOM_TO_SORT = "256MB"


@dataclass
class Stage:
    """Staged rows of one entity. Columns that were not `given` are there, and empty."""

    tx: Tx
    entity: Entity
    given: frozenset[str]
    table: Table

    @property
    def c(self) -> Any:
        """The staged columns; `line` among them."""
        return self.table.c

    def count(self) -> int:
        """How many rows wait."""
        return int(self.tx.value(select(func.count()).select_from(self.table)))

    @contextmanager
    def filling(self, names: Sequence[str]) -> Iterator["Filling"]:
        """Rows of these columns are written to it while the block runs."""
        columns = ", ".join(f'"{name}"' for name in ("line", *names))
        with copying(self.tx, f"COPY {self.table.name} ({columns}) FROM STDIN (FORMAT csv)") as copy:
            yield Filling(copy)
        self.tx.run(text(f"ANALYZE {self.table.name}"))

    def refuse(self, wrong: ColumnElement[bool], saying: ColumnElement[str], column: str) -> "Refused":
        """Take out the rows of which `wrong` holds; `saying` is the sentence about each."""
        gone = delete(self.table).where(wrong).returning(self.c.line, saying.label("said")).cte("gone")
        found: Select[Any] = select(gone.c.line, gone.c.said, func.count().over().label("all"))
        rows = self.tx.rows(found.order_by(gone.c.line).limit(KEPT_FLAWS))
        return Refused([Flaw(row["line"], column, row["said"]) for row in rows], rows[0]["all"] if rows else 0)


@dataclass(frozen=True)
class Refused:
    """The first rows that were taken out, and how many there were in all."""

    flaws: list[Flaw]
    count: int


@dataclass
class Filling:
    """Writes rows to a stage."""

    copy: Any

    def write(self, rows: Rows) -> None:
        """Stage the rows; an empty text is no value."""
        self.copy.write(as_lines(map(str, rows.lines), *rows.columns))


def stage(tx: Tx, entity: Entity, given: Sequence[str]) -> Stage:
    """An empty stage for rows of an entity that have the columns `given`."""
    table = _table(entity.name)
    tx.run(text(f"SET LOCAL work_mem = '{_ROOM_TO_SORT}'"))
    tx.run(text(f"DROP TABLE IF EXISTS pg_temp.{table.name}"))
    tx.run(CreateTable(table))
    return Stage(tx, entity, frozenset(given), table)


@cache
def _table(name: str) -> Table:
    """An entity's, the same for every intake: statements about it are compiled once, not kept by the hundred."""
    columns = [Column(column.name, _TYPES[column.kind.sql]) for column in BY_NAME[name].columns]
    line = Column("line", Integer)
    return Table(f"stage_{name}", MetaData(), line, *columns, prefixes=["TEMPORARY"], postgresql_on_commit="DROP")

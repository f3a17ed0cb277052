"""A table without rows is filled first and gets its keys and indexes afterwards: several times as fast."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import (
    ForeignKeyConstraint,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
    literal,
    select,
    text,
)
from sqlalchemy.schema import AddConstraint, CreateIndex, DropConstraint, DropIndex

from kpi.store.store import Tx
from kpi.store.tables import metadata

_KEYS = (PrimaryKeyConstraint, UniqueConstraint, ForeignKeyConstraint)
_ROOM_TO_SORT = "256MB"


def is_ours(tx: Tx, table: Table) -> bool:
    """Whether neither the table nor any that points to it has a row; then it is locked until the end."""
    family = [table, *{key.table for key in _pointing_to(table)}]
    if not all(_is_empty(tx, one) for one in family):
        return False
    tx.run(text(f"LOCK TABLE {', '.join(one.name for one in family)} IN ACCESS EXCLUSIVE MODE"))
    return all(_is_empty(tx, one) for one in family)


@contextmanager
def set_aside(tx: Tx, table: Table) -> Iterator[None]:
    """Inside, a table that `is_ours` has no keys and no indexes; at the end they are made, and checked."""
    own: list[Any] = [one for one in table.constraints if isinstance(one, _KEYS)]
    constraints = sorted([*own, *_pointing_to(table)], key=_order)
    indexes = sorted(table.indexes, key=lambda index: str(index.name))
    tx.run(text(f"SET LOCAL maintenance_work_mem = '{_ROOM_TO_SORT}'"))
    for constraint in reversed(constraints):
        tx.run(DropConstraint(constraint))
    for index in indexes:
        tx.run(DropIndex(index))
    tx.run(text(f"TRUNCATE {table.name}"))  # its rows from here on need no journal where wal_level is minimal
    yield
    for constraint in constraints:
        tx.run(AddConstraint(constraint, isolate_from_table=False))
    for index in indexes:
        tx.run(CreateIndex(index))


def _is_empty(tx: Tx, table: Table) -> bool:
    return tx.value(select(literal(1)).select_from(table).limit(1)) is None


def _pointing_to(table: Table) -> list[ForeignKeyConstraint]:
    keys = (key for other in metadata.tables.values() for key in other.foreign_key_constraints)
    return [key for key in keys if key.referred_table is table and key.table is not table]


def _order(constraint: Any) -> int:
    """Keys before what refers to them."""
    return 1 if isinstance(constraint, ForeignKeyConstraint) else 0

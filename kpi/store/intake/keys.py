"""A table without rows is filled first and gets its keys and indexes afterwards: several times as fast."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from psycopg.errors import LockNotAvailable
from sqlalchemy import (
    ForeignKeyConstraint,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
    literal,
    select,
    text,
)
from sqlalchemy.exc import OperationalError
from sqlalchemy.schema import AddConstraint, CreateIndex, DropConstraint, DropIndex

from kpi.store.store import Tx
from kpi.store.tables import metadata

_KEYS = (PrimaryKeyConstraint, UniqueConstraint, ForeignKeyConstraint)
_ROOM_TO_SORT = "256MB"
_PATIENCE = "500ms"
"""Shorter than a client waits behind us, and than the database takes to call two who wait for each other a deadlock."""


def is_ours(tx: Tx, table: Table) -> bool:
    """Whether we own the table and those that point to it, none has a row, and nobody keeps them, nor what they point
    to, for long; then all of these are locked until the end."""
    family = [table, *sorted({key.table for key in _pointing_to(table)}, key=lambda one: one.name)]
    around = sorted({key.referred_table for key in _pointing_from(table)} - set(family), key=lambda one: one.name)
    if not (_is_owner(tx, family) and _are_empty(tx, family) and _locked(tx, [*around, *family])):
        return False
    return _are_empty(tx, family)


def _is_owner(tx: Tx, tables: Sequence[Table]) -> bool:
    """Only who owns a table may take its keys away, whatever else a role may do."""
    owned = text(
        "SELECT bool_and(pg_has_role(relowner, 'USAGE')) FROM pg_class WHERE oid = ANY(CAST(:names AS regclass[]))"
    )
    return bool(tx.value(owned.bindparams(names=[one.name for one in tables])))


def _locked(tx: Tx, tables: Sequence[Table]) -> bool:
    try:
        with tx.connection.begin_nested():
            tx.run(text(f"SET LOCAL lock_timeout = '{_PATIENCE}'"))
            tx.run(text(f"LOCK TABLE {', '.join(one.name for one in tables)} IN ACCESS EXCLUSIVE MODE"))
            tx.run(text("SET LOCAL lock_timeout = 0"))
    except OperationalError as fault:
        if isinstance(fault.orig, LockNotAvailable):
            return False
        raise
    return True


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


def _are_empty(tx: Tx, tables: Sequence[Table]) -> bool:
    return all(tx.value(select(literal(1)).select_from(one).limit(1)) is None for one in tables)


def _pointing_to(table: Table) -> list[ForeignKeyConstraint]:
    keys = (key for other in metadata.tables.values() for key in other.foreign_key_constraints)
    return [key for key in keys if key.referred_table is table and key.table is not table]


def _pointing_from(table: Table) -> list[ForeignKeyConstraint]:
    """Taking such a key away locks what it points to as well."""
    return [key for key in table.constraints if isinstance(key, ForeignKeyConstraint)]


def _order(constraint: Any) -> int:
    """Keys before what refers to them."""
    return 1 if isinstance(constraint, ForeignKeyConstraint) else 0

"""Rows in the words of files, found by their key, and where they stand in the tables."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, and_, select

from kpi.errors import UnknownWord
from kpi.records.entity import Entity
from kpi.store import accounts
from kpi.store.exports import QUERIES
from kpi.store.intake import PLANS
from kpi.store.intake.aliases import ALIASES
from kpi.store.intake.plan import KNOWN, Plan
from kpi.store.store import Record, Tx

MOST = 6
Cells = Mapping[str, str]
"""Canonical texts by column."""


def present(tx: Tx, entity: Entity, cells: Cells) -> dict[str, str]:
    """The same, with keys of what was merged spelt as what it was merged into."""
    return {name: _present(tx, entity.column(name).names, cell) for name, cell in cells.items()}


def meant(tx: Tx, entity: Entity, cells: Cells) -> dict[str, str]:
    """The same for cells that name a row: its own key may be a merged one too."""
    own = {name: entity.name for name in entity.key if entity.column(name).names is None}
    return {name: _present(tx, entity.column(name).names or own.get(name), cell) for name, cell in cells.items()}


def find(tx: Tx, entity: Entity, cells: Cells) -> list[Record]:
    """The rows these key columns name, all columns of them as files have them; no more than `MOST`."""
    row = QUERIES[entity.name](tx).subquery()
    conditions = (row.c[name] == _value(entity, name, cell) for name, cell in cells.items())
    return tx.rows(select(row).where(*conditions).limit(MOST))


def told(row: Record) -> dict[str, Any]:
    """A found row as it could have been sent."""
    return {name: _told(value) for name, value in row.items()}


def standing(tx: Tx, entity: Entity, row: Record) -> ColumnElement[bool]:
    """The condition that finds it in its entity's table."""
    plan = PLANS[entity.name]
    given = {fill.column: fill.given[0] for fill in plan.fills if fill.given}
    return and_(
        tx.mine(plan.table), *(_stands(tx, plan, column, row, given.get(column, entity.key[0])) for column in plan.key)
    )


def id_of(tx: Tx, entity: str, key: str) -> int | None:
    """The id of what an entity knows by this key."""
    known = KNOWN[entity]
    found: int | None = tx.value(select(known.table.c[known.id]).where(tx.mine(known.table), known.table.c.key == key))
    return found


def locked(tx: Tx, entity: str, *keys: str) -> list[Record]:
    """The stored rows of these keys, of what they were merged into, in the order asked; nobody else changes them, or
    adds what refers to them, until the transaction ends. UnknownWord names the first that is not there."""
    known = KNOWN[entity]
    spelt = [_present(tx, entity, key) for key in keys]
    query = select(known.table).where(tx.mine(known.table), known.table.c.key.in_(spelt))
    found = {row["key"]: row for row in tx.rows(query.order_by(known.table.c[known.id]).with_for_update())}
    missing = [key for key, name in zip(keys, spelt, strict=True) if name not in found]
    if missing:
        raise UnknownWord(f"There is no {known.noun} “{missing[0]}”.")
    return [found[name] for name in spelt]


def lock_accounts(tx: Tx, ids: Iterable[int]) -> None:
    """Nobody logs or answers for these accounts until the transaction ends."""
    for account_id in sorted(set(ids)):
        accounts.lock(tx, account_id)


def _present(tx: Tx, entity: str | None, key: str) -> str:
    alias = ALIASES.get(entity or "")
    if alias is None:
        return key
    known = KNOWN[entity or ""]
    into = and_(known.table.c.workspace_id == alias.c.workspace_id, known.table.c[known.id] == alias.c[known.id])
    query = select(known.table.c.key).join(alias, into).where(tx.mine(alias), alias.c.key == key)
    found: str | None = tx.value(query)
    return found or key


def _stands(tx: Tx, plan: Plan, column: str, row: Record, name: str) -> ColumnElement[bool]:
    stored = plan.table.c[column]
    entity = plan.entity.column(name).names
    return stored == (id_of(tx, entity, row[name]) if entity else row[name])


def _value(entity: Entity, name: str, cell: str) -> str | date:
    return date.fromisoformat(cell) if entity.column(name).kind.sql == "date" else cell


def _told(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value

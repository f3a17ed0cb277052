"""What is kept about a scope by its id: targets, digest subscriptions, change markers. Published values stay."""

from datetime import datetime

from sqlalchemy import ColumnElement, Table, and_, delete, select, update

from kpi.store.store import Tx
from kpi.store.tables import change_marker, digest_subscription, target

_SAME = {
    target: ("kpi_key", "valid_from"),
    digest_subscription: ("channel_id", "cadence"),
    change_marker: ("what", "changed_on"),
}
"""What two may not share within a scope."""


def repoint(tx: Tx, kind: str, gone: int, into: int, now: datetime) -> None:
    """What was said of one scope is said of the other, unless that has the same: then it is dropped."""
    for table, columns in _SAME.items():
        there = table.alias("there")
        same = (there.c[name] == table.c[name] for name in ("workspace_id", "scope_kind", *columns))
        taken = select(there.c.workspace_id).where(*same, there.c.scope_id == str(into)).exists()
        movable = (tx.mine(table), _of(table, kind, gone), ~taken)
        tx.run(update(table).where(*movable).values(scope_id=str(into)))
    drop(tx, kind, gone, now)


def drop(tx: Tx, kind: str, gone: int, now: datetime) -> None:
    """Nothing is aimed at or posted about a scope any more; what a subscription posted stays in the ledger."""
    for table in (target, change_marker):
        tx.run(delete(table).where(tx.mine(table), _of(table, kind, gone)))
    subscribed = (tx.mine(digest_subscription), _of(digest_subscription, kind, gone))
    tx.run(update(digest_subscription).where(*subscribed).values(paused_at=now))


def _of(table: Table, kind: str, scope_id: int) -> ColumnElement[bool]:
    return and_(table.c.scope_kind == kind, table.c.scope_id == str(scope_id))

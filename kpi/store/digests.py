"""Digest subscriptions, and the ledger that lets a period be posted once."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from kpi.store.store import Record, Tx
from kpi.store.tables import digest_run, digest_subscription

_OCCASION = ("workspace_id", "channel_id", "cadence", "scope_kind", "scope_id")


def subscribe(tx: Tx, values: Mapping[str, Any]) -> Record:
    """Store a subscription. A channel has one of a cadence and scope: it takes the new times and keeps its ledger."""
    statement = insert(digest_subscription).values(workspace_id=tx.workspace_id, **values)
    changed = {name: statement.excluded[name] for name in values} | {"paused_at": None}
    stored = statement.on_conflict_do_update(index_elements=_OCCASION, set_=changed).returning(digest_subscription)
    found = tx.row(stored)
    if found is None:
        raise RuntimeError("an upsert returned no row")
    return found


def listed(tx: Tx) -> list[Record]:
    """The subscriptions that are on, oldest first."""
    on = digest_subscription.c.paused_at.is_(None)
    query = select(digest_subscription).where(tx.mine(digest_subscription), on)
    return tx.rows(query.order_by(digest_subscription.c.subscription_id))


def pause(tx: Tx, subscription_id: int, now: datetime) -> bool:
    """End a subscription, keeping its ledger; False when there is none that is on."""
    this = (digest_subscription.c.subscription_id == subscription_id, digest_subscription.c.paused_at.is_(None))
    return tx.run(update(digest_subscription).where(tx.mine(digest_subscription), *this).values(paused_at=now)) > 0


def is_on(tx: Tx, subscription_id: int) -> bool:
    """Whether the subscription still stands."""
    this = (digest_subscription.c.subscription_id == subscription_id, digest_subscription.c.paused_at.is_(None))
    query = select(digest_subscription.c.subscription_id).where(tx.mine(digest_subscription), *this)
    return tx.value(query) is not None


def due(tx: Tx, now: datetime) -> list[int]:
    """The subscriptions whose next digest has fallen due, longest due first."""
    ready = (digest_subscription.c.next_due_at <= now, digest_subscription.c.paused_at.is_(None))
    query = select(digest_subscription.c.subscription_id).where(tx.mine(digest_subscription), *ready)
    return [row["subscription_id"] for row in tx.rows(query.order_by(digest_subscription.c.next_due_at))]


def claim(tx: Tx, subscription_id: int, now: datetime) -> Record | None:
    """Lock a due subscription; None when another replica has it or has done it."""
    ready = (digest_subscription.c.next_due_at <= now, digest_subscription.c.paused_at.is_(None))
    this = digest_subscription.c.subscription_id == subscription_id
    query = select(digest_subscription).where(tx.mine(digest_subscription), this, *ready)
    return tx.row(query.with_for_update(skip_locked=True))


def advance(tx: Tx, subscription_id: int, next_due_at: datetime) -> None:
    """Set when the next digest falls due."""
    this = digest_subscription.c.subscription_id == subscription_id
    tx.run(update(digest_subscription).where(tx.mine(digest_subscription), this).values(next_due_at=next_due_at))


def enter(tx: Tx, values: Mapping[str, Any]) -> bool:
    """Enter a period into a subscription's ledger; False when it stands there already."""
    return tx.insert_once(digest_run, values) is not None


def carried_by(tx: Tx, subscription_id: int, period_key: str, delivery_id: int) -> None:
    """Note which delivery carries a period's digest."""
    this = (digest_run.c.subscription_id == subscription_id, digest_run.c.period_key == period_key)
    tx.run(update(digest_run).where(tx.mine(digest_run), *this).values(delivery_id=delivery_id))


def run_of(tx: Tx, delivery_id: int) -> Record | None:
    """The ledger's row a delivery carries."""
    return tx.row(select(digest_run).where(tx.mine(digest_run), digest_run.c.delivery_id == delivery_id))


def change_run(tx: Tx, delivery_id: int, values: Mapping[str, Any]) -> None:
    """Set columns of the row a delivery carries."""
    tx.run(update(digest_run).where(tx.mine(digest_run), digest_run.c.delivery_id == delivery_id).values(**values))


def runs(tx: Tx, subscription_id: int) -> list[Record]:
    """A subscription's ledger, oldest first."""
    query = select(digest_run).where(tx.mine(digest_run), digest_run.c.subscription_id == subscription_id)
    return tx.rows(query.order_by(digest_run.c.due_at, digest_run.c.period_key))

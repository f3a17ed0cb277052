"""Who did what to what."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from kpi.store.store import Record, Tx
from kpi.store.tables import audit


def add(tx: Tx, at: datetime, actor: str, action: str, subject: str, **change: Mapping[str, Any]) -> int:
    """Note an act in its own transaction, `before` and `after` saying what it changed; the number of the note."""
    noted = tx.insert(audit, {"at": at, "actor": actor, "action": action, "subject": subject, **change})
    return int(noted["audit_id"])


def of(tx: Tx, subject: str) -> list[Record]:
    """What was done to a subject, oldest first."""
    query = select(audit).where(tx.mine(audit), audit.c.subject == subject)
    return tx.rows(query.order_by(audit.c.audit_id))

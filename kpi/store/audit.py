"""Who did what to what."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from kpi.store.store import Record, Tx
from kpi.store.tables import account, audit, contact, interaction, owner, survey

_KEYED = {table.name: table for table in (account, contact, interaction, owner, survey)}
"""What is named by its id, which outlives its key."""


def add(tx: Tx, at: datetime, actor: str, action: str, subject: str, **change: Mapping[str, Any]) -> int:
    """Note an act in its own transaction, `before` and `after` saying what it changed; the number of the note."""
    noted = tx.insert(audit, {"at": at, "actor": actor, "action": action, "subject": subject, **change})
    return int(noted["audit_id"])


def of(tx: Tx, subject: str) -> list[Record]:
    """What was done to a subject, oldest first."""
    query = select(audit).where(tx.mine(audit), audit.c.subject == subject)
    return tx.rows(query.order_by(audit.c.audit_id))


def since(tx: Tx, at: datetime) -> list[Record]:
    """What was done after an instant, oldest first."""
    query = select(audit).where(tx.mine(audit), audit.c.at > at)
    return tx.rows(query.order_by(audit.c.audit_id))


def key_of(tx: Tx, subject: str) -> str | None:
    """The key of what a subject such as `account:12` names, if it is still there."""
    kind, _, number = subject.partition(":")
    table = _KEYED.get(kind)
    if table is None or not number.isdecimal():
        return None
    found: str | None = tx.value(select(table.c.key).where(tx.mine(table), table.c[f"{kind}_id"] == int(number)))
    return found

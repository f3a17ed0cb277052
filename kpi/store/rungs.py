"""How much of a message the workspace's Slack draws itself, as far as it is known."""

from datetime import datetime

from sqlalchemy import select, update

from kpi.store.store import Tx
from kpi.store.tables import workspace


def remembered(tx: Tx) -> tuple[str, datetime] | None:
    """The rung and when it was learnt; None while nothing is known."""
    found = tx.row(select(workspace.c.rung, workspace.c.rung_learnt_at).where(tx.mine(workspace)))
    return (found["rung"], found["rung_learnt_at"]) if found and found["rung"] else None


def remember(tx: Tx, rung: str, at: datetime) -> None:
    """Keep what was learnt last."""
    tx.run(update(workspace).where(tx.mine(workspace)).values(rung=rung, rung_learnt_at=at))

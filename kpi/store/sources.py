"""Where a source's facts were read up to."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from kpi.store.store import Tx
from kpi.store.tables import source_state


def unfinished(tx: Tx, source: str) -> Mapping[str, Any]:
    """How far a run came that never ended; empty where the last one did."""
    cut_short = (source_state.c.source == source, source_state.c.state == "running")
    found: Mapping[str, Any] | None = tx.value(select(source_state.c.cursor).where(tx.mine(source_state), *cut_short))
    return found or {}


def running(tx: Tx, source: str, cursor: Mapping[str, Any], now: datetime) -> None:
    """Note how far a run came."""
    _set(tx, source, {"state": "running", "cursor": cursor, "updated_at": now})


def idle(tx: Tx, source: str, now: datetime) -> None:
    """A run ended."""
    _set(tx, source, {"state": "idle", "cursor": {}, "updated_at": now})


def _set(tx: Tx, source: str, values: Mapping[str, Any]) -> None:
    statement = insert(source_state).values(workspace_id=tx.workspace_id, source=source, **values)
    tx.run(statement.on_conflict_do_update(index_elements=source_state.primary_key, set_=values))

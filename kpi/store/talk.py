"""When somebody last wrote in a client's channel and its threads; never what."""

from datetime import datetime

from sqlalchemy import delete, func
from sqlalchemy.dialects.postgresql import insert

from kpi.store.store import Tx
from kpi.store.tables import talk


def note(tx: Tx, channel_id: str, thread_ts: str | None, at: datetime) -> None:
    """Remember a message; an earlier one that comes later changes nothing."""
    place = {"workspace_id": tx.workspace_id, "channel_id": channel_id, "thread_ts": thread_ts or ""}
    statement = insert(talk).values(**place, last_at=at)
    latest = {"last_at": func.greatest(talk.c.last_at, statement.excluded.last_at)}
    tx.run(statement.on_conflict_do_update(index_elements=talk.primary_key, set_=latest))


def forget(tx: Tx, before: datetime) -> None:
    """Drop conversations that have long ended."""
    tx.run(delete(talk).where(tx.mine(talk), talk.c.last_at < before))

"""Replies: one per survey and respondent, with everything it ever said."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update

from kpi.store.store import Record, Tx
from kpi.store.tables import reply, reply_edit


@dataclass(frozen=True, slots=True)
class Stored:
    """A reply as stored; `revision` counts what it said so far, and is None when nothing new was said now."""

    row: Record
    is_new: bool
    revision: int | None


def get(tx: Tx, survey_id: int, respondent: str) -> Record | None:
    """What a respondent answered."""
    same = (reply.c.survey_id == survey_id, reply.c.respondent == respondent)
    return tx.row(select(reply).where(tx.mine(reply), *same))


def add(tx: Tx, values: Mapping[str, Any], now: datetime, recorded_at: datetime | None = None) -> Stored:
    """Store a respondent's first answer to a survey, given now; in a transaction that holds the survey's lock."""
    times = {"answered_at": now, "edited_at": now, "recorded_at": recorded_at or now}
    row = tx.insert(reply, {**values, **times})
    return Stored(row, is_new=True, revision=_keep(tx, row, now, recorded_at))


def edit(tx: Tx, found: Record, said: Mapping[str, Any], now: datetime) -> Stored:
    """Change what an answer says: its score, comment or tags."""
    if all(found[name] == value for name, value in said.items()):
        return Stored(found, is_new=False, revision=None)
    changed = update(reply).where(tx.mine(reply), reply.c.reply_id == found["reply_id"])
    row = tx.row(changed.values(**said, edited_at=now).returning(reply))
    if row is None:
        raise RuntimeError("a reply vanished between two statements")
    return Stored(row, is_new=False, revision=_keep(tx, row, now))


def _keep(tx: Tx, row: Record, now: datetime, recorded_at: datetime | None = None) -> int:
    this = (tx.mine(reply_edit), reply_edit.c.reply_id == row["reply_id"])
    last: int | None = tx.value(select(func.max(reply_edit.c.revision)).where(*this))
    said = {name: row[name] for name in ("score", "comment", "tags")}
    said |= {"answered_at": now, "recorded_at": recorded_at or now}
    tx.insert(reply_edit, {"reply_id": row["reply_id"], "revision": (last or 0) + 1, **said})
    return (last or 0) + 1

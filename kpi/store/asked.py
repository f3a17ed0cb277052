"""Who asked what, and what came of it: kept apart from `audit`, which tells what people changed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, literal, select

from kpi.store.store import Record, Tx
from kpi.store.tables import asked

_NOTED = (
    "at",
    "slack_user_id",
    "verb",
    "kpi_key",
    "scope_kind",
    "scope_id",
    "period",
    "shared_to",
    "outcome",
    "reason",
)


def note(tx: Tx, values: Mapping[str, Any]) -> None:
    """Write a question down. The transaction then commits without waiting for the disk: see the decision 0021."""
    tx.connection.execute(_NOTE, {"workspace_id": tx.workspace_id, **dict.fromkeys(_NOTED), **values})


def since(tx: Tx, at: datetime, user_id: str | None, limit: int) -> list[Record]:
    """The questions asked from an instant on, by one person or by anybody, newest first."""
    who = () if user_id is None else (asked.c.slack_user_id == user_id,)
    query = select(asked).where(tx.mine(asked), asked.c.at >= at, *who)
    return tx.rows(query.order_by(asked.c.at.desc(), asked.c.asked_id.desc()).limit(limit))


def forget(tx: Tx, before: datetime) -> int:
    """Drop questions asked before an instant; how many there were."""
    return tx.run(delete(asked).where(tx.mine(asked), asked.c.at < before))


def _noting() -> Any:
    columns = ("workspace_id", *_NOTED)
    hasty = select(func.set_config("synchronous_commit", "off", literal(True))).cte("hasty")
    given = select(*(bindparam(name, type_=asked.c[name].type) for name in columns)).select_from(hasty)
    return insert(asked).from_select(columns, given)


_NOTE = _noting()
"""Built once, and one statement: it stands before every ack."""

"""Deliveries and the gates that hold them back."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Interval, case, delete, func, literal, select, update
from sqlalchemy.dialects.postgresql import insert

from kpi.model import Message
from kpi.store.store import Record, Tx
from kpi.store.tables import delivery, send_gate, survey


def add(tx: Tx, message: Message, now: datetime, resend_of: int | None = None) -> int | None:
    """Queue a message under its occasion's key; its id, or None when that was said before."""
    values = {
        "kind": message.kind,
        "audience": message.audience,
        "method": message.method,
        "channel_id": message.channel_id,
        "thread_ts": message.thread_ts,
        "user_id": message.user_id,
        "payload": dict(message.payload),
        "dedupe_key": message.dedupe_key,
        "survey_id": message.survey_id,
        "responsible": message.responsible,
        "resend_of": resend_of,
        "created_at": now,
    }
    row = tx.insert_once(delivery, values)
    return None if row is None else int(row["delivery_id"])


def get(tx: Tx, delivery_id: int, *, lock: bool = False) -> Record | None:
    """One delivery; with `lock` nobody else changes it until this transaction ends."""
    query = select(delivery).where(tx.mine(delivery), delivery.c.delivery_id == delivery_id)
    return tx.row(query.with_for_update() if lock else query)


def change(tx: Tx, delivery_id: int, values: Mapping[str, Any]) -> None:
    """Set columns of one delivery."""
    tx.run(update(delivery).where(tx.mine(delivery), delivery.c.delivery_id == delivery_id).values(**values))


def change_attempt(
    tx: Tx, delivery_id: int, attempt: int, states: Iterable[str], values: Mapping[str, Any]
) -> Record | None:
    """Set columns if this is still the delivery's attempt and it is in one of these states; the row, else None."""
    condition = (delivery.c.delivery_id == delivery_id, delivery.c.attempt == attempt, delivery.c.state.in_(states))
    return tx.row(update(delivery).where(tx.mine(delivery), *condition).values(**values).returning(delivery))


def forget_nameless(tx: Tx, delivery_id: int) -> None:
    """Whom we thanked for an anonymous answer is not kept."""
    asked = select(survey.c.survey_id).where(tx.mine(survey), survey.c.is_anonymous)
    thanks = (delivery.c.delivery_id == delivery_id, delivery.c.kind == "thanks", delivery.c.survey_id.in_(asked))
    tx.run(delete(delivery).where(tx.mine(delivery), *thanks))


def listed(tx: Tx, states: Iterable[str], limit: int = 50) -> list[Record]:
    """Deliveries in these states, newest first."""
    query = select(delivery).where(tx.mine(delivery), delivery.c.state.in_(tuple(states)))
    return tx.rows(query.order_by(delivery.c.delivery_id.desc()).limit(limit))


def of_survey(tx: Tx, survey_id: int, *kinds: str) -> list[Record]:
    """A survey's deliveries of these kinds, the oldest first; of no kind named: its messages in the chat system."""
    query = select(delivery).where(tx.mine(delivery), delivery.c.survey_id == survey_id)
    return tx.rows(query.where(delivery.c.kind.in_(kinds or ("survey",))).order_by(delivery.c.delivery_id))


def was_resent(tx: Tx, delivery_id: int) -> bool:
    """Whether a delivery was sent again."""
    query = select(delivery.c.delivery_id).where(tx.mine(delivery), delivery.c.resend_of == delivery_id)
    return bool(tx.value(select(query.exists())))


def oldest_waiting(tx: Tx) -> datetime | None:
    """When the longest-waiting delivery was queued, None when nothing waits."""
    waiting = delivery.c.state.in_(("queued", "sending"))
    found: datetime | None = tx.value(select(func.min(delivery.c.created_at)).where(tx.mine(delivery), waiting))
    return found


def counts(tx: Tx) -> dict[str, int]:
    """How many deliveries stand in each state."""
    query = select(delivery.c.state, func.count().label("n")).where(tx.mine(delivery)).group_by(delivery.c.state)
    return {row["state"]: row["n"] for row in tx.rows(query)}


def close_gate(tx: Tx, method: str, channel_id: str, seconds: float) -> None:
    """Hold back a method in a channel for so long, by the database's own clock; never shortens a gate."""
    until = func.clock_timestamp() + literal(timedelta(seconds=seconds), Interval)
    statement = insert(send_gate).values(
        workspace_id=tx.workspace_id, method=method, channel_id=channel_id, closed_until=until
    )
    later = func.greatest(send_gate.c.closed_until, statement.excluded.closed_until)
    tx.run(statement.on_conflict_do_update(index_elements=send_gate.primary_key, set_={"closed_until": later}))


def gate(tx: Tx, method: str, channel_id: str) -> float | None:
    """For how many seconds more this method is held back in this channel; None when the way is free."""
    this = (send_gate.c.method == method, send_gate.c.channel_id == channel_id)
    left = func.extract("epoch", send_gate.c.closed_until - func.clock_timestamp())
    seconds = tx.value(select(left).where(tx.mine(send_gate), *this, left > 0))
    return None if seconds is None else float(seconds)


def forget_words(tx: Tx, kinds: Iterable[str], before: datetime) -> int:
    """Empty the payload of deliveries of these kinds that ended before an instant, and forget where mail went; how many
    there were."""
    ended = (delivery.c.finished_at < before, delivery.c.kind.in_(tuple(kinds)), delivery.c.payload != {})
    where = case((delivery.c.method == "mail", "mail"), else_=delivery.c.channel_id)
    return tx.run(update(delivery).where(tx.mine(delivery), *ended).values(payload={}, channel_id=where))


def drop_open_gates(tx: Tx) -> int:
    """Remove the gates that hold nothing back any more; how many there were."""
    open_now = send_gate.c.closed_until <= func.clock_timestamp()
    return tx.run(delete(send_gate).where(tx.mine(send_gate), open_now))

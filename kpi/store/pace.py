"""Turns to speak: a row for each place says when its next turn is, by the database's own clock."""

from datetime import timedelta

from sqlalchemy import Interval, func, literal
from sqlalchemy.dialects.postgresql import insert

from kpi.store.store import Tx
from kpi.store.tables import send_pace


def take(tx: Tx, key: str, every: timedelta) -> float:
    """Keep the next turn at a place, and move the one after it by `every`; in how many seconds it is.

    Whoever takes turns at several places does so in one order; until the transaction ends others wait.
    """
    now, step = func.clock_timestamp(), literal(every, Interval)
    first = insert(send_pace).values(workspace_id=tx.workspace_id, key=key, next_at=now + step)
    later = func.greatest(send_pace.c.next_at, now) + step
    taken = first.on_conflict_do_update(index_elements=send_pace.primary_key, set_={"next_at": later})
    seconds = func.extract("epoch", send_pace.c.next_at - step - now)
    return max(float(tx.value(taken.returning(seconds))), 0.0)

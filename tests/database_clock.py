"""Time as the database's own clock tells it: turns and gates come so much nearer."""

from datetime import timedelta

from sqlalchemy import Interval, literal, update

from kpi.store.store import Store
from kpi.store.tables import send_gate, send_pace


def let_pass(store: Store, seconds: float) -> None:
    """So much time passes for those who wait for their turn, or before a gate."""
    passed = literal(timedelta(seconds=seconds), Interval)
    with store.transaction() as tx:
        tx.run(update(send_pace).where(tx.mine(send_pace)).values(next_at=send_pace.c.next_at - passed))
        tx.run(update(send_gate).where(tx.mine(send_gate)).values(closed_until=send_gate.c.closed_until - passed))

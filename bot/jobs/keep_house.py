"""Once a night: forget what has served its time."""

from datetime import timedelta

from kpi.ports import Now
from kpi.store import deliveries
from kpi.store.store import Store

SPOKEN_DAYS = 30


def run(store: Store, now: Now) -> None:
    """Empty the words of answers and thanks sent a month ago, and drop gates that have opened."""
    with store.transaction() as tx:
        deliveries.forget_words(tx, ("answer", "thanks", "notice"), now() - timedelta(days=SPOKEN_DAYS))
        deliveries.drop_open_gates(tx, now())

"""Once a night: forget what has served its time."""

from datetime import timedelta

from kpi.ports import Now
from kpi.store import admission, asked, deliveries, talk
from kpi.store.store import Store

SPOKEN = ("answer", "share", "picture", "thanks", "notice", "survey", "reminder", "invitation")
SPOKEN_DAYS = 30
ASKED_DAYS = 400
"""A year of questions, and time to look back at it. A question takes about 300 bytes."""
GROUP_DAYS = 1
TALK_DAYS = 2


def run(store: Store, now: Now) -> None:
    """Empty what was said a month ago; drop old questions, gates that have opened and groups no rule names any more."""
    with store.transaction() as tx:
        deliveries.forget_words(tx, SPOKEN, now() - timedelta(days=SPOKEN_DAYS))
        deliveries.drop_open_gates(tx)
        asked.forget(tx, now() - timedelta(days=ASKED_DAYS))
        talk.forget(tx, now() - timedelta(days=TALK_DAYS))
        admission.forget_groups(tx, now() - timedelta(days=GROUP_DAYS))

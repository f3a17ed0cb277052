"""Keep the days that are asked for most packed, so that nobody waits for it after many facts came in."""

from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from kpi.periods import local_day
from kpi.ports import Now
from kpi.store.facts import days, versions
from kpi.store.facts.packing import PACKINGS
from kpi.store.store import Store

DAYS = 430
"""A trend of twelve months reads so far back, with the month each begins to be compared with."""
AT_ONCE = 86
_TOPICS = tuple(topic for frame in PACKINGS for topic in versions.TOPICS[frame])


@dataclass
class Packed:
    """Which workspace's days, in which zone, and what of them was packed last."""

    store: Store
    zone: ZoneInfo
    now: Now
    last: object = None


def run(packed: Packed) -> None:
    """Pack what changed, the latest days first, a few weeks in a transaction; where nothing did, one query is all."""
    today = local_day(packed.now(), packed.zone)
    with packed.store.transaction() as tx:
        seen = today, versions.of_topics(tx, _TOPICS)
    if seen == packed.last:
        return
    for end in range(0, DAYS, AT_ONCE):
        for frame in PACKINGS:
            _keep(packed, frame, (today - timedelta(days=end + AT_ONCE), today - timedelta(days=end)))
    packed.last = seen


def _keep(packed: Packed, frame: str, span: tuple[date, date]) -> None:
    with packed.store.transaction() as tx:
        days.keep(tx, frame, packed.zone, span)

"""Keep the days that are asked for most packed, so that nobody waits for it after many facts came in."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from kpi.periods import local_day
from kpi.ports import Now
from kpi.store.facts import days
from kpi.store.facts.packing import PACKINGS
from kpi.store.store import Store

DAYS = 430
"""A trend of twelve months reads so far back, with the month each begins to be compared with."""
AT_ONCE = 86


def run(store: Store, zone: ZoneInfo, now: Now) -> None:
    """Pack what changed, the latest days first, a few weeks in a transaction; where nothing did, little is read."""
    today = local_day(now(), zone)
    for end in range(0, DAYS, AT_ONCE):
        span = today - timedelta(days=end + AT_ONCE), today - timedelta(days=end)
        for frame in PACKINGS:
            _keep(store, frame, zone, span)


def _keep(store: Store, frame: str, zone: ZoneInfo, span: tuple[date, date]) -> None:
    with store.transaction() as tx:
        days.keep(tx, frame, zone, span)

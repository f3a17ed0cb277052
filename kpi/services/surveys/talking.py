"""When somebody wrote a message."""

from datetime import UTC, datetime, timedelta
from math import isfinite

_TOLERANCE = timedelta(minutes=5)
"""So far ahead of ours the chat system's clock may be."""


def instant_of(ts: str, now: datetime) -> datetime | None:
    """The instant in a message's ts (seconds since 1970 with a fraction), never after now; None for anything else."""
    try:
        seconds = float(ts)
    except ValueError:
        return None
    if not isfinite(seconds) or not 0 < seconds < (now + _TOLERANCE).timestamp():
        return None
    return min(datetime.fromtimestamp(seconds, UTC), now)

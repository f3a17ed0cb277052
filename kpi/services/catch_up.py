"""What becomes of digests that fell due while nothing ran. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta

ON_TIME = timedelta(minutes=5)
"""Later than this a digest is late: the catch-up rule decides about it, and its post says so."""


def skipped(fires: Sequence[datetime], now: datetime, rule: str, window: timedelta) -> list[str | None]:
    """For each fire, oldest first, why its digest is skipped; None: it is posted.

    `rule`: skip (nothing late is posted), latest (only the last one) or all; late ones only within `window`.
    """
    return [_reason(now - fire, rule, window, is_last=fire == fires[-1]) for fire in fires]


def _reason(late: timedelta, rule: str, window: timedelta, *, is_last: bool) -> str | None:
    if late <= ON_TIME:
        return None
    if rule == "skip":
        return "it fell due while nothing ran, and late digests are skipped"
    if late > window:
        return "it fell due too long ago to be caught up with"
    return None if is_last or rule == "all" else "a later one had fallen due as well"

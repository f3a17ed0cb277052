"""The demo's own clock: it runs like any other, and can be moved on."""

from datetime import date, datetime, time, timedelta
from time import monotonic
from zoneinfo import ZoneInfo

from bot.clock import next_fire, utc_now

_FRIDAY = 4
_OPENING = time(10)


class DemoClock:
    """Answers the demo's present instant in UTC; never goes back."""

    def __init__(self, start: datetime) -> None:
        self._set = (start, monotonic())

    def __call__(self) -> datetime:
        at, since = self._set
        return at + timedelta(seconds=monotonic() - since)

    def move_to(self, at: datetime) -> None:
        """Jump forward to an instant; an earlier one changes nothing."""
        self._set = (max(at, self()), monotonic())

    def move(self, span: timedelta) -> None:
        """Jump forward by a length of time."""
        self.move_to(self() + span)


def opening(zone: ZoneInfo) -> datetime:
    """When the demo begins: ten o'clock on the latest Friday, today included, so that a digest is near."""
    today = utc_now().astimezone(zone).date()
    friday: date = today - timedelta(days=(today.weekday() - _FRIDAY) % 7)
    return datetime.combine(friday, _OPENING, zone).astimezone(tz=utc_now().tzinfo)


def next_monday(after: datetime, zone: ZoneInfo) -> datetime:
    """The next Monday, nine o'clock."""
    return next_fire("0 9 * * 1", zone.key, after)

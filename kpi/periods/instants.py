"""From local days to UTC instants and back, right on days whose midnight does not exist or comes twice."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from kpi.periods.period import Period

SECOND = timedelta(seconds=1)


def local_day(instant: datetime, zone: ZoneInfo) -> date:
    """The date an aware instant has in `zone`."""
    return instant.astimezone(zone).date()


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The UTC instant `day` begins in `zone`: the first midnight of two; of none, the first instant after the gap."""
    wall = datetime(day.year, day.month, day.day, tzinfo=zone)
    late, early = wall.astimezone(UTC), wall.replace(fold=1).astimezone(UTC)
    while late - early > SECOND:
        middle = early + (late - early) // SECOND // 2 * SECOND
        early, late = (early, middle) if local_day(middle, zone) >= day else (middle, late)
    return late


def bounds(period: Period, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The UTC instants `[first, end)` of a period's local midnights."""
    return midnight(period.start, zone), midnight(period.end, zone)

"""How long clients wait for an answer, in business time."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from functools import cache

import holidays

from tests.reference.facts import Account
from tests.reference.population import View
from tests.reference.settings import Hours, Settings
from tests.reference.side import Ends, Side
from tests.reference.spans import Span
from tests.reference.survival import quantile, quantile_ends, share_until, steps

MICROSECOND = timedelta(microseconds=1)
MICROSECONDS_OF_HOUR = 3_600_000_000


def response_time(view: View, span: Span) -> Side:
    """The median wait of the episodes opened in the period; those without an answer are watched until as_of."""
    waits = _waits(view, span)
    times = [wait for of_account in waits for wait in of_account]
    n, answered = len(times), sum(happened for _, happened in times)
    curve = steps(times)
    target = view.settings.targets.get("response_time")
    within = None if target is None else share_until(curve, Fraction(target) * MICROSECONDS_OF_HOUR)
    details = {
        "p90": _hours(quantile(curve, 0.1)),
        "within_target": None if within is None or not n else 100 * within,
        "open": n - answered,
        "answered": answered,
    }
    low, high = quantile_ends(curve, 0.5)
    interval: Ends = (_hours(low), _hours(high))
    return replace(Side(_hours(quantile(curve, 0.5)), n, len(waits), None, n, interval), details=details)


def _waits(view: View, span: Span) -> list[list[tuple[int, bool]]]:
    """By account that has any: (microseconds waited, whether there was an answer then)."""
    found = []
    for account in view.accounts:
        hours = hours_of(view.settings, account)
        episodes = view.book.episodes.get(account.key, ())
        opened = [one for one in episodes if view.clock.local(one.opened_at) in span]
        as_of = view.clock.as_of.astimezone(UTC)
        found.append(
            [(business_time(one.opened_at, one.answered_at or as_of, hours), bool(one.answered_at)) for one in opened]
        )
    return [waits for waits in found if waits]


def _hours(microseconds: float | None) -> float | None:
    return None if microseconds is None else microseconds / MICROSECONDS_OF_HOUR


def hours_of(settings: Settings, account: Account) -> Hours | None:
    """When the account's owner works; None: always."""
    name = settings.calendar_of_owner.get(account.owner or "", "default")
    return settings.calendars.get(name)


def business_time(start: datetime, end: datetime, hours: Hours | None) -> int:
    """Microseconds of `[start, end]` (in UTC) that lie in opening hours."""
    if hours is None:
        return (end - start) // MICROSECOND
    first, last = start.astimezone(hours.timezone).date(), end.astimezone(hours.timezone).date()
    total = 0
    for number in range((last - first).days + 1):
        for opens, closes in _open_on(first + timedelta(number), hours):
            total += max(timedelta(0), min(end, closes) - max(start, opens)) // MICROSECOND
    return total


def _open_on(day: date, hours: Hours) -> Iterator[tuple[datetime, datetime]]:
    """The opening hours of a local day, as instants."""
    if day in hours.closed or _is_holiday(day, hours):
        return
    for opens, closes in hours.opening.get(day.weekday(), ()):
        yield _instant(day, opens, hours), _instant(day, closes, hours)


def _is_holiday(day: date, hours: Hours) -> bool:
    return hours.country is not None and day in _holidays(hours.country, hours.subdivision, day.year)


@cache
def _holidays(country: str, subdivision: str | None, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays(country, subdiv=subdivision, years=year))


def _instant(day: date, minutes: int, hours: Hours) -> datetime:
    """What the clock on the wall calls this time; minute 1440 is the next midnight."""
    local = datetime.combine(day, time()) + timedelta(minutes=minutes)
    return local.replace(tzinfo=hours.timezone).astimezone(UTC)

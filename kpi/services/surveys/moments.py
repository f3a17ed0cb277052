"""The right moment to ask: the client's working days and hours, in their zone, away from their holidays."""

from dataclasses import replace
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from kpi.policy import Calendar, Calendars
from kpi.policy.surveys import Programme
from kpi.stats.business_time import next_open

ALWAYS = ((0, 24 * 60),)


def of_client(calendars: Calendars | None, account: str, zone: str | None, fallback: ZoneInfo) -> Calendar:
    """The hours a client is asked in: the calendar named for the account, else the default hours in the client's zone.

    Without hours of their own they keep the public holidays of the country their zone lies in.
    """
    default = calendars.named["default"] if calendars else Calendar(fallback, dict.fromkeys(range(7), ALWAYS))
    if calendars and account in calendars.accounts:
        return calendars.named[calendars.accounts[account]]
    theirs = _zone(zone) or default.timezone
    if theirs.key == default.timezone.key:
        return default if default.country else replace(default, country=_country(theirs.key))
    return replace(default, timezone=theirs, country=_country(theirs.key), subdivision=None)


def right_moment(programme: Programme, calendar: Calendar, at: datetime) -> datetime:
    """The first instant from `at` on at which the programme may ask."""
    if programme.working_hours:
        return next_open(calendar, at, programme.never_on)
    if programme.never_on:
        hours = dict.fromkeys(range(7), ALWAYS)
        every_hour = replace(calendar, opening_minutes=hours, country=None, closed=frozenset())
        return next_open(every_hour, at, programme.never_on)
    return at


def _zone(name: str | None) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError):
        return None


@cache
def _country(zone: str) -> str | None:
    """The country an IANA zone lies in, where holidays are known for it."""
    from babel.core import get_global  # 50 ms, and only who asks clients needs it
    from holidays import list_supported_countries

    found = get_global("zone_territories").get(zone)
    return found if found in list_supported_countries(include_aliases=False) else None

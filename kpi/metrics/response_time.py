"""Response time: how long clients wait for us, in our business hours."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from kpi.metrics.answers import within
from kpi.metrics.durations import HALF, estimate, median_interval
from kpi.metrics.listing import Listing, Row
from kpi.metrics.measure import Measure, survey_status
from kpi.model import Status
from kpi.stats.business_time import open_microseconds
from kpi.stats.survival import kaplan_meier

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from kpi.facts import Facts
    from kpi.periods import Period
    from kpi.stats.survival import Curve

HOUR = 3_600_000_000
"""Microseconds."""
WAITED = "waited"
NOBODY = "No client waited for us in this period."
TOO_OPEN = "More than half of the waits are still open, too many to tell the middle."


def response_time(facts: Facts, period: Period) -> Measure[Any]:
    """The Kaplan–Meier median of the business hours from a client's message to our first answer.

    Episodes opened in the period; the unanswered ones counted up to as_of. Hours are those of the account's owner's
    calendar, without one elapsed time. Details: p90 in hours, within_target in percent, open, answered.
    """
    episodes = within(facts, period, facts.episodes, "opened_at")
    n, accounts = len(episodes), episodes["account_id"].nunique()
    waits = _waits(episodes, facts)
    curve = kaplan_meier(waits, episodes["first_response_at"].notna().to_numpy())
    median = curve.quantile(HALF)
    value = None if median is None else median / HOUR
    interval = None if value is None else median_interval(curve, HOUR)
    return Measure(
        value=value,
        numerator=None,
        denominator=n,
        n=n,
        accounts=accounts,
        interval=interval,
        status=Status.UNDEFINED if value is None else survey_status(n, accounts),
        reason=None if value is not None else TOO_OPEN if n else NOBODY,
        basis=estimate(value, interval),
        details=_details(curve, episodes, facts.target),
        listing=lambda fewest: _listing(episodes, waits, fewest),
    )


def timed(facts: Facts) -> Facts:
    """The facts with a column of the episodes' waits: measured at once for all, they are the same in every cut."""
    if WAITED in facts.episodes:
        return facts
    return replace(facts, episodes=facts.episodes.assign(**{WAITED: _waits(facts.episodes, facts)}))


def _waits(episodes: pd.DataFrame, facts: Facts) -> Any:
    """Business microseconds of each episode up to its answer, or as_of."""
    import numpy as np

    if WAITED in episodes:
        return episodes[WAITED].to_numpy()
    ended = episodes["first_response_at"].fillna(facts.as_of)
    starts, ends = (column.astype("int64").to_numpy() for column in (episodes["opened_at"], ended))
    found = np.zeros(len(episodes), dtype=np.int64)
    for name, rows in _by_calendar(episodes["account_id"].to_numpy(), facts):
        calendar = facts.calendars.named[name] if facts.calendars else None
        found[rows] = open_microseconds(calendar, starts[rows], ends[rows])
    return found


def _by_calendar(accounts: Any, facts: Facts) -> Iterator[tuple[str, Any]]:
    """The calendars by name, with the rows of episodes of accounts whose owners work by it."""
    import numpy as np

    names = {
        account: _calendar(facts, owner)
        for account, owner in zip(facts.accounts["account_id"], facts.accounts["owner"], strict=True)
    }
    usual = _calendar(facts, None)
    if set(names.values()) <= {usual}:
        yield usual, slice(None)
        return
    known, row_accounts = np.unique(accounts, return_inverse=True)
    whose = np.array([names.get(account, usual) for account in known.tolist()])[row_accounts]
    for name in np.unique(whose):
        yield str(name), whose == name


def _calendar(facts: Facts, owner: str | None) -> str:
    return facts.calendars.name_of(owner) if facts.calendars else ""


def _listing(episodes: pd.DataFrame, waits: Any, fewest: int) -> tuple[Listing, ...]:
    """The waits, the longest first: those that last, those that are over; accounts of few waits are only counted."""
    answered = episodes["first_response_at"].notna().tolist()
    counts = episodes["account_id"].value_counts()
    many = set(counts[counts >= fewest].index.tolist())
    each = zip(episodes["account_id"].tolist(), (waits / HOUR).tolist(), answered, strict=True)
    longest_first = sorted((wait for wait in each if wait[0] in many), key=lambda wait: -wait[1])
    few = len(counts) - len(many)
    rest: tuple[Row, ...] = ((f"{few} more account{'s' * (few != 1)} of fewer than {fewest} waits", (None,)),) * bool(
        few
    )
    hours = ("business_hours", "hours")
    return tuple(
        Listing(
            name, (*((account, (lasted,)) for account, lasted, over in longest_first if over is ended), *more), (hours,)
        )
        for name, ended, more in (("still_waiting", False, ()), ("answered", True, rest))
    )


def _details(curve: Curve, episodes: pd.DataFrame, target_hours: float | None) -> dict[str, Any]:
    answered = int(episodes["first_response_at"].notna().sum())
    p90 = curve.quantile(0.1)
    return {
        "p90": None if p90 is None else p90 / HOUR,
        "within_target": None if target_hours is None or episodes.empty else 100 * (1 - curve.at(target_hours * HOUR)),
        "open": len(episodes) - answered,
        "answered": answered,
    }

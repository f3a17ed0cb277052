"""Which facts became known between two instants, in words: a table of how people call them, nothing per KPI. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from kpi.facts import COLUMNS
from kpi.periods import Period, local_day, spoken
from kpi.periods.period import MONTHS
from kpi.services.publishing.basis import Row, rows

if TYPE_CHECKING:
    from kpi.facts import Facts
    from kpi.metrics.kpi import Kpi


@dataclass(frozen=True, slots=True)
class Called:
    """How people call one and several rows of a frame, and what they say of those that became known or changed.

    `key`: the columns that tell rows apart; `dated`: rows are of the period; `since`: rows that begin on such a day.
    """

    one: str
    many: str
    key: tuple[str, ...]
    changed: str
    known: str = "recorded"
    dated: bool = True
    since: str | None = None

    def counted(self, n: int) -> str:
        """`1 answer`, `2 answers`."""
        return f"{n:,} {self.one if n == 1 else self.many}"


_DAY = ("account_id", "day")
CALLED: Mapping[str, Called] = {
    "answers": Called(
        "answer", "answers", ("account_id", "respondent", "survey_id", "instrument", "answered_at"), "{} changed"
    ),
    "surveys": Called("survey", "surveys", ("account_id", "owner_id", "posted_at"), "{} answered or expired since"),
    "episodes": Called("wait", "waits", ("account_id", "opened_at"), "{} answered since"),
    "terms": Called(
        "term", "terms", ("account_id", "starts_on"), "the end of {} became known", dated=False, since="starts_on"
    ),
    "revenue": Called(
        *("amount of revenue", "amounts of revenue", ("account_id", "kind", "starts_on", "currency"), "{} changed"),
        dated=False,
        since="starts_on",
    ),
    "offers": Called("decided offer", "decided offers", ("account_id", "decided_on"), "{} changed"),
    "feedback": Called(
        *("piece of feedback", "pieces of feedback", ("account_id", "received_at")),
        *("{} implemented, declined or told of since", "recorded or found actionable"),
    ),
    "interactions": Called("day with interactions", "days with interactions", _DAY, "{} changed"),
    "messages": Called("day with messages", "days with messages", _DAY, "{} changed"),
    "usage": Called("day of use", "days of use", _DAY, "{} changed"),
    "accounts": Called("client", "clients", ("account_id",), "{} changed", dated=False),
}
"""By frame. Clients come last: their other facts say more, and speak for them."""


def late(kpi: Kpi, then: Facts, now: Facts, period: Period) -> tuple[str, ...]:
    """What is known of a period now and was not then, or otherwise; () where it is the same.

    Both must be read of the period's own days. What begins or ends after the period does not matter to it.
    """
    after = spoken(local_day(then.as_of, then.zone))
    of = f" of {_spoken(period)}" if not kpi.base.lookback_days else ""
    found: list[str] = []
    for name, called in CALLED.items():
        if name in kpi.base.frames and not (name == "accounts" and found):
            sides = (_counted(name, facts, period) for facts in (then, now))
            found += _said(called, _compared(name, *sides), (of if called.dated else "", after))
    return tuple(found)


def _said(called: Called, counts: tuple[int, int, int], when: tuple[str, str]) -> Iterator[str]:
    came, changed, gone = counts
    of, after = when
    if came:
        yield f"{called.counted(came)}{of} {called.known} after {after}"
    if changed:
        yield called.changed.format(f"{called.counted(changed)}{of}")
    if gone:
        yield f"{called.counted(gone)}{of} withdrawn since"


def _compared(name: str, then: Counter[Row], now: Counter[Row]) -> tuple[int, int, int]:
    """How many rows came, changed and went: one that went where another of its key came has changed."""
    places = [list(COLUMNS[name]).index(column) for column in CALLED[name].key]
    came, gone = (_by_key(rest, places) for rest in (now - then, then - now))
    changed = (came & gone).total()
    return came.total() - changed, changed, gone.total() - changed


def _by_key(found: Counter[Row], places: list[int]) -> Counter[Row]:
    keys: Counter[Row] = Counter()
    for row, n in found.items():
        keys[tuple(row[place] for place in places)] += n
    return keys


def _counted(name: str, facts: Facts, period: Period) -> Counter[Row]:
    """The frame's rows as far as they matter to the period."""
    columns, since = list(COLUMNS[name]), CALLED[name].since
    found = rows(getattr(facts, name))
    if since is None:
        return Counter(found)
    first, end = columns.index(since), columns.index("ends_on")
    return Counter(
        (*row[:end], _within(row[end], period.end), *row[end + 1 :]) for row in found if row[first] < period.end
    )


def _within(ends_on: date | None, end: date) -> date | None:
    """An end after the period is as good as none."""
    return ends_on if ends_on is not None and ends_on <= end else None


def _spoken(period: Period) -> str:
    return f"{MONTHS[period.start.month - 1]} {period.start.year}" if period.kind == "month" else period.key

"""Which accounts there is something to say of in a period."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from kpi.metrics.population import clients, known
from kpi.periods import midnight

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kpi.facts import Facts
    from kpi.periods import Period

AT = {"answers": "answered_at", "surveys": "posted_at", "episodes": "opened_at", "feedback": "received_at"}
ON = ("interactions", "messages", "usage")
"""The frames whose rows have an instant, and those whose rows have a day's number."""


def present(facts: Facts, periods: Sequence[Period]) -> set[int]:
    """The accounts of the scope active in the first of the periods, and all with a dated fact in any of them.

    Needs the frame terms.
    """
    first = periods[0]
    last = first.effective_end(facts.today)
    active = {account for account, client in clients(facts).items() if client.active_within(first.start, last)}
    start = min(period.start for period in periods)
    found = active.union(*(_dated(facts, name, start, last) for name in (*AT, *ON)))
    return found | _sold(facts, start, last) | _paid(facts, start, last)


def _dated(facts: Facts, name: str, start: date, end: date) -> set[int]:
    rows = getattr(facts, name)
    if name in AT:
        at = rows[AT[name]]
        inside = (at >= midnight(start, facts.zone)) & (at < midnight(end, facts.zone))
    else:
        inside = (rows["day"] >= start.toordinal()) & (rows["day"] < end.toordinal())
    return set(rows.loc[inside, "account_id"].unique().tolist())


def _sold(facts: Facts, start: date, end: date) -> set[int]:
    decided = zip(facts.offers["account_id"].tolist(), facts.offers["decided_on"].tolist(), strict=True)
    return {account for account, day in decided if start <= day < end}


def _paid(facts: Facts, start: date, end: date) -> set[int]:
    columns = (facts.revenue[name].tolist() for name in ("account_id", "starts_on", "ends_on"))
    spans = zip(*columns, strict=True)
    return {account for account, first, last in spans if first < end and start < (known(last) or date.max)}

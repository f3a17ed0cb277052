"""When the newest of the facts somebody reads took place."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from kpi.facts import COLUMNS, INSTANT
from kpi.metrics.population import known

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kpi.facts import Facts

UNDATED = ("accounts",)


def newest(facts: Facts, name: str) -> date | datetime | None:
    """The latest instant of a frame, else its latest day up to that of as_of; None without any."""
    if name in UNDATED:
        return None
    found = list(_dates(facts, name))
    instants = [each for each in found if isinstance(each, datetime)]
    return max(instants) if instants else max(found, default=None)


def _dates(facts: Facts, name: str) -> Iterator[Any]:
    rows = getattr(facts, name)
    for column, kind in COLUMNS[name].items() if len(rows) else ():
        if kind == INSTANT and rows[column].notna().any():
            yield rows[column].max().to_pydatetime()
        elif column == "day":
            yield date.fromordinal(int(rows[column].max()))
        elif column.endswith("_on"):
            days = (known(day) for day in rows[column].tolist())
            yield from (day for day in days if day is not None and day <= facts.today)

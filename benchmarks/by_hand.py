"""The same figures as a good analyst would ask PostgreSQL for them: `sql/KEY.sql`, a row of four numbers each."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from sqlalchemy import Connection, text

from kpi.periods import midnight
from kpi.policy import Calendar, WorkspacePolicy
from kpi.stats.business_time import open_microseconds

FOLDER = Path(__file__).parent / "sql"
VARIANTS = {"clv": "formula"}
"""What is written where the usual way to measure a KPI cannot be: see the file."""
_DAY = timedelta(days=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TABLE = (
    "CREATE TEMP TABLE business_day "
    "(day date PRIMARY KEY, opens_at timestamptz, closes_at timestamptz, open_before interval)"
)
_ROW = "INSERT INTO business_day VALUES (:day, :opens_at, :closes_at, :open_before)"


class Figures(NamedTuple):
    """What a KPI comes to; None where there is none."""

    value: float | None
    n: int
    numerator: float | None
    denominator: float | None


@dataclass(frozen=True, slots=True)
class Month:
    """A complete month `[start, finish)` of a workspace, as known at an instant."""

    start: date
    finish: date
    as_of: datetime
    workspace_id: int


def keys() -> list[str]:
    """The KPIs that are written down."""
    return sorted(file.stem for file in FOLDER.glob("*.sql"))


class Analyst:
    """Asks over one connection."""

    def __init__(self, connection: Connection, policy: WorkspacePolicy, month: Month) -> None:
        self._connection = connection
        self._asked = {
            "workspace": month.workspace_id,
            "start": month.start,
            "finish": month.finish,
            "as_of": month.as_of,
            "zone": policy.timezone.key,
            "margin": float(policy.gross_margin),
        }
        self._statements = {key: text((FOLDER / f"{key}.sql").read_text(encoding="utf-8")) for key in keys()}

    def ask(self, key: str) -> Figures:
        """One KPI of the month."""
        statement = self._statements[key]
        asked = {name: self._asked[name] for name in statement.compile().params}
        return Figures(*map(_number, self._connection.execute(statement, asked).one()))

    def prepare(self, calendar: Calendar, days: tuple[date, date]) -> None:
        """Write down when the calendar opens and closes on the days `[first, end)`, for response_time."""
        self._connection.execute(text(_TABLE))
        self._connection.execute(text(_ROW), business_days(calendar, *days))
        self._connection.execute(text("ANALYZE business_day"))


def business_days(calendar: Calendar, first: date, end: date) -> list[dict[str, Any]]:
    """Of each local day when it opens and closes, and how long it has been open before, from the calendar itself.

    For calendars that open once a day; on a day without hours it closes as soon as it opens.
    """
    days = [first + number * _DAY for number in range((end - first).days)]
    begins = [midnight(day, calendar.timezone) for day in days]
    marks = np.array([(begin - _EPOCH) // timedelta(microseconds=1) for begin in begins])
    before = open_microseconds(calendar, np.full(len(marks), marks[0]), marks)
    lengths = np.diff(before, append=before[-1])
    return [
        _business_day(calendar, day, timedelta(microseconds=int(length)))
        | {"open_before": timedelta(microseconds=int(passed))}
        for day, length, passed in zip(days, lengths, before, strict=True)
    ]


def _business_day(calendar: Calendar, day: date, length: timedelta) -> dict[str, Any]:
    minutes = calendar.opening_minutes.get(day.weekday(), ()) if length else ()
    opens, closes = minutes[0] if minutes else (0, 0)
    begins = datetime(day.year, day.month, day.day, tzinfo=calendar.timezone)
    at = {name: begins + timedelta(minutes=minute) for name, minute in (("opens_at", opens), ("closes_at", closes))}
    return {"day": day, **at}


def _number(found: Any) -> Any:
    return found if found is None or isinstance(found, int) else float(found)

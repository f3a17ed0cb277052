"""Long frames, a packed day at a time: what is known of a day at present, made from its rows when they have changed.

A packed day serves an instant when nothing in it speaks of a later one: then all of it was known at that instant.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, Date, LargeBinary, column, delete, func, literal, select, values
from sqlalchemy.dialects.postgresql import insert

from kpi.store.facts.packing import NEVER, PACKINGS, Span
from kpi.store.facts.versions import TOPICS, Version, around, of_days
from kpi.store.tables import fact_day

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    import numpy as np
    from numpy.typing import NDArray

    from kpi.store.facts.wanted import Wanted
    from kpi.store.store import Tx

_DAY = timedelta(days=1)
_SINCE_1970 = 946_684_800_000_000
"""Microseconds from 1970 to 2000, from which PostgreSQL counts."""
_PACKED = b"""
    SELECT packed FROM fact_day JOIN unnest(%s::date[], %s::bigint[]) AS asked (day, version) USING (day, version)
     WHERE workspace_id = %s AND frame = %s AND zone = %s ORDER BY day
"""


@dataclass(frozen=True, slots=True)
class Window:
    """Which days of a window serve packed, by their versions, and which runs of days `[first, end)` are to be read from
    the rows."""

    packed: Mapping[date, int]
    rows: tuple[tuple[date, date], ...]


def window(tx: Tx, frame: str, wanted: Wanted) -> Window:
    """The days of a window, packed anew where their rows changed. Today goes on, and is never packed."""
    past = _each(wanted.first, min(wanted.end, wanted.today))
    known = of_days(tx, TOPICS[frame], past[0] - _DAY, past[-1] + 2 * _DAY) if past else {}
    versions = {day: around(known, day) for day in past}
    settled = {day: version for day, version in versions.items() if version.settled(wanted.as_of)}
    _renew(tx, frame, wanted.zone, settled)
    unsettled = [day for day in past if day not in settled]
    packed = {day: version.count for day, version in settled.items()}
    return Window(packed, tuple(_runs([*unsettled, *_each(max(wanted.first, wanted.today), wanted.end)])))


def cells(tx: Tx, frame: str, zone: ZoneInfo, days: Mapping[date, int]) -> NDArray[np.int64] | None:
    """The rows of packed days in their order, shape (columns of the frame, rows).

    None where somebody has packed one of them anew in the meantime: it may hold what was not known then.
    """
    import numpy as np

    with tx.connection.connection.driver_connection.cursor(binary=True) as cursor:  # type: ignore[union-attr]
        cursor.execute(_PACKED, (list(days), list(days.values()), tx.workspace_id, frame, zone.key))
        found = cursor.fetchall()
    if len(found) < len(days):
        return None
    packed = b"".join(row[0] for row in found)
    width = len(PACKINGS[frame].columns)
    return np.frombuffer(packed, dtype=">i8").reshape(-1, width).T.astype(np.int64)


def columns(frame: str, found: NDArray[np.int64]) -> dict[str, Any]:
    """The cells by column; instants are UTC, absent ones NaT."""
    import numpy as np
    import pandas as pd

    by_name: dict[str, Any] = dict(zip(PACKINGS[frame].columns, found, strict=True))
    for name in PACKINGS[frame].instants:
        at = by_name[name]
        since_1970 = np.where(at == NEVER, NEVER, at + _SINCE_1970).view("datetime64[us]")
        by_name[name] = pd.DatetimeIndex(since_1970).tz_localize("UTC")
    return by_name


def untrue(tx: Tx, frame: str, zone: ZoneInfo) -> list[date]:
    """The packed days that hold another thing than their rows, though those have not changed since."""
    row = fact_day.c
    kept = _kept(tx, frame, zone.key)
    if not kept:
        return []
    first, end = min(kept), max(kept) + _DAY
    known = of_days(tx, TOPICS[frame], first - _DAY, end + _DAY)
    made = PACKINGS[frame].packed(tx, Span(first, end, zone)).subquery()
    joined = fact_day.outerjoin(made, made.c[0] == row.day)
    other = row.packed != func.coalesce(made.c[1], literal(b"", LargeBinary))
    where = (tx.mine(fact_day), row.frame == frame, row.zone == zone.key, other)
    found = tx.connection.execute(select(row.day).select_from(joined).where(*where).order_by(row.day)).scalars()
    return [day for day in found if kept[day] == around(known, day).count]


def forget(tx: Tx, frame: str, days: Iterable[date]) -> None:
    """Pack these days anew when they are next asked for."""
    tx.run(delete(fact_day).where(tx.mine(fact_day), fact_day.c.frame == frame, fact_day.c.day.in_(list(days))))


def keep(tx: Tx, frame: str, zone: ZoneInfo, span: tuple[date, date]) -> None:
    """Pack those of the days `[first, end)` whose rows changed, before anybody asks for them."""
    days = _each(*span)
    known = of_days(tx, TOPICS[frame], days[0] - _DAY, days[-1] + 2 * _DAY)
    _renew(tx, frame, zone, {day: around(known, day) for day in days})


def _renew(tx: Tx, frame: str, zone: ZoneInfo, versions: Mapping[date, Version]) -> None:
    """Pack the days whose version is another than that of what is kept."""
    kept = _kept(tx, frame, zone.key, (min(versions), max(versions))) if versions else {}
    stale = {day: version.count for day, version in versions.items() if kept.get(day) != version.count}
    for first, end in _runs(stale):
        made = PACKINGS[frame].packed(tx, Span(first, end, zone)).subquery()
        asked = values(column("day", Date), column("version", BigInteger), name="asked")
        asked = asked.data([(day, stale[day]) for day in _each(first, end)])
        packed = func.coalesce(made.c[1], literal(b"", LargeBinary))
        place = (literal(tx.workspace_id), literal(frame), literal(zone.key))
        rows = select(*place, asked.c.day, asked.c.version, packed).order_by(asked.c.day)
        joined = rows.select_from(asked.outerjoin(made, made.c[0] == asked.c.day))
        adding = insert(fact_day).from_select(["workspace_id", "frame", "zone", "day", "version", "packed"], joined)
        new = {name: adding.excluded[name] for name in ("zone", "version", "packed")}
        tx.run(adding.on_conflict_do_update(index_elements=fact_day.primary_key, set_=new))


def _kept(tx: Tx, frame: str, zone: str, span: tuple[date, date] = (date.min, date.max)) -> dict[date, int]:
    """The packed days from one to another with their versions."""
    row = fact_day.c
    where = (tx.mine(fact_day), row.frame == frame, row.zone == zone, row.day.between(*span))
    return dict(map(tuple, tx.connection.execute(select(row.day, row.version).where(*where))))


def _each(first: date, end: date) -> list[date]:
    return [first + number * _DAY for number in range((end - first).days)]


def _runs(days: Iterable[date]) -> Iterator[tuple[date, date]]:
    """Days in a row as `[first, end)`."""
    run: list[date] = []
    for day in sorted(days):
        if run and day != run[-1] + _DAY:
            yield run[0], run[-1] + _DAY
            run = []
        run.append(day)
    if run:
        yield run[0], run[-1] + _DAY

"""How a day of a long frame is packed: row after row, eight bytes a cell, as PostgreSQL sends numbers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import reduce
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, ColumnElement, Date, LargeBinary, Select, cast, func, literal, or_, select
from sqlalchemy.dialects.postgresql import BYTEA, aggregate_order_by

from kpi.periods import midnight
from kpi.store.interactions import MEETINGS
from kpi.store.store import Tx
from kpi.store.tables import account_day, episode, interaction, usage_day

NEVER = -(2**63)
"""An absent instant."""
_FIRST_DAY = date(1, 1, 1)


@dataclass(frozen=True, slots=True)
class Span:
    """The local days `[first, end)` of a zone."""

    first: date
    end: date
    zone: ZoneInfo

    def happened(self, instant: ColumnElement[Any]) -> ColumnElement[bool]:
        """An instant of these days."""
        return (instant >= midnight(self.first, self.zone)) & (instant < midnight(self.end, self.zone))

    def falls(self, day: ColumnElement[Any]) -> ColumnElement[bool]:
        """One of these days."""
        return (day >= self.first) & (day < self.end)

    def day_of(self, instant: ColumnElement[Any]) -> ColumnElement[Any]:
        """The local day of an instant."""
        return cast(func.timezone(self.zone.key, instant), Date)


@dataclass(frozen=True, slots=True)
class Packing:
    """A frame's columns, and the days of it packed: `packed(tx, span)` selects day and cells, days without rows not.

    `instants` are columns of instants; they are packed as PostgreSQL counts them, in microseconds since 2000.
    """

    columns: tuple[str, ...]
    packed: Callable[[Tx, Span], Select[Any]]
    instants: tuple[str, ...] = ()


def _episodes(tx: Tx, span: Span) -> Select[Any]:
    row = episode.c
    ended = func.coalesce(_instant(row.first_response_at), _number(literal(NEVER)))
    cells = _joined(_number(row.account_id), _instant(row.opened_at), ended)
    day = span.day_of(row.opened_at)
    return (
        select(day, _all(cells, row.opened_at, row.key))
        .where(tx.mine(episode), span.happened(row.opened_at))
        .group_by(day)
    )


def _interactions(tx: Tx, span: Span) -> Select[Any]:
    row = interaction.c
    day = span.day_of(row.occurred_at).label("day")
    meetings = func.count().filter(row.kind.in_(MEETINGS)).label("meetings")
    counted = (
        select(row.account_id, day, func.count().label("total"), meetings)
        .where(tx.mine(interaction), span.happened(row.occurred_at), row.withdrawn_at.is_(None))
        .group_by(row.account_id, day)
        .subquery()
    )
    each = counted.c
    cells = _joined(_number(each.account_id), _ordinal(each.day), _number(each.total), _number(each.meetings))
    return select(each.day, _all(cells, each.account_id)).group_by(each.day)


def _messages(tx: Tx, span: Span) -> Select[Any]:
    row = account_day.c
    sides = (_number(func.coalesce(side, 0)) for side in (row.from_client, row.from_us))
    cells = _joined(_number(row.account_id), _ordinal(row.day), *sides)
    counted = or_(row.from_client.is_not(None), row.from_us.is_not(None))
    query = select(row.day, _all(cells, row.account_id)).where(tx.mine(account_day), span.falls(row.day), counted)
    return query.group_by(row.day)


def _usage(tx: Tx, span: Span) -> Select[Any]:
    row = usage_day.c
    used = select(row.account_id, row.day).where(tx.mine(usage_day), span.falls(row.day), row.value > 0).distinct()
    each = used.subquery().c
    return select(each.day, _all(_joined(_number(each.account_id), _ordinal(each.day)), each.account_id)).group_by(
        each.day
    )


def _number(value: ColumnElement[Any]) -> ColumnElement[bytes]:
    return func.int8send(cast(value, BigInteger), type_=BYTEA)


def _ordinal(day: ColumnElement[Any]) -> ColumnElement[bytes]:
    """A day as Python counts it (`date.toordinal`)."""
    return _number(day - literal(_FIRST_DAY, Date) + 1)


def _instant(value: ColumnElement[Any]) -> ColumnElement[bytes]:
    return func.timestamptz_send(value, type_=BYTEA)


def _joined(*cells: ColumnElement[bytes]) -> ColumnElement[bytes]:
    return reduce(lambda row, cell: row.op("||", return_type=LargeBinary())(cell), cells)


def _all(cells: ColumnElement[bytes], *order: ColumnElement[Any]) -> ColumnElement[bytes]:
    empty = cast(literal(b"", LargeBinary), BYTEA)
    return func.string_agg(cells, aggregate_order_by(empty, *order), type_=BYTEA)


PACKINGS: Mapping[str, Packing] = {
    "episodes": Packing(
        ("account_id", "opened_at", "first_response_at"), _episodes, ("opened_at", "first_response_at")
    ),
    "interactions": Packing(("account_id", "day", "total", "meetings"), _interactions),
    "messages": Packing(("account_id", "day", "from_client", "from_us"), _messages),
    "usage": Packing(("account_id", "day"), _usage),
}
"""The frames that have a row for every account and day, or more."""

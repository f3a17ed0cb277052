"""Facts go out as they came in: the rows of every entity as CSV, streamed, in an order that is always the same."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, case, cast, func, literal, select
from sqlalchemy import text as sql
from sqlalchemy.dialects import postgresql

from kpi.records.entity import Column, Entity
from kpi.store.exports import conversation, portfolio, published
from kpi.store.store import Tx

QUERIES: Mapping[str, Callable[[Tx], Select[Any]]] = {
    "owners": portfolio.owners,
    "accounts": portfolio.accounts,
    "terms": portfolio.terms,
    "contacts": portfolio.contacts,
    "revenue": portfolio.revenues,
    "offers": portfolio.offers,
    "messages": conversation.messages,
    "usage": conversation.usages,
    "episodes": conversation.episodes,
    "interactions": conversation.interactions,
    "surveys": conversation.surveys,
    "replies": conversation.replies,
    "feedback": portfolio.feedbacks,
    "kpi_values": published.values,
}
"""Each entity's rows by its columns' names, in any order."""

_FORMULA = r"^[=+\-@\t\r]"


def freeze(tx: Tx) -> None:
    """All that is read from here on is as it stands now. Comes first in its transaction."""
    tx.connection.execute(sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
    tx.connection.execute(sql("SET LOCAL datestyle = ISO"))


def count(tx: Tx, entity: Entity) -> int:
    """How many rows it has."""
    return int(tx.value(select(func.count()).select_from(QUERIES[entity.name](tx).subquery())))


def copy_out(tx: Tx, entity: Entity, take: Callable[[bytes], Any], *, harmless: bool = False) -> None:
    """Hand over CSV a line at a time: the header, then every row by its key. Times are in UTC, amounts in major units.

    `harmless` puts an apostrophe before texts that a spreadsheet would take for a formula.
    """
    copied = f"COPY ({_plain(_rows(tx, entity, harmless))}) TO STDOUT (FORMAT csv, HEADER)"
    with tx.connection.connection.driver_connection.cursor() as cursor, cursor.copy(copied) as copy:  # type: ignore[union-attr]  # psycopg's
        for line in copy:
            take(line)


def _rows(tx: Tx, entity: Entity, harmless: bool) -> Select[Any]:
    found = QUERIES[entity.name](tx).subquery()
    cells = [_cell(column, found.c[column.name], harmless).label(column.name) for column in entity.columns]
    return select(*cells).order_by(*(_sorted(entity.column(name), found.c[name]) for name in entity.key))


def _cell(column: Column, value: ColumnElement[Any], harmless: bool) -> ColumnElement[Any]:
    written = _WRITTEN.get(column.kind.sql)
    if written:
        return written(value)
    if harmless and column.kind.sql == "text":
        return case((value.regexp_match(_FORMULA), literal("'") + value), else_=func.nullif(value, ""))
    return func.nullif(value, "") if column.kind.sql == "text" else value


def _sorted(column: Column, value: ColumnElement[Any]) -> ColumnElement[Any]:
    """Texts by their bytes: the order must not depend on where the database was made."""
    return value.collate("C") if column.kind.sql == "text" else value


def _instant(value: ColumnElement[Any]) -> ColumnElement[Any]:
    local = cast(func.timezone("UTC", value), Text)
    return func.replace(local, " ", "T") + literal("Z")


_WRITTEN: Mapping[str, Callable[[ColumnElement[Any]], ColumnElement[Any]]] = {
    "timestamptz": _instant,
    "boolean": lambda value: case((value, "yes"), (~value, "no")),
}


def _plain(query: Select[Any]) -> str:
    """The statement with its values in it: COPY takes no parameters."""
    dialect = postgresql.dialect(paramstyle="named")  # type: ignore[no-untyped-call]  # SQLAlchemy's
    return str(query.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))

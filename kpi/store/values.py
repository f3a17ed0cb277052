"""Published values with their revisions, and the definitions they were published by."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.dialects.postgresql import distinct_on

from kpi.model import Scope
from kpi.store.store import Record, Tx
from kpi.store.tables import kpi_definition, kpi_value

_ROLLING = ".."
"""In the key of a period that is no unit of the calendar: 2025-10-01..2026-09-30."""


class Series(NamedTuple):
    """The revisions of one value: what is published of a KPI's definition, of a scope, in a period."""

    kpi_key: str
    definition_version: int
    period_key: str
    scope_kind: str = "workspace"
    scope_id: str = ""

    @classmethod
    def of(cls, key: str, version: int, period_key: str, scope: Scope) -> "Series":
        """The one of a scope, whose id is empty for the whole workspace."""
        return cls(key, version, period_key, scope.kind, "" if scope.id is None else str(scope.id))


def enter(tx: Tx, values: Mapping[str, Any]) -> Record | None:
    """Publish a value or a revision; None, and nothing is written, where another process published it first."""
    return tx.insert_once(kpi_value, values)


def latest(tx: Tx, series: Series, by: datetime | None = None) -> Record | None:
    """What was last published of a series, or had been by an instant."""
    query = select(kpi_value).where(tx.mine(kpi_value), _is(series))
    if by is not None:
        query = query.where(kpi_value.c.published_at <= by)
    return tx.row(query.order_by(kpi_value.c.revision.desc()).limit(1))


def recent(tx: Tx, kpi_key: str, version: int, ended: tuple[date, date]) -> list[Record]:
    """The last revision of every period of the calendar that ended on one of these days, of the whole workspace."""
    row = kpi_value.c
    these = (row.kpi_key == kpi_key, row.definition_version == version, row.scope_kind == Scope().kind)
    query = select(kpi_value).where(tx.mine(kpi_value), *these, row.ends_on.between(*ended))
    last = query.ext(distinct_on(row.period_key)).order_by(row.period_key, row.revision.desc())
    return [found for found in tx.rows(last) if _ROLLING not in found["period_key"]]


def listed(tx: Tx, kpi_key: str | None = None) -> list[Record]:
    """Everything published, of one KPI or of all: by KPI, period and revision."""
    row = kpi_value.c
    these = () if kpi_key is None else (row.kpi_key == kpi_key,)
    order = (row.kpi_key, row.ends_on, row.starts_on, row.period_key, row.definition_version, row.revision)
    return tx.rows(select(kpi_value).where(tx.mine(kpi_value), *these).order_by(*order))


def define(tx: Tx, values: Mapping[str, Any]) -> None:
    """Write a definition down, unless one of its version stands there already."""
    tx.insert_once(kpi_definition, values)


def definitions(tx: Tx, kpi_key: str) -> list[Record]:
    """The definitions a KPI was published by, the newest version last."""
    query = select(kpi_definition).where(tx.mine(kpi_definition), kpi_definition.c.kpi_key == kpi_key)
    return tx.rows(query.order_by(kpi_definition.c.definition_version))


def _is(series: Series) -> ColumnElement[bool]:
    return and_(*(kpi_value.c[name] == value for name, value in series._asdict().items()))

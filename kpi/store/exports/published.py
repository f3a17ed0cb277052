"""Published values in the words of the view reporting.kpi_values."""

from typing import Any

from sqlalchemy import ColumnElement, Date, Select, Text, and_, case, cast, func, literal, select
from sqlalchemy.dialects.postgresql import JSONB

from kpi.store.store import Tx
from kpi.store.tables import account, kpi_value, owner, workspace

_PERIODS = ((r"\.\.", "rolling"), ("W", "week"), ("Q", "quarter"), ("H", "half"), ("-..-", "day"), ("-", "month"))


def values(tx: Tx) -> Select[Any]:
    """One row a value and revision of it."""
    row, counts = kpi_value.c, workspace.c
    same = (row.starts_on, row.ends_on, row.value, row.low, row.high, row.n, row.accounts, row.status, row.reason)
    judged = (row.numerator, row.denominator, row.target, row.variant, row.definition_version, row.revision)
    unit = cast(row.document, JSONB)["unit"].astext
    return (
        select(row.kpi_key.label("kpi"), cast(row.document, JSONB)["label"].astext.label("label"), unit.label("unit"))
        .add_columns(case((and_(unit == "money", _in_currency()), counts.currency)).label("currency"))
        .add_columns(row.scope_kind.label("scope"), _scope_name().label("scope_name"), row.period_key.label("period"))
        .add_columns(_period_kind().label("period_kind"), *same, *judged, row.revision_reason)
        .add_columns(_is_latest().label("is_latest"), row.as_of, row.published_at)
        .add_columns(cast(func.timezone(counts.timezone, row.published_at), Date).label("published_on"))
        .join(workspace, counts.workspace_id == row.workspace_id)
        .where(tx.mine(kpi_value))
    )


def _in_currency() -> ColumnElement[bool]:
    """Published in today's currency: a value keeps a digest of the one it was published in."""
    quoted = func.convert_to(literal('"') + workspace.c.currency + literal('"'), "UTF8")
    digest = func.left(func.encode(func.sha256(quoted), "hex"), 16)
    same: ColumnElement[bool] = kpi_value.c.basis["settings"]["currency"].astext == digest
    return same


def _scope_name() -> ColumnElement[Any]:
    row = kpi_value.c
    names = {
        table.name: select(table.c.name)
        .where(table.c.workspace_id == row.workspace_id, cast(table.c[f"{table.name}_id"], Text) == row.scope_id)
        .scalar_subquery()
        for table in (account, owner)
    }
    return case((row.scope_kind == "segment", row.scope_id), *((row.scope_kind == kind, names[kind]) for kind in names))


def _period_kind() -> ColumnElement[str]:
    return case(*((kpi_value.c.period_key.regexp_match(form), kind) for form, kind in _PERIODS), else_="year")


def _is_latest() -> ColumnElement[bool]:
    row = kpi_value.c
    series = (row.workspace_id, row.kpi_key, row.scope_kind, row.scope_id, row.period_key)
    newest_first = (row.definition_version.desc(), row.revision.desc())
    return func.row_number().over(partition_by=series, order_by=newest_first) == 1

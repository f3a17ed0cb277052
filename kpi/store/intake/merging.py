"""From the stage into the table: one statement for all rows, and how many were new, changed and as they are."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    FromClause,
    Integer,
    Select,
    and_,
    case,
    func,
    insert,
    literal,
    literal_column,
    or_,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import Insert
from sqlalchemy.dialects.postgresql import insert as upsert

from kpi.store.intake import keys
from kpi.store.intake.days import TOUCHED, local_day, touch
from kpi.store.intake.plan import Fill, Plan, joined
from kpi.store.intake.staging import Stage
from kpi.store.store import Tx

WORTH_SETTING_ASIDE = 5_000
WORTH_ANALYZING = 1_000


@dataclass(frozen=True, slots=True)
class Counts:
    """What a merge did."""

    new: int
    changed: int


def merge(stage: Stage, plan: Plan, zone: str) -> Counts:
    """Insert the staged rows or change the stored ones of the same key, where they say something else."""
    tx = stage.tx
    if _first_load(stage, plan):
        with keys.set_aside(tx, plan.table):
            tx.run(_plain(stage, plan))
        done = Counts(stage.count(), 0)
        if plan.instant:
            touch(tx, _days(plan, plan.table, zone))
    else:
        if plan.instant:
            touch(tx, _days_left(stage, plan, zone))
        done = _counted(tx, plan, _upsert(stage, plan), zone)
    if done.new + done.changed > WORTH_ANALYZING:
        tx.run(text(f"ANALYZE {plan.table.name}"))
    return done


def _first_load(stage: Stage, plan: Plan) -> bool:
    """Whether there is much to load into a table without rows."""
    many = stage.tx.value(select(stage.c.line).offset(WORTH_SETTING_ASIDE).limit(1)) is not None
    return many and keys.is_ours(stage.tx, plan.table)


def _source(stage: Stage, plan: Plan) -> tuple[list[str], Select[*tuple[Any, ...]]]:
    row, source = joined(stage)
    workspace = literal(stage.tx.workspace_id, Integer).label("workspace_id")
    values = [fill.value(row).label(fill.column) for fill in plan.fills]
    return ["workspace_id", *(fill.column for fill in plan.fills)], select(workspace, *values).select_from(source)


def _plain(stage: Stage, plan: Plan) -> Any:
    columns, source = _source(stage, plan)
    return insert(plan.table).from_select(columns, source)


def _upsert(stage: Stage, plan: Plan) -> Insert:
    columns, source = _source(stage, plan)
    statement = upsert(plan.table).from_select(columns, source)
    key = ["workspace_id", *plan.key]
    came = [fill.column for fill in plan.fills if _came(stage, plan, fill)]
    newly: dict[str, Any] = {column: statement.excluded[column] for column in came}
    newly |= {fill.column: _following(plan, fill, newly) for fill in plan.fills if _follows(fill, newly)}
    if not newly:
        return statement.on_conflict_do_nothing(index_elements=key)
    different = or_(*(plan.table.c[name].is_distinct_from(value) for name, value in newly.items()))
    return statement.on_conflict_do_update(index_elements=key, set_=newly, where=different)


def _follows(fill: Fill, newly: Mapping[str, Any]) -> bool:
    return fill.column not in newly and fill.follows in newly


def _following(plan: Plan, fill: Fill, newly: Mapping[str, Any]) -> ColumnElement[Any]:
    """A value nobody stated moves with what it was taken from."""
    stored, source = plan.table.c[fill.column], str(fill.follows)
    return case((stored == plan.table.c[source], newly[source]), else_=stored)


def _came(stage: Stage, plan: Plan, fill: Fill) -> bool:
    return fill.column not in plan.key and any(name in stage.given for name in fill.given)


def _counted(tx: Tx, plan: Plan, statement: Insert, zone: str) -> Counts:
    is_new = literal_column("(xmax = 0)", Boolean).label("is_new")
    days = [plan.table.c.account_id, plan.table.c[plan.instant]] if plan.instant else []
    merged = statement.returning(is_new, *days).cte("merged")
    counts: Select[*tuple[Any, ...]] = select(
        func.count().filter(merged.c.is_new), func.count().filter(~merged.c.is_new)
    )
    if plan.instant:
        touched = insert(TOUCHED).from_select(["account_id", "day"], _days(plan, merged, zone))
        counts = counts.add_cte(touched.cte("touched"))
    new, changed = tx.connection.execute(counts.select_from(merged)).one()
    return Counts(new, changed)


def _days_left(stage: Stage, plan: Plan, zone: str) -> Select[Any]:
    """The days of the stored rows that the stage says otherwise of: they may leave them."""
    row, source = joined(stage)
    table, key = plan.table, plan.entity.key[0]
    fills = [fill for fill in plan.fills if _came(stage, plan, fill)]
    differs = or_(*(table.c[fill.column].is_distinct_from(fill.value(row)) for fill in fills))
    stored = source.join(table, and_(stage.tx.mine(table), table.c.key == row.c[key]))
    return _days(plan, table, zone).select_from(stored).where(differs)


def _days(plan: Plan, rows: FromClause, zone: str) -> Select[Any]:
    return select(rows.c.account_id, local_day(rows.c[plan.instant or ""], zone)).distinct()

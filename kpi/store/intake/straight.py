"""Rows by the million into a table without any: written as they are read, their keys made and checked at the end.

It takes a sheet that has no flaw, or leaves no trace: then the stage takes it, and says what is wrong.
"""

from collections.abc import Iterable, Sequence

import psycopg
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from kpi.records.rows import Rows
from kpi.store.intake import keys
from kpi.store.intake.merging import Counts
from kpi.store.intake.plan import Plan, Straight
from kpi.store.intake.sending import copying
from kpi.store.intake.writing import as_lines
from kpi.store.store import Tx
from kpi.store.tables import account, account_alias

WORTH_LOADING_BYTES = 2_000_000


class _FlawError(Exception):
    """Something has to be looked at more closely."""


def load(tx: Tx, plan: Plan, names: Sequence[str], batches: Iterable[Rows]) -> Counts | None:
    """Load the rows; None, and nothing happened, where the table has rows, or anything is wrong with these."""
    if not plan.straight or not keys.is_ours(tx, plan.table):
        return None
    try:
        with tx.connection.begin_nested(), keys.set_aside(tx, plan.table):
            count = _copy(tx, plan, names, batches)
    except (_FlawError, IntegrityError, psycopg.IntegrityError):
        return None
    tx.run(text(f"ANALYZE {plan.table.name}"))
    return Counts(count, 0)


def _copy(tx: Tx, plan: Plan, names: Sequence[str], batches: Iterable[Rows]) -> int:
    ways = [way for way in plan.straight if any(cell in names for cell in way.cells)]
    columns = ", ".join(("workspace_id", *(way.column for way in ways)))
    ids = _ids(tx)
    count = 0
    with copying(tx, f"COPY {plan.table.name} ({columns}) FROM STDIN (FORMAT csv)") as copy:
        for rows in batches:
            if rows.flaws:
                raise _FlawError
            cells = dict(zip(names, rows.columns, strict=True))
            workspace = [str(tx.workspace_id)] * len(rows.lines)
            copy.write(as_lines(workspace, *(_value(way, cells, ids) for way in ways)))
            count += len(rows.lines)
    return count


def _value(way: Straight, cells: dict[str, Sequence[str]], ids: dict[str, str]) -> Sequence[str]:
    given = [cells[name] for name in way.cells if name in cells]
    if way.column == "account_id":
        try:
            return list(map(ids.__getitem__, given[0]))
        except KeyError:
            raise _FlawError from None
    return given[0] if len(given) == 1 else [first or other for first, other in zip(*given, strict=True)]


def _ids(tx: Tx) -> dict[str, str]:
    """Every account's id by its keys, as text."""
    merged = select(account_alias.c.key, account_alias.c.account_id).where(tx.mine(account_alias))
    query = select(account.c.key, account.c.account_id).where(tx.mine(account)).union_all(merged)
    return {key: str(number) for key, number in tx.connection.execute(query)}

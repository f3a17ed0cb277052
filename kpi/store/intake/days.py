"""The additive counts of accounts' days, counted again wherever rows behind them changed."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    CTE,
    BigInteger,
    Column,
    ColumnElement,
    Date,
    MetaData,
    Select,
    Table,
    and_,
    delete,
    func,
    insert,
    literal_column,
    or_,
    select,
    text,
    true,
)
from sqlalchemy import cast as sql_cast
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.schema import CreateTable

from kpi.store.interactions import MEETINGS
from kpi.store.store import Record, Tx
from kpi.store.tables import account, account_day, interaction, reply

TOUCHED = Table(
    "touched_day",
    MetaData(),
    Column("account_id", BigInteger),
    Column("day", Date),
    prefixes=["TEMPORARY"],
    postgresql_on_commit="DROP",
)


COUNTS = ("interactions", "meetings", "survey_answers")
_SIDES = ("stored", "counted")


def local_day(instant: Any, zone: str) -> ColumnElement[Any]:
    """The local date of an instant."""
    return sql_cast(func.timezone(zone, instant), Date)


def open_touched(tx: Tx) -> None:
    """Make the list of days to count again; `recount` empties it."""
    tx.run(text(f"DROP TABLE IF EXISTS pg_temp.{TOUCHED.name}"))
    tx.run(CreateTable(TOUCHED))


def touch(tx: Tx, days: Select[Any]) -> None:
    """Days (account_id, day) whose rows change in this transaction, as selected."""
    tx.run(insert(TOUCHED).from_select(["account_id", "day"], days))


def touch_these(tx: Tx, days: Iterable[Record]) -> None:
    """Days known by account_id and day."""
    if rows := [{name: day[name] for name in ("account_id", "day")} for day in days]:
        tx.connection.execute(insert(TOUCHED), rows)


def recount(tx: Tx, zone: str) -> None:
    """Count the touched days again from their rows. Nobody logs or answers for their accounts until the end."""
    if tx.value(select(TOUCHED.c.day).limit(1)) is None:
        return
    tx.run(text(f"ANALYZE {TOUCHED.name}"))
    of_days = select(TOUCHED.c.account_id).distinct()
    locked = select(account.c.account_id).where(tx.mine(account), account.c.account_id.in_(of_days))
    tx.run(
        select(func.count()).select_from(locked.order_by(account.c.account_id).with_for_update(key_share=True).cte())
    )
    days = select(TOUCHED.c.account_id, TOUCHED.c.day).distinct().cte("days")
    logged, answered = _logged(tx, zone, of_days), _answered(tx, zone, of_days)
    counts = {
        "interactions": func.coalesce(logged.c.interactions, 0),
        "meetings": func.coalesce(logged.c.meetings, 0),
        "survey_answers": func.coalesce(answered.c.answers, 0),
    }
    source = days.outerjoin(
        logged, (logged.c.account_id == days.c.account_id) & (logged.c.day == days.c.day)
    ).outerjoin(answered, (answered.c.account_id == days.c.account_id) & (answered.c.day == days.c.day))
    values = select(literal_column(str(tx.workspace_id)), days.c.account_id, days.c.day, *counts.values())
    statement = upsert(account_day).from_select(
        ["workspace_id", "account_id", "day", *counts], values.select_from(source)
    )
    changed = or_(*(account_day.c[name].is_distinct_from(statement.excluded[name]) for name in counts))
    newly = {name: statement.excluded[name] for name in counts}
    tx.run(statement.on_conflict_do_update(index_elements=account_day.primary_key, set_=newly, where=changed))
    _forget_empty(tx)
    tx.run(delete(TOUCHED))


def miscounted(tx: Tx, zone: str) -> list[Record]:
    """The days whose counts are not what their rows say: account_id, account, day, each count stored and counted."""
    stored = select(account_day).where(tx.mine(account_day)).cte("stored")
    logged, answered = _logged(tx, zone), _answered(tx, zone)
    same = (logged.c.account_id == answered.c.account_id) & (logged.c.day == answered.c.day)
    counted = (
        select(
            func.coalesce(logged.c.account_id, answered.c.account_id).label("account_id"),
            func.coalesce(logged.c.day, answered.c.day).label("day"),
            logged.c.interactions,
            logged.c.meetings,
            answered.c.answers.label("survey_answers"),
        )
        .select_from(logged.outerjoin(answered, same, full=True))
        .cte("counted")
    )
    there = (counted.c.account_id == stored.c.account_id) & (counted.c.day == stored.c.day)
    pairs = {name: (func.coalesce(stored.c[name], 0), func.coalesce(counted.c[name], 0)) for name in COUNTS}
    account_id = func.coalesce(stored.c.account_id, counted.c.account_id)
    shown = [pair[which].label(f"{name}_{word}") for name, pair in pairs.items() for which, word in enumerate(_SIDES)]
    whose = and_(tx.mine(account), account.c.account_id == account_id)
    query = select(
        account_id.label("account_id"), account.c.key.label("account"),
        func.coalesce(stored.c.day, counted.c.day).label("day"), *shown,
    )  # fmt: skip
    query = query.select_from(stored.outerjoin(counted, there, full=True).join(account, whose))
    wrong = or_(*(one != other for one, other in pairs.values()))
    return tx.rows(query.where(wrong).order_by("account", "day"))


def _logged(tx: Tx, zone: str, accounts: Select[Any] | None = None) -> CTE:
    """The interactions of each account and day, of these accounts or all."""
    day = local_day(interaction.c.occurred_at, zone)
    meetings = func.count().filter(interaction.c.kind.in_(MEETINGS)).label("meetings")
    return (
        select(interaction.c.account_id, day.label("day"), func.count().label("interactions"), meetings)
        .where(tx.mine(interaction), interaction.c.withdrawn_at.is_(None), _of(interaction, accounts))
        .group_by(interaction.c.account_id, day)
        .cte("logged")
    )


def _answered(tx: Tx, zone: str, accounts: Select[Any] | None = None) -> CTE:
    """The answers of each account and day, of these accounts or all."""
    day = local_day(reply.c.answered_at, zone)
    return (
        select(reply.c.account_id, day.label("day"), func.count().label("answers"))
        .where(tx.mine(reply), _of(reply, accounts))
        .group_by(reply.c.account_id, day)
        .cte("answered")
    )


def _of(table: Table, accounts: Select[Any] | None) -> ColumnElement[bool]:
    return true() if accounts is None else table.c.account_id.in_(accounts)


def _forget_empty(tx: Tx) -> None:
    """A day on which nothing is left to count, and nobody said how many messages there were, is no row."""
    day = account_day.c
    touched = select(TOUCHED.c.account_id).where(TOUCHED.c.account_id == day.account_id, TOUCHED.c.day == day.day)
    empty = (
        day.interactions + day.meetings + day.survey_answers == 0,
        day.from_client.is_(None),
        day.from_us.is_(None),
    )
    tx.run(delete(account_day).where(tx.mine(account_day), *empty, touched.exists()))

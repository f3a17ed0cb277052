"""Contracts, revenue and counted days of two accounts, put together."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, case, delete, func, literal, select, update
from sqlalchemy.dialects.postgresql import insert

from kpi.records.kinds import LONGEST_KEY
from kpi.store.corrections.counting import Recount
from kpi.store.intake import days
from kpi.store.store import Record, Tx
from kpi.store.tables import account_day, account_term, revenue, usage_day

_END = ("ends_on", "notice_on", "reason")


def observed_from(tx: Tx, *accounts: Record) -> date | None:
    """The first day any of them was observed: as it says, else since its first contract began."""
    first = [row["observed_from"] or _first_day(tx, row["account_id"]) for row in accounts]
    return min((day for day in first if day), default=None)


def join_terms(tx: Tx, gone: int, into: int) -> int:
    """Contracts change hands; of two that begin on one day the later end stays, an open one being the latest."""
    ours = {row["starts_on"]: row for row in _terms(tx, into)}
    theirs = _terms(tx, gone)
    for row in theirs:
        same = ours.get(row["starts_on"])
        if same is None:
            _change_term(tx, row["term_id"], {"account_id": into})
            continue
        tx.run(delete(account_term).where(tx.mine(account_term), account_term.c.term_id == row["term_id"]))
        _change_term(tx, same["term_id"], _longer(row, same))
    return len(theirs)


def join_revenue(tx: Tx, gone: Record, into: Record) -> int:
    """Amounts change hands; one that would stand in another's place says where it came from, so that both count."""
    row = revenue.c
    theirs = tx.rows(select(revenue).where(tx.mine(revenue), row.account_id == gone["account_id"]))
    taken = {
        _place(one) for one in tx.rows(select(revenue).where(tx.mine(revenue), row.account_id == into["account_id"]))
    }
    for one in theirs:
        place = _place(one)
        key = next(key for key in _keys(one["key"], gone["key"]) if (*place[:-1], key) not in taken)
        taken.add((*place[:-1], key))
        mine = (tx.mine(revenue), row.revenue_id == one["revenue_id"])
        tx.run(update(revenue).where(*mine).values(account_id=into["account_id"], key=key))
    return len(theirs)


def join_days(recount: Recount, gone: int, into: int) -> int:
    """Messages of a day add up; a day is unknown where it was at both. The other counts are counted again."""
    tx, day = recount.tx, account_day.c
    columns = ("day", "from_client", "from_us", "messages_recorded_at")
    theirs = select(literal(tx.workspace_id), literal(into), *(day[name] for name in columns))
    statement = insert(account_day).from_select(
        ["workspace_id", "account_id", *columns], theirs.where(tx.mine(account_day), day.account_id == gone)
    )
    sums = {name: _sum(day[name], statement.excluded[name]) for name in ("from_client", "from_us")}
    recorded = func.greatest(day.messages_recorded_at, statement.excluded.messages_recorded_at)
    added = {**sums, "messages_recorded_at": recorded}
    tx.run(statement.on_conflict_do_update(index_elements=account_day.primary_key, set_=added))
    days.touch(tx, select(literal(into), day.day).where(tx.mine(account_day), day.account_id == gone))
    gone_days = delete(account_day).where(tx.mine(account_day), day.account_id == gone)
    return sum(row["from_client"] is not None for row in tx.rows(gone_days.returning(day.from_client)))


def join_usage(tx: Tx, gone: int, into: int) -> int:
    """Values of one day and metric add up."""
    used = usage_day.c
    columns = ("day", "metric", "value", "recorded_at")
    theirs = select(literal(tx.workspace_id), literal(into), *(used[name] for name in columns))
    statement = insert(usage_day).from_select(
        ["workspace_id", "account_id", *columns], theirs.where(tx.mine(usage_day), used.account_id == gone)
    )
    added = {
        "value": used.value + statement.excluded.value,
        "recorded_at": func.greatest(used.recorded_at, statement.excluded.recorded_at),
    }
    tx.run(statement.on_conflict_do_update(index_elements=usage_day.primary_key, set_=added))
    return tx.run(delete(usage_day).where(tx.mine(usage_day), used.account_id == gone))


def _first_day(tx: Tx, account_id: int) -> date | None:
    found: date | None = tx.value(
        select(func.min(account_term.c.starts_on)).where(tx.mine(account_term), account_term.c.account_id == account_id)
    )
    return found


def _terms(tx: Tx, account_id: int) -> list[Record]:
    return tx.rows(select(account_term).where(tx.mine(account_term), account_term.c.account_id == account_id))


def _change_term(tx: Tx, term_id: int, values: Record) -> None:
    tx.run(update(account_term).where(tx.mine(account_term), account_term.c.term_id == term_id).values(values))


def _longer(theirs: Record, ours: Record) -> Record:
    """Known since the earlier of both, ending as the longer one, of whose end we know since we did."""
    longer = max((ours, theirs), key=lambda row: row["ends_on"] or date.max)
    recorded = [row["recorded_at"] for row in (theirs, ours)]
    end_recorded = longer["end_recorded_at"] or longer["recorded_at"]
    return {
        **{name: longer[name] for name in _END},
        "recorded_at": None if None in recorded else min(recorded),
        "end_recorded_at": end_recorded if longer["ends_on"] else None,
    }


def _place(row: Record) -> tuple[Any, ...]:
    return tuple(row[name] for name in ("kind", "starts_on", "currency", "key"))


def _keys(key: str, origin: str) -> Iterable[str]:
    """Its own key, then ones that say where it came from."""
    yield key
    told = f"{key} from {origin}".strip()[: LONGEST_KEY - 4]
    yield told
    yield from (f"{told} {number}" for number in range(2, 1000))


def _sum(ours: ColumnElement[Any], theirs: ColumnElement[Any]) -> ColumnElement[Any]:
    unknown = ours.is_(None) & theirs.is_(None)
    return case((~unknown, func.coalesce(ours, 0) + func.coalesce(theirs, 0)))

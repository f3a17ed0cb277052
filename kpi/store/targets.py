"""What is aimed for with a KPI in a scope, from a day on. Rows are only added: what was known before stays known."""

from datetime import date, datetime

from sqlalchemy import select, tuple_
from sqlalchemy.dialects.postgresql import distinct_on

from kpi.model import Scope
from kpi.store.scopes import columns
from kpi.store.store import Record, Tx
from kpi.store.tables import target

_PLACE = (target.c.kpi_key, target.c.scope_kind, target.c.scope_id, target.c.valid_from)
_NEWEST = (target.c.recorded_at.desc(), target.c.target_id.desc())


def add(tx: Tx, kpi_key: str, scope: Scope, values: Record) -> Record:
    """Keep a target, or with the value None its end; it replaces what was said of the same day."""
    return tx.insert(target, {"kpi_key": kpi_key, **columns(scope), **values})


def in_force(tx: Tx, kpi_key: str, scope: Scope, day: date, as_of: datetime) -> Record | None:
    """What was known at `as_of` to be in force on a day: what is said of exactly that scope, else of the workspace."""
    scopes = [tuple(columns(one).values()) for one in (scope, Scope())]
    ours = tuple_(target.c.scope_kind, target.c.scope_id).in_(scopes)
    known = (target.c.kpi_key == kpi_key, ours, target.c.valid_from <= day, target.c.recorded_at <= as_of)
    own_first = target.c.scope_kind == Scope().kind
    query = select(target).where(tx.mine(target), *known)
    return tx.row(query.order_by(own_first, target.c.valid_from.desc(), *_NEWEST).limit(1))


def aimed(tx: Tx, kpi_key: str, kind: str) -> set[str]:
    """The scopes of a kind, by their ids as kept, of which anything was ever said of their own."""
    mine = (tx.mine(target), target.c.kpi_key == kpi_key, target.c.scope_kind == kind)
    return set(tx.connection.execute(select(target.c.scope_id).distinct().where(*mine)).scalars())


def listed(tx: Tx) -> list[Record]:
    """What is said now, by KPI, scope and day."""
    return tx.rows(select(target).ext(distinct_on(*_PLACE)).where(tx.mine(target)).order_by(*_PLACE, *_NEWEST))

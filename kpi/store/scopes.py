"""The names people call accounts, segments and owners by."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, false, select

from kpi.model import Scope
from kpi.store.store import Record, Tx
from kpi.store.tables import account, owner


@dataclass(frozen=True, slots=True)
class Named:
    """Something a KPI can be cut to: its id (a segment's is its name), its key and its name."""

    id: int | str
    key: str
    name: str


def named(tx: Tx, kind: str, owners: Collection[int] | None = None) -> list[Named]:
    """Every account, segment or owner (`kind`) of the workspace, by name; only what `owners` have, where given.

    No segment is anybody's alone.
    """
    return [Named(*row) for row in tx.connection.execute(_query(tx, kind, owners))]


def numbered(tx: Tx, kind: str, id: int | str, owners: Collection[int] | None = None) -> Named | None:
    """The one of this id, if it is there, and of these owners where they are given."""
    query = _query(tx, kind, owners)
    row = tx.connection.execute(query.where(query.selected_columns[0] == id)).first()
    return None if row is None else Named(*row)


def _query(tx: Tx, kind: str, owners: Collection[int] | None) -> Select[Any]:
    query = _QUERIES[kind](tx)
    return query if owners is None else query.where(_OF_OWNERS[kind](owners))


def homes(tx: Tx, kind: str) -> dict[int, int | str | None]:
    """What each account belongs to at present: itself, its segment, or its owner's id."""
    whose = {"account": account.c.account_id, "segment": account.c.segment, "owner": account.c.owner_id}[kind]
    found = tx.connection.execute(select(account.c.account_id, whose).where(tx.mine(account)))
    return dict(map(tuple, found))


def columns(scope: Scope) -> dict[str, str]:
    """A found scope as tables keep it; the whole workspace has no id."""
    return {"scope_kind": scope.kind, "scope_id": "" if scope.id is None else str(scope.id)}


def kept(tx: Tx, rows: Iterable[Record]) -> list[Scope]:
    """The scopes that rows keep, one for each, by their present names; what has none any more goes by its id."""
    kept = [(row["scope_kind"], row["scope_id"]) for row in rows]
    kinds = {kind for kind, _ in kept} & set(_QUERIES)
    known = {(kind, str(one.id)): Scope(kind, one.name, one.id) for kind in kinds for one in named(tx, kind)}
    known[Scope().kind, ""] = Scope()
    return [known.get(scope) or Scope(scope[0], scope[1], scope[1]) for scope in kept]


def _accounts(tx: Tx) -> Select[Any]:
    return select(account.c.account_id, account.c.key, account.c.name).where(tx.mine(account)).order_by(account.c.name)


def _segments(tx: Tx) -> Select[Any]:
    segment = account.c.segment
    return select(segment, segment, segment).where(tx.mine(account), segment.is_not(None)).distinct().order_by(segment)


def _owners(tx: Tx) -> Select[Any]:
    return select(owner.c.owner_id, owner.c.key, owner.c.name).where(tx.mine(owner)).order_by(owner.c.name)


_OF_OWNERS: Mapping[str, Callable[[Collection[int]], ColumnElement[bool]]] = {
    "account": account.c.owner_id.in_,
    "segment": lambda _: false(),
    "owner": owner.c.owner_id.in_,
}
_QUERIES: Mapping[str, Callable[[Tx], Select[Any]]] = {"account": _accounts, "segment": _segments, "owner": _owners}

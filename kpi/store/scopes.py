"""The names people call accounts, segments and owners by."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select

from kpi.store.store import Tx
from kpi.store.tables import account, owner


@dataclass(frozen=True, slots=True)
class Named:
    """Something a KPI can be cut to: its id (a segment's is its name), its key and its name."""

    id: int | str
    key: str
    name: str


def named(tx: Tx, kind: str) -> list[Named]:
    """Every account, segment or owner (`kind`) of the workspace, by name."""
    return [Named(*row) for row in tx.connection.execute(_QUERIES[kind](tx))]


def _accounts(tx: Tx) -> Select[Any]:
    return select(account.c.account_id, account.c.key, account.c.name).where(tx.mine(account)).order_by(account.c.name)


def _segments(tx: Tx) -> Select[Any]:
    segment = account.c.segment
    return select(segment, segment, segment).where(tx.mine(account), segment.is_not(None)).distinct().order_by(segment)


def _owners(tx: Tx) -> Select[Any]:
    return select(owner.c.owner_id, owner.c.key, owner.c.name).where(tx.mine(owner)).order_by(owner.c.name)


_QUERIES: Mapping[str, Callable[[Tx], Select[Any]]] = {"account": _accounts, "segment": _segments, "owner": _owners}

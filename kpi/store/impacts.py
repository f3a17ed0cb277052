"""Changes somebody made, and what the KPIs came to after them."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select, update

from kpi.store.store import Record, Tx
from kpi.store.tables import change_marker

_PLACE = ("what", "changed_on", "scope_kind", "scope_id")


def mark(tx: Tx, marker: Mapping[str, Any]) -> Record:
    """Keep a marker, or find the one of the same change, day and scope; held until the transaction ends."""
    tx.insert_once(change_marker, marker)
    same = (change_marker.c[name] == marker[name] for name in _PLACE)
    (found,) = tx.rows(select(change_marker).where(tx.mine(change_marker), *same).with_for_update())
    return found


def held(tx: Tx, marker_id: int) -> Record | None:
    """A marker, held until the transaction ends; None when it is gone, or somebody else holds it."""
    this = change_marker.c.marker_id == marker_id
    return tx.row(select(change_marker).where(tx.mine(change_marker), this).with_for_update(skip_locked=True))


def keep(tx: Tx, marker_id: int, kpi_keys: Iterable[str], results: Mapping[str, Any]) -> None:
    """What a marker compares, and what has come of it for good, by months."""
    this = (tx.mine(change_marker), change_marker.c.marker_id == marker_id)
    tx.run(update(change_marker).where(*this).values(kpi_keys=list(kpi_keys), results=dict(results)))


def listed(tx: Tx) -> list[Record]:
    """All markers, the newest change first."""
    order = (change_marker.c.changed_on.desc(), change_marker.c.marker_id.desc())
    return tx.rows(select(change_marker).where(tx.mine(change_marker)).order_by(*order))

"""Facts as they were known at an instant, read by the rules of KPIS.md (Time, Population)."""

from typing import Any

from kpi.facts import COLUMNS, Facts, frame
from kpi.store.facts.freshness import recorded
from kpi.store.facts.queries import QUERIES
from kpi.store.facts.wanted import Wanted
from kpi.store.store import Tx

__all__ = ["Wanted", "load", "recorded"]


def load(tx: Tx, wanted: Wanted) -> Facts:
    """The facts as they were known at `wanted.as_of`; a frame that is not needed stays empty and costs nothing."""
    frames = {name: _frame(tx, name, wanted) for name in COLUMNS if name in wanted.needs}
    return Facts(as_of=wanted.as_of, zone=wanted.zone, **frames)


def _frame(tx: Tx, name: str, wanted: Wanted) -> Any:
    return frame(name, tx.connection.execute(QUERIES[name](tx, wanted)).all())

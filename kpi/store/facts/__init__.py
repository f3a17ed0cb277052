"""Facts as they were known at an instant, read by the rules of KPIS.md (Time, Population)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from kpi.facts import COLUMNS, Facts, frame
from kpi.store.facts import days
from kpi.store.facts.freshness import recorded
from kpi.store.facts.packing import PACKINGS
from kpi.store.facts.queries import QUERIES
from kpi.store.facts.wanted import Wanted

if TYPE_CHECKING:
    import pandas as pd

    from kpi.store.store import Tx

__all__ = ["Wanted", "load", "recorded"]


def load(tx: Tx, wanted: Wanted, *, packed: bool = True) -> Facts:
    """The facts as they were known at `wanted.as_of`; a frame that is not needed stays empty and costs nothing.

    Long frames come packed where that is quicker; without `packed` every frame is read from its rows.
    """
    needed = [name for name in COLUMNS if name in wanted.needs]
    quick = {name for name in needed if name in PACKINGS} if packed and wanted.of.kind != "account" else set()
    frames: dict[str, Any] = {name: _rows(tx, name, wanted) for name in needed if name not in quick}
    frames |= {name: _days(tx, name, wanted, frames["accounts"]) for name in quick}
    return Facts(as_of=wanted.as_of, zone=wanted.zone, **frames)


def _rows(tx: Tx, name: str, wanted: Wanted) -> pd.DataFrame:
    return frame(name, tx.connection.execute(QUERIES[name](tx, wanted)).all())


def _days(tx: Tx, name: str, wanted: Wanted, accounts: pd.DataFrame) -> pd.DataFrame:
    """Packed days, and the rows of those that are not, of the accounts that are known."""
    import numpy as np
    import pandas as pd

    window = days.window(tx, name, wanted)
    found = days.cells(tx, name, window.packed)
    found = found[:, np.isin(found[0], accounts["account_id"].to_numpy())]
    made = pd.DataFrame(days.columns(name, found))
    rest = [_rows(tx, name, replace(wanted, first=first, end=end)) for first, end in window.rows]
    return pd.concat([made, *rest], ignore_index=True)

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
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from kpi.store.store import Tx

__all__ = ["Wanted", "load", "recorded"]


def load(tx: Tx, wanted: Wanted, *, packed: bool = True) -> Facts:
    """The facts as they were known at `wanted.as_of`; a frame that is not needed stays empty and costs nothing.

    Long frames come packed where that is quicker; without `packed` every frame is read from its rows.
    """
    needed = [name for name in COLUMNS if name in wanted.needs]
    quick = [name for name in needed if name in PACKINGS and packed and wanted.of.kind != "account"]
    frames: dict[str, Any] = {name: _rows(tx, name, wanted) for name in needed if name not in quick}
    frames |= {name: _days(tx, name, wanted, frames["accounts"]) for name in quick}
    return Facts(as_of=wanted.as_of, zone=wanted.zone, **frames)


def _rows(tx: Tx, name: str, wanted: Wanted) -> pd.DataFrame:
    return frame(name, tx.connection.execute(QUERIES[name](tx, wanted)).all())


def _days(tx: Tx, name: str, wanted: Wanted, accounts: pd.DataFrame) -> pd.DataFrame:
    """Packed days, and the rows of those that are not, of the accounts that are known."""
    import pandas as pd

    window = days.window(tx, name, wanted)
    found = days.cells(tx, name, wanted.zone, window.packed)
    if found is None:
        return _rows(tx, name, wanted)
    known = _is_among(found[0], accounts["account_id"].to_numpy())
    found = found if known.all() else found[:, known]
    made = pd.DataFrame(days.columns(name, found))
    rest = [_rows(tx, name, replace(wanted, first=first, end=end)) for first, end in window.rows]
    return pd.concat([made, *rest], ignore_index=True)


def _is_among(ids: NDArray[np.int64], known: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Of each id whether it is a known one; ids are small numbers, so a table of all of them answers."""
    import numpy as np

    table = np.zeros(max(ids.max(initial=0), known.max(initial=0)) + 1, dtype=bool)
    table[known] = True
    return table[ids]

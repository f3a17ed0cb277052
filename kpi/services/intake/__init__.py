"""Facts come in: from a source's sheets, from a list of rows, from a form; checked whole, then merged."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from kpi.ports import Now, Sheet
from kpi.records.entity import Entity
from kpi.services.intake.words import Fate, Mode, Taken
from kpi.store.store import Store, Tx

__all__ = ["Fate", "Intake", "Mode", "Taken"]

Progress = Callable[[str, int, int], None]
"""Called with a sheet's place, the bytes read so far and its size."""


@dataclass(frozen=True)
class Intake:
    """Takes rows in. Times without an offset are in `zone`; amounts without a currency are in `currency`."""

    store: Store
    now: Now
    zone: ZoneInfo
    currency: str

    def take(self, sheets: Sequence[Sheet], mode: Mode, progress: Progress) -> tuple[Taken, ...]:
        """Import sheets, each wholly or (unless `keep_good`) not at all; one outcome each, in the order of entities."""
        raise NotImplementedError

    def put(self, entity: Entity, rows: Sequence[Mapping[str, Any]], by: str) -> Taken:
        """Take a list of rows: the good ones are written, together; the others come back as flaws, by their index.

        A row's values are texts, numbers, booleans or None; what a row does not name stays as it is.
        """
        raise NotImplementedError

    def put_in(self, tx: Tx, entity: Entity, rows: Sequence[Mapping[str, Any]]) -> Taken:
        """The same within a transaction of the caller's, who undoes it where a flaw is not to be borne."""
        raise NotImplementedError

"""Facts come in: from a source's sheets, from a list of rows, from a form; checked whole, then merged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from kpi.ports import Now, Sheet
from kpi.records.entity import Entity
from kpi.services.intake.importing import Import
from kpi.services.intake.listing import sheets_of
from kpi.services.intake.taking import Progress, Taker, quiet, together
from kpi.services.intake.words import Fate, Mode, Taken
from kpi.store import audit
from kpi.store.intake import Busy, lock
from kpi.store.store import Store, Tx

__all__ = ["Busy", "Fate", "Intake", "Mode", "Progress", "Taken"]


@dataclass(frozen=True)
class Intake:
    """Takes rows in. Times without an offset are in `zone`; amounts that name no currency, at accounts that have none,
    are in `currency`. A list of rows waits `patience_seconds` for others that are coming in."""

    store: Store
    now: Now
    zone: ZoneInfo
    currency: str
    patience_seconds: int = 10

    def take(self, sheets: Sequence[Sheet], mode: Mode, progress: Progress = quiet) -> tuple[Taken, ...]:
        """Import sheets, each wholly or (unless `keep_good`) not at all; one outcome each, in the order of entities.

        A sheet that is written stays written. From the first refused one on nothing more is, and the rest is only
        checked. An import that was cut short goes on where it was when it is run again.
        """
        return Import(self.store, self.now, Taker(self.zone, self.currency, progress), mode).run(sheets)

    def put(self, entity: Entity, rows: Sequence[Mapping[str, Any]], by: str) -> Taken:
        """Take a list of rows: the good ones are written, together; the others come back as flaws, by their index.

        A row's values are texts, numbers, booleans or None; what a row does not name stays as it is. Raises Busy
        while others' rows are coming in.
        """
        with self.store.transaction() as tx:
            lock(tx, self.patience_seconds)
            taken = self.put_in(tx, entity, rows)
            if taken.new or taken.changed:
                counts = {"new": taken.new, "changed": taken.changed, "rejected": taken.rejected}
                audit.add(tx, self.now(), by, "rows.put", entity.name, after=counts)
        return taken

    def put_in(self, tx: Tx, entity: Entity, rows: Sequence[Mapping[str, Any]]) -> Taken:
        """The same within a transaction of the caller's, who undoes it where a flaw is not to be borne."""
        taker = Taker(self.zone, self.currency)
        sheets, flawed = sheets_of(entity, rows)
        return together(entity, [flawed, *(taker.take(tx, sheet) for sheet in sheets)])

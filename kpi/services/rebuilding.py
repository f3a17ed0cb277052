"""Making anew what follows from the rows: each day's counts, and packed days. What differs is told, and put right."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from kpi.store.facts import days as packed
from kpi.store.facts import versions
from kpi.store.facts.packing import PACKINGS
from kpi.store.intake import days
from kpi.store.store import Record, Store


@dataclass(frozen=True, slots=True)
class Difference:
    """What was stored otherwise than the rows say: a day's counts of an account, or a packed day of all."""

    what: str
    day: date
    account: str | None = None
    stored: int | None = None
    counted: int | None = None

    def document(self) -> dict[str, Any]:
        """It as JSON."""
        told = {"what": self.what, "day": f"{self.day}", "account": self.account}
        return {**told, "stored": self.stored, "counted": self.counted}


@dataclass(frozen=True, slots=True)
class Rebuilding:
    """Counts again in the workspace's zone."""

    store: Store
    zone: ZoneInfo

    def run(self) -> list[Difference]:
        """Everything that differed, each kind put right in a transaction of its own; run again, nothing differs."""
        return [*self._counts(), *(difference for frame in PACKINGS for difference in self._packed(frame))]

    def _counts(self) -> list[Difference]:
        with self.store.transaction() as tx:
            wrong = days.miscounted(tx, self.zone.key)
            days.open_touched(tx)
            days.touch_these(tx, wrong)
            days.recount(tx, self.zone.key)
        return [difference for row in wrong for difference in _differences(row)]

    def _packed(self, frame: str) -> list[Difference]:
        with self.store.transaction() as tx:
            versions.fold(tx)
            wrong = packed.untrue(tx, frame, self.zone)
            packed.forget(tx, frame, wrong)
        return [Difference(f"packed {frame}", day) for day in wrong]


def _differences(row: Record) -> Iterator[Difference]:
    for name in days.COUNTS:
        stored, counted = row[f"{name}_stored"], row[f"{name}_counted"]
        if stored != counted:
            yield Difference(name, row["day"], row["account"], stored, counted)

"""What is asked for, and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from kpi.errors import KpiError
from kpi.records.kinds import KEY, Misread
from kpi.records.reading import shown
from kpi.store import audit
from kpi.store.store import Tx


@dataclass(frozen=True, slots=True)
class Done:
    """What was put right, in one sentence, and how many rows of what it concerned."""

    sentence: str
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Row:
    """A row as somebody names it: its entity, and the texts of as many key columns as tell it from others."""

    entity: str
    key: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class By:
    """Who does it, and whether they only want to know what it would come to."""

    actor: str
    dry_run: bool = False


def listed(counts: Mapping[str, int]) -> str:
    """Counts in words: 3 contracts, 1 contacts → `3 contracts and 1 contact`; "" for none."""
    told = [f"{count:,} {_one(noun) if count == 1 else noun}" for noun, count in counts.items() if count]
    *others, last = told or [""]
    return f"{', '.join(others)} and {last}" if others else last


def _one(plural: str) -> str:
    return _SINGULAR.get(plural) or plural.removesuffix("s")


_SINGULAR = {
    "days of messages": "day of messages",
    "days of usage": "day of usage",
    "amounts of revenue": "amount of revenue",
    "pieces of feedback": "piece of feedback",
    "people they manage": "person they manage",
}


class InUse(KpiError):
    """Others refer to the row, or stand where it should go: the text says what, and what to do."""


@dataclass(frozen=True, slots=True)
class Act:
    """One correction under way: its transaction, the zone of local days, the moment, and who does it."""

    tx: Tx
    zone: ZoneInfo
    now: datetime
    actor: str

    def key(self, text: str) -> str:
        """A key as it can be looked up; KpiError for one nobody can have."""
        try:
            return KEY.read(text.strip(), self.zone)
        except Misread as fault:
            raise KpiError(f"{shown(text)} is not a key; {fault.expected}.") from fault

    def note(self, action: str, subject: str, **change: Mapping[str, Any]) -> None:
        """Leave a trace of it."""
        audit.add(self.tx, self.now, self.actor, action, subject, **change)

"""Answers that still hold: kept until a fact they rest on changes, the day ends, or, where waits go on, the minute."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock

from kpi.model import KpiValue

MOST = 5_000


@dataclass(slots=True)
class Answered:
    """Values by everything they follow from, the least recently asked for forgotten first. Used by many threads."""

    values: OrderedDict[Hashable, KpiValue] = field(default_factory=OrderedDict)
    lock: Lock = field(default_factory=Lock)

    def get(self, key: Hashable, compute: Callable[[], KpiValue]) -> KpiValue:
        """The value of this key, computed where it is not known; of two threads that compute it at once both may."""
        with self.lock:
            if key in self.values:
                self.values.move_to_end(key)
                return self.values[key]
        found = compute()
        with self.lock:
            self.values[key] = found
            while len(self.values) > MOST:
                self.values.popitem(last=False)
        return found

    def forget(self) -> None:
        """Know nothing any more."""
        with self.lock:
            self.values.clear()


def minute(at: datetime) -> datetime:
    """The minute of an instant: what answers print of when they were computed."""
    return at.replace(second=0, microsecond=0)

"""Answers that still hold: kept until a fact they rest on changes, the day ends, or, where waits go on, the minute."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock

from kpi.model import KpiValue

MOST = 5_000


@dataclass(slots=True)
class Answered:
    """Values by everything they follow from, the least recently asked for forgotten first. Used by many threads."""

    values: "OrderedDict[Hashable, Future[KpiValue]]" = field(default_factory=OrderedDict)
    lock: Lock = field(default_factory=Lock)

    def get(self, key: Hashable, compute: Callable[[], KpiValue]) -> KpiValue:
        """The value of this key, computed where it is not known: by one, while others who ask wait for it.

        What cannot be computed is raised to all of them, and tried anew the next time.
        """
        with self.lock:
            known = self.values.get(key)
            if known is not None:
                self.values.move_to_end(key)
            else:
                mine = self.values[key] = Future()
                while len(self.values) > MOST:
                    self.values.popitem(last=False)
        return known.result() if known is not None else self._computed(key, mine, compute)

    def forget(self) -> None:
        """Know nothing any more."""
        with self.lock:
            self.values.clear()

    def _computed(self, key: Hashable, mine: "Future[KpiValue]", compute: Callable[[], KpiValue]) -> KpiValue:
        try:
            mine.set_result(compute())
        except BaseException as fault:  # noqa: BLE001 raised again, to all who wait for it
            with self.lock:
                self.values.pop(key, None)
            mine.set_exception(fault)
        return mine.result()


def minute(at: datetime) -> datetime:
    """The minute of an instant: what answers print of when they were computed."""
    return at.replace(second=0, microsecond=0)

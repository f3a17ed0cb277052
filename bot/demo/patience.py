"""Waiting for something to be seen, for a while and no longer."""

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event
from time import monotonic
from typing import TypeVar

from kpi.errors import KpiError

Found = TypeVar("Found")
ENDED = "The demo was ended before it was through."
_LOOK_AGAIN_SECONDS = 0.03


class Missed(KpiError):
    """Something that should have happened did not; the text says what."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Looks again and again; `over` is set when the demo is being ended."""

    over: Event = field(default_factory=Event)
    seconds: float = 20

    def until(self, what: str, look: Callable[[], Found | None]) -> Found:
        """What `look` finds as soon as it finds anything. Missed after the deadline; `what` begins its sentence."""
        deadline = monotonic() + self.seconds
        while True:
            if found := look():
                return found
            if self.over.is_set():
                raise Missed(ENDED)
            if monotonic() > deadline:
                raise Missed(f"{what} did not come within {self.seconds:g} seconds.")
            self.over.wait(_LOOK_AGAIN_SECONDS)

"""Faults on demand: what goes wrong with the next calls of a method."""

import time
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr

Kind = Literal[
    "accept_then_drop",
    "accept_then_hang",
    "drop_before_accept",
    "http_500",
    "http_503",
    "not_json",
    "truncated",
    "slow",
    "rate_limited",
    "error",
]
DONE_FIRST = ("accept_then_drop", "accept_then_hang", "truncated", "not_json")
"""What the call asks for is done; only its answer goes wrong."""


class Fault(BaseModel):
    """One fault, for the next `times` calls of `method` (`*`: any), or all of the next `for_seconds`.

    With a `channel`, for calls about that one only.
    """

    model_config = ConfigDict(extra="forbid")
    method: str
    kind: Kind
    times: Annotated[int, Field(ge=1)] = 1
    for_seconds: Annotated[float, Field(gt=0)] | None = None
    channel: str | None = None
    retry_after: float = 1
    seconds: float = 1.0
    error: str = "internal_error"
    _since: float = PrivateAttr(default_factory=time.monotonic)

    def meets(self, method: str, channel: Any) -> bool:
        """Whether this call is one it was made for."""
        return self.method in {"*", method} and self.channel in {None, channel}

    def is_over(self) -> bool:
        """Whether its time has passed."""
        return self.for_seconds is not None and time.monotonic() - self._since > self.for_seconds


class Faults:
    """Faults waiting for their calls; the oldest that fits is used first."""

    def __init__(self) -> None:
        self.waiting: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Queue one."""
        self.waiting.append(fault)

    def clear(self) -> None:
        """Forget all."""
        self.waiting.clear()

    def take(self, method: str, args: Mapping[str, Any]) -> Fault | None:
        """The fault this call meets, used up once unless it lasts for a time, or None."""
        self.waiting = [fault for fault in self.waiting if not fault.is_over()]
        found = next((fault for fault in self.waiting if fault.meets(method, args.get("channel"))), None)
        if found and found.for_seconds is None:
            found.times -= 1
            if not found.times:
                self.waiting.remove(found)
        return found

"""Faults on demand: what goes wrong with the next calls of a method."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Kind = Literal["accept_then_drop", "drop_before_accept", "http_500", "slow", "rate_limited", "error"]


class Fault(BaseModel):
    """One fault, for the next `times` calls of `method` (`*`: any), in `channel` only when given."""

    model_config = ConfigDict(extra="forbid")
    method: str
    kind: Kind
    times: Annotated[int, Field(ge=1)] = 1
    channel: str | None = None
    retry_after: float = 1
    seconds: float = 1.0
    error: str = "internal_error"

    def meets(self, method: str, channel: Any) -> bool:
        """Whether this call is one it was made for."""
        return self.method in {"*", method} and self.channel in {None, channel}


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
        """The fault this call meets, used up once, or None."""
        found = next((fault for fault in self.waiting if fault.meets(method, args.get("channel"))), None)
        if found:
            found.times -= 1
            if not found.times:
                self.waiting.remove(found)
        return found

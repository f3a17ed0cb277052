"""Mishaps on demand: what goes wrong with the next deliveries to the app."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from sandbox.delivery import TRUE_SEAL, Ack, Seal

Kind = Literal["duplicated", "late", "reordered", "lost", "skewed", "forged"]
Attempt = Callable[[Seal], Awaitable[Ack]]
"""One attempt to deliver, under a seal."""


class Mishap(BaseModel):
    """One mishap, for the next `times` deliveries of a kind (`*`: any).

    Late by `seconds`; reordered: held until the next of its kind has gone, so long at most; skewed: signed by a clock
    so far off. A lost one never arrives, a forged one bears somebody else's signature.
    """

    model_config = ConfigDict(extra="forbid")
    delivery: Literal["events_api", "interactive", "slash_commands", "*"]
    kind: Kind
    times: Annotated[int, Field(ge=1)] = 1
    seconds: float = 1.0


class Mishaps:
    """Mishaps waiting for their deliveries, and deliveries that are held back."""

    def __init__(self) -> None:
        self.waiting: list[Mishap] = []
        self._held: dict[str, list[asyncio.Event]] = {}

    def clear(self) -> None:
        """Forget all; what is held back goes."""
        self.waiting.clear()
        for kind in list(self._held):
            self._release(kind)

    def _take(self, kind: str) -> Mishap | None:
        found = next((mishap for mishap in self.waiting if mishap.delivery in {"*", kind}), None)
        if found:
            found.times -= 1
            if not found.times:
                self.waiting.remove(found)
        return found

    async def deliver(self, kind: str, attempt: Attempt) -> Ack:
        """Deliver with what is to go wrong, if anything is; of two attempts the first one's answer counts."""
        mishap = self._take(kind)
        if mishap is None:
            ack = await attempt(TRUE_SEAL)
            self._release(kind)
            return ack
        return await self._gone_wrong(mishap, kind, attempt)

    async def _gone_wrong(self, mishap: Mishap, kind: str, attempt: Attempt) -> Ack:
        if mishap.kind == "lost":
            return Ack(None, None, 0.0, "dispatch_failed")
        if mishap.kind == "duplicated":
            first, _ = await asyncio.gather(attempt(TRUE_SEAL), attempt(TRUE_SEAL))
            return first
        if mishap.kind == "late":
            await asyncio.sleep(mishap.seconds)
        if mishap.kind == "reordered":
            await self._hold(kind, mishap.seconds)
        seal = _SEALS.get(mishap.kind)
        return await attempt(seal(mishap) if seal else TRUE_SEAL)

    async def _hold(self, kind: str, seconds: float) -> None:
        another = asyncio.Event()
        self._held.setdefault(kind, []).append(another)
        with suppress(TimeoutError):
            await asyncio.wait_for(another.wait(), seconds)

    def _release(self, kind: str) -> None:
        for held in self._held.pop(kind, []):
            held.set()


_SEALS: dict[str, Callable[[Mishap], Seal]] = {
    "skewed": lambda mishap: Seal(skew_seconds=mishap.seconds),
    "forged": lambda _: Seal(is_forged=True),
}

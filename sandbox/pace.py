"""How fast an app may post before Slack asks it to wait: token buckets per method, channel and workspace."""

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sandbox.limits import Pace, Rate
from sandbox.world import World


@dataclass(slots=True)
class Bucket:
    """Tokens that come back at a rate; a call takes one."""

    rate: Rate
    tokens: float
    at: float

    def missing(self, now: float) -> float:
        """Seconds until there is a token; 0 when there is one."""
        self.tokens = min(self.tokens + (now - self.at) * self.rate.per_second, self.rate.burst)
        self.at = now
        return max(0.0, (1 - self.tokens) / self.rate.per_second)


@dataclass(slots=True)
class Pacer:
    """Says of every call whether it comes too fast; without a pace nothing does."""

    pace: Pace | None = None
    now: Callable[[], float] = time.monotonic
    buckets: dict[tuple[str, str], Bucket] = field(default_factory=dict)

    def retry_after(self, world: World, method: str, args: dict[str, Any]) -> int:
        """Whole seconds to wait, and the call counts for nothing; 0 lets it through."""
        now = self.now()
        asked = [self._bucket(key, rate, now) for key, rate in self._rates(world, method, str(args.get("channel")))]
        wait = max((bucket.missing(now) for bucket in asked), default=0.0)
        if not wait:
            for bucket in asked:
                bucket.tokens -= 1
        return math.ceil(wait)

    def _rates(self, world: World, method: str, place: str) -> Iterator[tuple[tuple[str, str], Rate]]:
        if self.pace is None:
            return
        if method == "chat.postMessage":
            yield (method, _place(world, place)), self.pace.channel
            yield (method, ""), self.pace.workspace
        elif method == "chat.postEphemeral":
            yield (method, ""), self.pace.ephemeral

    def _bucket(self, key: tuple[str, str], rate: Rate, now: float) -> Bucket:
        return self.buckets.setdefault(key, Bucket(rate, rate.burst, now))


def _place(world: World, channel_id: str) -> str:
    """A conversation's one name: the person's of a direct message, however it is addressed."""
    channel = world.channels.get(channel_id)
    return channel.user or channel.id if channel else channel_id

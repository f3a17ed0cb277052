"""Messages by channel, in order of their `ts`; ephemeral ones stand beside them, each visible to one user."""

import time
from dataclasses import dataclass, field
from typing import Any

from sandbox.uploads import File


class TsClock:
    """Hands out Slack timestamps: unique, increasing, close to the wall clock."""

    def __init__(self) -> None:
        self._last = 0

    def next(self) -> str:
        """The next `ts`, seconds with six decimals."""
        self._last = max(self._last + 1, time.time_ns() // 1000)
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06d}"


@dataclass(slots=True)
class Message:
    """One message; `ephemeral_to` names the only user who sees it."""

    channel: str
    ts: str
    user: str
    text: str = ""
    blocks: list[dict[str, Any]] = field(default_factory=list)
    thread_ts: str | None = None
    metadata: dict[str, Any] | None = None
    edited_ts: str | None = None
    ephemeral_to: str | None = None
    files: list[File] = field(default_factory=list)


@dataclass(slots=True)
class Timeline:
    """All messages of the workspace."""

    messages: list[Message] = field(default_factory=list)

    def find(self, channel: str, ts: str) -> Message | None:
        """The message, ephemeral or not, or None."""
        return next((m for m in self.messages if m.ts == ts and m.channel == channel), None)

    def of(self, channel: str) -> list[Message]:
        """A channel's messages, oldest first, ephemeral ones included."""
        return [message for message in self.messages if message.channel == channel]

    def ephemeral_since(self, ts: str, user: str) -> list[Message]:
        """What this user alone came to see after `ts`."""
        return [message for message in self.messages if message.ts > ts and message.ephemeral_to == user]

    def add(self, message: Message) -> Message:
        """Keep the message."""
        self.messages.append(message)
        return message

    def remove(self, message: Message) -> None:
        """Forget the message."""
        self.messages.remove(message)

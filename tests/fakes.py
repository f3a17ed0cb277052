"""The three doors of the world, as small classes: Slack, now, and the queue's order book."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from kpi.model import Person
from kpi.ports import Transaction


@dataclass
class FakeNow:
    """A clock that stands still until it is moved."""

    at: datetime = datetime(2026, 9, 16, 10, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def move(self, **span: float) -> None:
        """Move forward by a timedelta's words."""
        self.at += timedelta(**span)


@dataclass
class RecordingQueue:
    """Keeps what was enqueued, in order, whether or not the transaction commits."""

    jobs: list[tuple[str, dict[str, Any], str | None, bool]] = field(default_factory=list)

    def enqueue(
        self,
        transaction: Transaction,  # noqa: ARG002 the port's signature
        job: str,
        args: Mapping[str, Any],
        *,
        lane: str | None = None,
        urgent: bool = False,
    ) -> None:
        self.jobs.append((job, dict(args), lane, urgent))


@dataclass
class FakeDirectory:
    """Slack's address book; whoever is not in it is someone Slack cannot speak of."""

    people: dict[str, Person] = field(default_factory=dict)
    shared: dict[str, bool] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    rooms: dict[str, tuple[str, ...]] = field(default_factory=dict)
    groups: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def person(self, user_id: str) -> Person | None:
        self.asked.append(user_id)
        return self.people.get(user_id)

    def is_externally_shared(self, channel_id: str) -> bool | None:
        self.asked.append(channel_id)
        return self.shared.get(channel_id)

    def members(self, channel_id: str) -> tuple[str, ...] | None:
        self.asked.append(channel_id)
        return self.rooms.get(channel_id)

    def in_group(self, group_id: str) -> tuple[str, ...] | None:
        self.asked.append(group_id)
        return self.groups.get(group_id)

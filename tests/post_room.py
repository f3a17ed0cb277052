"""Deliveries and a real Slack gateway, with the sandbox behind it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from bot.jobs import deliver
from bot.mail import Mail
from bot.queue import Again
from bot.slack import Slack
from kpi.model import Message
from kpi.services.capability import Capability
from kpi.services.deliveries import Deliveries, Delivery, enqueue
from kpi.store import deliveries as rows
from kpi.store.store import Record, Store
from sandbox.client import Control
from tests.database_clock import let_pass
from tests.delivery_rows import DeliveryRows
from tests.fakes import FakeNow, RecordingQueue


@dataclass
class PostRoom(DeliveryRows):
    """Deliveries and a real Slack gateway, with the sandbox behind it."""

    store: Store
    slack: Slack
    control: Control
    now: FakeNow = field(default_factory=FakeNow)
    queue: RecordingQueue = field(default_factory=RecordingQueue)
    mail: Mail | None = None
    waited: list[float] = field(default_factory=list)

    @property
    def deliveries(self) -> Deliveries:
        return Deliveries(self.store, self.queue, self.now, {}, words)

    @property
    def capability(self) -> Capability:
        """Of a process that has just started: nothing is remembered but in the database."""
        return Capability(self.store, self.now)

    def say(self, message: Message) -> int:
        with self.store.transaction() as tx:
            delivery_id = enqueue(tx, self.queue, message, self.now())
        assert delivery_id is not None
        return delivery_id

    def deliver(self, delivery_id: int) -> None:
        post = deliver.Post(self.deliveries, self.slack, self.capability, self.let_pass, self.mail)
        deliver.run(post, delivery_id)

    def let_pass(self, seconds: float) -> None:
        """So much time passes for those who wait for their turn or before a gate."""
        self.waited.append(seconds)
        let_pass(self.store, seconds)

    def wait(self, delivery_id: int) -> float:
        """Deliver what must wait; for how many seconds."""
        with pytest.raises(Again) as again:
            self.deliver(delivery_id)
        return again.value.seconds

    def fail(self, method: str, kind: str, **more: Any) -> None:
        self.control.post("faults", method=method, kind=kind, **more)

    def texts(self, channel: str) -> list[str]:
        return [message["text"] for message in self.control.messages(channel)]

    def notices(self) -> list[Record]:
        with self.store.transaction() as tx:
            return [row for row in rows.listed(tx, ("queued", "sent")) if row["kind"] == "notice"]


def words(delivery: Delivery) -> Mapping[str, Any]:
    return {"text": f"{delivery['delivery_id']} is {delivery['state']}: {delivery['error']}"}

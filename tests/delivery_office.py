"""Deliveries with everything around them a test wants to look at."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kpi.model import Message
from kpi.services.deliveries import Claim, Deliveries, Delivery, enqueue
from kpi.store import deliveries as rows
from kpi.store.store import Store, Tx
from tests.delivery_rows import DeliveryRows
from tests.fakes import FakeNow, RecordingQueue

HELLO = Message("survey", "client", "C0ACME", {"text": "How was it?"}, "survey:1", responsible="U0ANNA")


@dataclass
class Watcher:
    """Wants every message until told otherwise, and notes what became of them."""

    wanted: bool = True
    fates: list[str] = field(default_factory=list)

    def still_wanted(self, tx: Tx, delivery: Delivery) -> bool:
        assert tx.workspace_id == delivery["workspace_id"]
        return self.wanted

    def settled(self, tx: Tx, delivery: Delivery) -> None:
        assert tx.workspace_id == delivery["workspace_id"]
        self.fates.append(delivery["state"])


@dataclass
class Office(DeliveryRows):
    """Deliveries with everything around them a test wants to look at."""

    store: Store
    now: FakeNow = field(default_factory=FakeNow)
    queue: RecordingQueue = field(default_factory=RecordingQueue)
    survey: Watcher = field(default_factory=Watcher)
    operators: tuple[str, ...] = ()

    @property
    def deliveries(self) -> Deliveries:
        return Deliveries(self.store, self.queue, self.now, {"survey": self.survey}, words, self.operators)

    def say(self, message: Message = HELLO) -> int | None:
        with self.store.transaction() as tx:
            return enqueue(tx, self.queue, message, self.now())

    def claim(self) -> Claim:
        delivery_id = self.say()
        assert delivery_id is not None
        return self.claimed(delivery_id)

    def claimed(self, delivery_id: int) -> Claim:
        claim = self.deliveries.claim(delivery_id)
        assert claim is not None
        return claim

    def notices(self) -> list[dict[str, Any]]:
        with self.store.transaction() as tx:
            return [row for row in rows.listed(tx, ("queued",)) if row["kind"] == "notice"]


def words(delivery: Delivery) -> Mapping[str, Any]:
    return {"text": f"{delivery['delivery_id']} is {delivery['state']}: {delivery['error']}"}

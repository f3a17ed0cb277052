"""Who may ask for numbers, and where the answer may be said."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from kpi.errors import Refused
from kpi.model import Message
from kpi.ports import Now, Queue
from kpi.services.deliveries import enqueue
from kpi.services.people import People
from kpi.store.store import Store


class Place(StrEnum):
    """Where an answer goes: where it was asked, for the asker's eyes only, or in a message of its own to them."""

    HERE = "here"
    PRIVATELY = "privately"


_WHEN_SHARED = {"direct_message": Place.PRIVATELY, "ephemeral": Place.HERE}


@dataclass(frozen=True, slots=True)
class Answers:
    """Lets only full members ask, and keeps numbers out of channels another organisation can read.

    `when_shared` is the workspace's choice there: direct_message, ephemeral or refuse.
    """

    store: Store
    queue: Queue
    now: Now
    people: People
    when_shared: str

    def admit(self, user_id: str, team_id: str) -> None:
        """Raise, politely, unless this is a full member of the organisation that runs us."""
        self.people.require_member(user_id, team_id, "ask for KPIs")

    def place(self, channel_id: str | None) -> Place:
        """Where numbers asked for in this channel may be said; one nobody can say about counts as shared."""
        if channel_id is not None and not self.people.is_externally_shared(channel_id):
            return Place.HERE
        if self.when_shared == "refuse":
            raise Refused("This channel is, or may be, shared with another organisation: please ask in one of our own.")
        return _WHEN_SHARED[self.when_shared]

    def say_privately(self, user_id: str, payload: Mapping[str, Any], occasion: str) -> None:
        """Send an answer to the person who asked; `occasion` is unique to the question, so it is said once."""
        message = Message("answer", "person", user_id, payload, f"answer:{occasion}")
        with self.store.transaction() as tx:
            enqueue(tx, self.queue, message, self.now())

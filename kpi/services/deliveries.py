"""The delivery contract: a message is said at most once, and whatever cannot be said reaches a human.

queued → sending → sent | queued again (certainly not sent) | unknown (nobody can say) | dead (will never go).
A delivery is claimed when its turn has come. `sending` is committed before the one attempt of a claim; the attempt's
number fences out a worker that comes back late.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from kpi.errors import KpiError
from kpi.model import Message
from kpi.ports import Now, Queue
from kpi.services import pace
from kpi.store import deliveries as rows
from kpi.store.store import Store, Tx

JOB = "deliver"
_BACKOFF_SECONDS = (2, 5, 15, 30, 60, 120, 300, 600, 900)
_SILENT_KINDS = ("notice", "thanks", "answer")
_RESENDABLE = ("unknown", "dead")

Delivery = Mapping[str, Any]
"""A row of the delivery table."""


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to make one attempt at a delivery; `arguments` is what the method is called with.

    `rung` is how much of it Slack may draw itself, where Slack refused this delivery more; else None.
    """

    delivery_id: int
    attempt: int
    audience: str
    method: str
    channel_id: str
    arguments: Mapping[str, Any]
    rung: str | None = None


class HeldBack(Exception):
    """Not now: try the delivery again in so many seconds, whatever our clock says then. Nothing was sent."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"held back for {seconds:g} s")
        self.seconds = seconds


class Crowded(HeldBack):
    """So many are to be sent that this one's turn lies too far ahead; none is kept for it."""


class Subject(Protocol):
    """What a kind of delivery is about, and what its fate means there."""

    def still_wanted(self, tx: Tx, delivery: Delivery) -> bool:
        """Whether the message should still go."""

    def settled(self, tx: Tx, delivery: Delivery) -> None:
        """The delivery became sent, unknown or dead."""


Notice = Callable[[Delivery], Mapping[str, Any]]
"""The words that tell a human about a delivery that became unknown or dead."""


def enqueue(tx: Tx, queue: Queue, message: Message, now: datetime, resend_of: int | None = None) -> int | None:
    """Queue a message and its job in the caller's transaction; None when this occasion was spoken of before."""
    delivery_id = rows.add(tx, message, now, resend_of)
    if delivery_id is not None:
        lane = f"{tx.workspace_id}:{message.channel_id}" if message.method == "chat.postMessage" else None
        queue.enqueue(tx, JOB, {"delivery_id": delivery_id}, lane=lane, urgent=message.audience == "person")
    return delivery_id


@dataclass(frozen=True)
class Deliveries:
    """Claims deliveries, records what became of them, tells humans, and sends again on their word."""

    store: Store
    queue: Queue
    now: Now
    subjects: Mapping[str, Subject]
    notice: Notice
    operators: tuple[str, ...] = ()

    def turn(self, delivery_id: int) -> float:
        """Keep a queued delivery's turn to be claimed; in how many seconds it is, 0 for one that needs none.

        Raises Crowded, or HeldBack behind a gate, and then no turn is kept.
        """
        with self.store.transaction() as tx:
            found = rows.get(tx, delivery_id)
            if found is None or found["state"] != "queued" or found["method"] != pace.METHOD:
                return 0.0
            self._wait_for_gate(tx, found)
            seconds = pace.turn(tx, found)
            if seconds > pace.LONGEST_SECONDS:
                raise Crowded(seconds)
            return seconds

    def claim(self, delivery_id: int) -> Claim | None:
        """The right to attempt a queued delivery, committed as `sending`; None when there is nothing to do.

        One found in `sending` lost its worker in mid-attempt: it becomes unknown. Raises HeldBack behind a gate.
        """
        with self.store.transaction() as tx:
            found = rows.get(tx, delivery_id, lock=True)
            if found is not None and found["state"] == "sending":
                self._settle(tx, found, "unknown", "the program stopped while it was sending")
            if found is None or found["state"] != "queued" or not self._still_wanted(tx, found):
                return None
            self._wait_for_gate(tx, found)
            attempt = found["attempt"] + 1
            rows.change(tx, delivery_id, {"state": "sending", "attempt": attempt, "sending_at": self.now()})
            return _claimed(found, attempt)

    def sent(self, claim: Claim, message_ts: str | None) -> None:
        """It arrived; also when that is learned late, after it was given up as unknown."""
        values = {"state": "sent", "message_ts": message_ts, "finished_at": self.now(), "error": None}
        with self.store.transaction() as tx:
            changed = rows.change_attempt(tx, claim.delivery_id, claim.attempt, ("sending", "unknown"), values)
            if changed is not None:
                self._tell_subject(tx, changed)

    def held(self, claim: Claim, seconds: float) -> HeldBack:
        """Slack asked us to wait: close the channel's gate for every worker and requeue; the attempt does not count."""
        with self.store.transaction() as tx:
            rows.close_gate(tx, claim.method, claim.channel_id, seconds)
            retry_at = self.now() + timedelta(seconds=seconds)
            values = {"state": "queued", "attempt": claim.attempt - 1, "retry_at": retry_at}
            rows.change_attempt(tx, claim.delivery_id, claim.attempt, ("sending",), values)
        return HeldBack(seconds)

    def not_sent(self, claim: Claim, error: str) -> HeldBack | None:
        """It certainly did not go: requeue with growing pauses, and give up as dead after the last of them."""
        if claim.attempt > len(_BACKOFF_SECONDS):
            self.refused(claim, error)
            return None
        pause = _BACKOFF_SECONDS[claim.attempt - 1]
        with self.store.transaction() as tx:
            values = {"state": "queued", "retry_at": self.now() + timedelta(seconds=pause), "error": error}
            rows.change_attempt(tx, claim.delivery_id, claim.attempt, ("sending",), values)
        return HeldBack(pause)

    def lower(self, claim: Claim, rung: str, error: str) -> HeldBack:
        """Slack refused what it was to draw itself, so nothing went: the same delivery again at once, on a lower rung.

        There are two lower rungs, so this happens at most twice.
        """
        with self.store.transaction() as tx:
            values = {"state": "queued", "rung": rung, "retry_at": self.now(), "error": error}
            rows.change_attempt(tx, claim.delivery_id, claim.attempt, ("sending",), values)
        return HeldBack(0)

    def uncertain(self, claim: Claim, error: str) -> None:
        """Nobody can say whether it arrived: never sent again by itself, shown to a human."""
        self._give_up(claim, "unknown", error)

    def refused(self, claim: Claim, error: str) -> None:
        """It will never go as it is: shown to a human."""
        self._give_up(claim, "dead", error)

    def resend(self, delivery_id: int, requested_by: str) -> str:
        """Say it again on a human's word, once per failed delivery; a sentence for that human."""
        with self.store.transaction() as tx:
            found = rows.get(tx, delivery_id, lock=True)
            if found is None:
                raise KpiError(f"There is no delivery {delivery_id}.")
            if found["state"] == "sent":
                return "It did arrive after all; nothing was sent again."
            if found["state"] not in _RESENDABLE:
                raise KpiError(f"Delivery {delivery_id} is {found['state']}; only unknown or dead ones can be resent.")
            if rows.was_resent(tx, delivery_id):
                return "It was already sent again; one press is enough."
            if not self._wants(tx, {**found, "resend_of": delivery_id}):
                return "It is not needed any more; nothing was sent again."
            again = replace(_message(found), dedupe_key=f"resend:{delivery_id}")
            again = replace(again, responsible=requested_by or found["responsible"])
            enqueue(tx, self.queue, again, self.now(), resend_of=delivery_id)
        return "Sending it again."

    def _give_up(self, claim: Claim, state: str, error: str) -> None:
        with self.store.transaction() as tx:
            found = rows.get(tx, claim.delivery_id, lock=True)
            if found is not None and (found["attempt"], found["state"]) == (claim.attempt, "sending"):
                self._settle(tx, found, state, error)

    def _settle(self, tx: Tx, found: Delivery, state: str, error: str) -> None:
        fate = {"state": state, "error": error, "finished_at": self.now()}
        rows.change(tx, found["delivery_id"], fate)
        settled = {**found, **fate}
        self._tell_subject(tx, settled)
        if found["kind"] not in _SILENT_KINDS:
            self._tell_human(tx, settled)
        elif found["kind"] == "notice":
            self._tell_elsewhere(tx, settled)

    def _tell_subject(self, tx: Tx, delivery: Delivery) -> None:
        subject = self.subjects.get(delivery["kind"])
        if subject is not None:
            subject.settled(tx, delivery)
        if delivery["kind"] == "thanks":
            rows.forget_nameless(tx, delivery["delivery_id"])

    def _tell_human(self, tx: Tx, delivery: Delivery) -> None:
        listeners = (delivery["responsible"],) if delivery["responsible"] else self.operators
        for user_id in listeners:
            key = f"{delivery['state']}:{delivery['delivery_id']}:{user_id}"
            payload = self.notice(delivery)
            enqueue(tx, self.queue, Message("notice", "person", user_id, payload, key), self.now())

    def _tell_elsewhere(self, tx: Tx, notice: Delivery) -> None:
        """A notice for one person's eyes that a channel did not take goes to them directly. Any other that did not
        reach its human goes to the operators; one that did not reach them goes nowhere."""
        if notice["user_id"] and notice["state"] == "dead":
            key = f"{notice['dedupe_key']}:direct"
            enqueue(tx, self.queue, Message("notice", "person", notice["user_id"], notice["payload"], key), self.now())
            return
        if notice["channel_id"] in self.operators:
            return
        for user_id in self.operators:
            key = f"{notice['dedupe_key']}:{user_id}"
            enqueue(tx, self.queue, Message("notice", "person", user_id, notice["payload"], key), self.now())

    def _still_wanted(self, tx: Tx, found: Delivery) -> bool:
        if self._wants(tx, found):
            return True
        rows.change(tx, found["delivery_id"], {"state": "cancelled", "finished_at": self.now()})
        return False

    def _wants(self, tx: Tx, found: Delivery) -> bool:
        subject = self.subjects.get(found["kind"])
        return subject is None or subject.still_wanted(tx, found)

    def _wait_for_gate(self, tx: Tx, found: Delivery) -> None:
        seconds = rows.gate(tx, found["method"], found["channel_id"])
        if seconds is not None:
            raise HeldBack(seconds)


def _claimed(found: Delivery, attempt: int) -> Claim:
    place = (found["audience"], found["method"], found["channel_id"])
    return Claim(found["delivery_id"], attempt, *place, _arguments(found), found["rung"])


def _arguments(found: Delivery) -> dict[str, Any]:
    places = {"channel": found["channel_id"], "thread_ts": found["thread_ts"], "user": found["user_id"]}
    return {**{name: value for name, value in places.items() if value}, **found["payload"]}


def _message(found: Delivery) -> Message:
    columns = ("kind", "audience", "channel_id", "payload", "dedupe_key", "method", "thread_ts", "user_id", "survey_id")
    return Message(**{column: found[column] for column in columns})

"""Digest subscriptions, and posting what has fallen due: each period once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from kpi.errors import KpiError, Refused
from kpi.model import Message
from kpi.ports import Directory, NextFire, Queue
from kpi.services.catch_up import skipped
from kpi.services.deliveries import enqueue
from kpi.services.digest_content import CADENCES, Composer, Digest, in_files
from kpi.services.publishing import Publishing
from kpi.store import digests as rows
from kpi.store.store import Record, Store, Tx

_MOST_FIRES = 1000
_FIRES_LOOKED_AT = 8

Render = Callable[[Digest], Mapping[str, Any]]
"""A digest as what the chat system is given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A digest wanted: where, how often, when. `created_by` hears of its failures (a user id; "": the operators do)."""

    channel_id: str
    cadence: str
    cron: str
    timezone: str
    created_by: str = ""
    catch_up: str | None = None


@dataclass(frozen=True, slots=True)
class Digests:
    """Keeps subscriptions and posts what has fallen due."""

    store: Store
    queue: Queue
    directory: Directory
    composer: Composer
    next_fire: NextFire
    publishing: Publishing

    def subscribe(self, wish: Wish) -> Record:
        """Store a subscription. KpiError for a cadence, schedule or zone that means nothing, or a shared channel.

        A channel that has one of this cadence gets the new times; a period posted once is not posted again.
        """
        now = self._now()
        cadence = self._known(wish.cadence)
        values = {
            "channel_id": wish.channel_id,
            "cadence": cadence,
            "cron": wish.cron,
            "timezone": wish.timezone,
            "created_by": wish.created_by,
            "catch_up": wish.catch_up or self.composer.policy.catch_up,
            "next_due_at": self._first_fire(wish, cadence, now),
            "created_at": now,
        }
        self._refuse_shared(wish.channel_id)
        with self.store.transaction() as tx:
            return rows.subscribe(tx, values)

    def listed(self) -> list[Record]:
        """The subscriptions that are on."""
        with self.store.transaction() as tx:
            return rows.listed(tx)

    def end(self, subscription_id: int) -> None:
        """End a subscription; what it has posted stays in its ledger."""
        with self.store.transaction() as tx:
            if not rows.pause(tx, subscription_id, self._now()):
                raise KpiError(f"There is no digest subscription {subscription_id}.")

    def preview(self, cadence: str) -> Digest:
        """The digest that would be posted if one fell due now."""
        known = self._known(cadence)
        with self.store.transaction() as tx:
            return self.composer.compose(tx, known, self._now())

    def due(self) -> list[int]:
        """The subscriptions with a digest due, longest due first."""
        with self.store.transaction() as tx:
            return rows.due(tx, self._now())

    def post(self, subscription_id: int, render: Render) -> int:
        """Queue what has fallen due of one subscription, each period once ever; how many digests that were.

        One transaction: the ledger's row, the published values, the delivery and the next due time happen together or
        not at all.
        """
        now = self._now()
        with self.store.transaction() as tx:
            found = rows.claim(tx, subscription_id, now)
            if found is None:
                return 0
            fires, upcoming = self._fires(found, now)
            rows.advance(tx, subscription_id, upcoming)
            window = self.composer.policy.windows.get(in_files(found["cadence"]), timedelta())
            reasons = skipped(fires, now, found["catch_up"], window)
            return sum(self._enter(tx, found, due, render) for due in zip(fires, reasons, strict=True))

    def _enter(self, tx: Tx, found: Record, due: tuple[datetime, str | None], render: Render) -> bool:
        """Enter a period into the ledger; whoever wins queues its digest, unless there is a reason to skip it."""
        due_at, reason = due
        period_key, now = self.composer.reported(found["cadence"], due_at).key, self._now()
        run = {"subscription_id": found["subscription_id"], "period_key": period_key}
        fate = {"state": "skipped" if reason else "queued", "reason": reason, "due_at": due_at, "created_at": now}
        if not rows.enter(tx, {**run, **fate}) or reason:
            return False
        digest = self.publishing.posted(tx, self.composer.compose(tx, found["cadence"], due_at))
        message = Message(
            kind="digest",
            audience="internal",
            channel_id=found["channel_id"],
            payload=render(digest),
            dedupe_key=f"digest:{found['subscription_id']}:{period_key}",
            responsible=found["created_by"] or None,
        )
        delivery_id = enqueue(tx, self.queue, message, now)
        if delivery_id is not None:
            rows.carried_by(tx, found["subscription_id"], period_key, delivery_id)
        return delivery_id is not None

    def _fires(self, found: Record, now: datetime) -> tuple[list[datetime], datetime]:
        """Every due instant up to now, the last of each reported period only, and the first one to come."""
        last: dict[str, datetime] = {}
        fire = found["next_due_at"]
        for _ in range(_MOST_FIRES):
            if fire > now:
                break
            last[self.composer.reported(found["cadence"], fire).key] = fire
            fire = self.next_fire(found["cron"], found["timezone"], fire)
        return list(last.values()), fire

    def _known(self, word: str) -> str:
        """The cadence a person means, half-yearly and half_yearly alike, if it has anything to say."""
        cadence = word.lower().replace("-", "_")
        if cadence not in CADENCES:
            raise KpiError(f"“{word}” is not a cadence; there are {', '.join(CADENCES)}.")
        if not self.composer.keys(cadence):
            raise KpiError(
                f"digests.yaml names no KPIs for a {cadence} digest; list some below kpis.{in_files(cadence)}."
            )
        return cadence

    def _first_fire(self, wish: Wish, cadence: str, now: datetime) -> datetime:
        fires = [self.next_fire(wish.cron, wish.timezone, now)]
        while len(fires) < _FIRES_LOOKED_AT:
            fires.append(self.next_fire(wish.cron, wish.timezone, fires[-1]))
        if len({self.composer.reported(cadence, fire).key for fire in fires}) < len(fires):
            raise KpiError(
                f"“{wish.cron[:100]}” strikes more than once in a period of a {cadence} digest, which is posted once."
            )
        return fires[0]

    def _refuse_shared(self, channel_id: str) -> None:
        shared = self.directory.is_externally_shared(channel_id)
        if shared is None:
            raise KpiError(
                f"Slack cannot say whether {channel_id} is shared with another organisation, and digests carry numbers:"
                " check the channel's id and that the bot is a member, then try again."
            )
        if shared:
            raise Refused(
                f"{channel_id} is shared with another organisation; digests carry numbers and do not go there."
            )

    def _now(self) -> datetime:
        return self.composer.reports.now()

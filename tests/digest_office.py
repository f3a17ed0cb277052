"""Digest subscriptions over a real database, with everything around them a test wants to look at."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.clock import next_fire
from kpi.policy import DigestPolicy
from kpi.services.deliveries import Claim, Deliveries, Delivery
from kpi.services.digest_content import Composer, Digest
from kpi.services.digest_runs import DigestRuns
from kpi.services.digests import Digests, Render, Wish
from kpi.services.publishing import Publishing
from kpi.services.reports import Reports
from kpi.store import tables
from kpi.store.store import Record, Store
from tests.builders import Portfolio, policy
from tests.fakes import FakeDirectory, FakeNow, RecordingQueue

MONDAY = datetime(2026, 10, 5, 7, 0, tzinfo=UTC)  # 09:00 in Berlin
MONDAYS = Wish(channel_id="C0TEAM", cadence="weekly", cron="0 9 * * 1", timezone="Europe/Berlin", created_by="U0ANNA")


def words(digest: Digest) -> Mapping[str, Any]:
    return {"text": f"{digest.period.key} late={digest.is_late}"}


@dataclass
class Office:
    """Digests with everything around them a test wants to look at."""

    store: Store
    now: FakeNow = field(default_factory=lambda: FakeNow(MONDAY - timedelta(days=1)))
    queue: RecordingQueue = field(default_factory=RecordingQueue)
    directory: FakeDirectory = field(default_factory=lambda: FakeDirectory(shared={"C0TEAM": False, "C0ACME": True}))
    windows: dict[str, timedelta] = field(default_factory=lambda: {"weekly": timedelta(days=1)})
    kpis: tuple[str, ...] = ("csat", "nps", "churn")
    cadence: str = "weekly"

    def __post_init__(self) -> None:
        self.portfolio = Portfolio(self.store)

    @property
    def digests(self) -> Digests:
        composer = Composer(self.reports, DigestPolicy({self.cadence: self.kpis}, self.windows))
        publishing = Publishing(self.reports, self.store)
        return Digests(self.store, self.queue, self.directory, composer, next_fire, publishing)

    @property
    def reports(self) -> Reports:
        return Reports(self.store, policy(), self.now)

    @property
    def deliveries(self) -> Deliveries:
        return Deliveries(self.store, self.queue, self.now, {"digest": DigestRuns(self.now)}, told)

    def subscribe(self, **more: Any) -> int:
        wish = {name: getattr(MONDAYS, name) for name in ("channel_id", "cadence", "cron", "timezone", "created_by")}
        return int(self.digests.subscribe(Wish(**{**wish, **more}))["subscription_id"])

    def tick(self, render: Render = words) -> int:
        return sum(self.digests.post(each, render) for each in self.digests.due())

    def claimed(self) -> Claim:
        """A digest of this Monday, about to be sent."""
        self.subscribe()
        self.now.at = MONDAY
        self.tick()
        claim = self.deliveries.claim(self.only(tables.delivery)["delivery_id"])
        assert claim
        return claim

    @property
    def ledger(self) -> list[tuple[str, str]]:
        return [(row["period_key"], row["state"]) for row in self.portfolio.rows(tables.digest_run)]

    @property
    def sent(self) -> list[str]:
        return [row["payload"]["text"] for row in self.portfolio.rows(tables.delivery) if row["kind"] == "digest"]

    def only(self, table: Any) -> Record:
        (row,) = self.portfolio.rows(table)
        return row


def told(delivery: Delivery) -> Mapping[str, Any]:
    return {"text": delivery["state"]}

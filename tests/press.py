"""Published values over a real database, with everything around them a test wants to look at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from json import loads
from pathlib import Path
from typing import Any

from bot.settings import load
from kpi.policy import KpiDefinition, Policy
from kpi.services.publishing import Publishing, Round
from kpi.services.reports import Reports
from kpi.store import tables
from kpi.store.store import Record, Store
from tests.books import Books
from tests.builders import at
from tests.fakes import FakeNow

OCTOBER = at("2026-10-01", 3)


@cache
def shipped() -> Policy:
    """The decisions the program ships, all 18 KPIs among them, whatever stands in the working directory."""
    return load({}, Path(__file__).parent).policy


@dataclass
class Press:
    """`books` hold the facts; `publish` is the nightly job."""

    store: Store
    policy: Policy = field(default_factory=shipped)
    now: FakeNow = field(default_factory=lambda: FakeNow(OCTOBER))

    @property
    def books(self) -> Books:
        return Books(self.store, self.now)

    @property
    def publishing(self) -> Publishing:
        return Publishing(Reports(self.store, self.policy, self.now), self.store)

    def publish(self) -> Round:
        return self.publishing.run()

    def only(self, *keys: str, **changed: Any) -> None:
        """Keep to these KPIs, defined otherwise as said."""
        self.define({key: replace(self.policy.kpis[key], **changed) for key in keys})

    def define(self, kpis: Mapping[str, KpiDefinition]) -> None:
        """Have these definitions and no others."""
        self.policy = replace(self.policy, kpis=kpis)

    def only_shipped(self, *keys: str, **changed: Any) -> None:
        """Keep to these KPIs of the shipped ones."""
        self.define(shipped().kpis)
        self.only(*keys, **changed)

    def workspace(self, **changed: Any) -> None:
        """Decide otherwise about zone and money."""
        self.policy = replace(self.policy, workspace=replace(self.policy.workspace, **changed))

    @property
    def rows(self) -> list[Record]:
        return self.books.rows(tables.kpi_value)

    def of(self, key: str, period: str) -> list[Record]:
        """Everything published of a KPI in a period, oldest first."""
        return [row for row in self.rows if (row["kpi_key"], row["period_key"]) == (key, period)]

    def reasons(self) -> dict[tuple[str, str], str]:
        """What this run revised, and why."""
        return {(row["kpi_key"], row["period_key"]): row["revision_reason"] for row in self.publish().rows
                if row["revision"]}  # fmt: skip

    def replayed(self) -> list[str]:
        """The series whose documents do not come out the same; none of them should."""
        everything = replace(self.policy, kpis={**shipped().kpis, **self.policy.kpis})
        publishing = Publishing(Reports(self.store, everything, self.now), self.store)
        with self.store.transaction() as tx:
            return [f"{row['kpi_key']} {row['period_key']}" for row in self.rows
                    if publishing.replay(tx, row) != row["document"]]  # fmt: skip

    def documents(self) -> list[dict[str, Any]]:
        return [loads(row["document"]) for row in self.rows]

    def answers(self, key: str, scores: Sequence[int], day: str, **more: Any) -> None:
        """CSAT answers of a day, one account and one person each, at noon and the minutes after."""
        for number, score in enumerate(scores):
            account = f"{key}-{number}"
            self.books.accounts(account)
            self.books.answer(account, account, score, f"{day}T12:{number:02}:00Z", **more)


def known(at: datetime) -> dict[str, str]:
    """A row's columns that say it was recorded at an instant."""
    return {"recorded_at": at.isoformat()}


SEPTEMBER = ("csat", "2026-09")
LATER = at("2026-10-03")
LATE = known(LATER)


def two_days_later(store: Store) -> Press:
    """Five answers of September, published on 1 October; it is 3 October now."""
    press = Press(store)
    press.only("csat", cadence=("monthly",))
    press.answers("first", [5, 5, 5, 4, 1], "2026-09-15")
    press.publish()
    press.now.at = LATER
    return press


def why(press: Press) -> str | None:
    """Why the value of September is revised an hour later."""
    press.now.move(hours=1)
    return press.reasons().get(SEPTEMBER)

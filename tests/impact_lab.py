"""A workspace in which a change is looked at, with everything around it a test wants to look at."""

import json
from typing import Any

from bot.jobs import finish_impacts
from kpi.policy import Policy
from kpi.services.impact_checks import Check, Impact
from kpi.services.impacts import Impacts, ImpactWish
from kpi.services.reports import Reports
from kpi.store import tables
from kpi.store.store import Record, Store
from tests.builders import Portfolio, at, policy
from tests.fakes import FakeNow

PORTAL = ImpactWish("new portal", "2026-05-01", ("csat",))


class Lab:
    """A workspace in which a portal was new on the first of May 2026."""

    def __init__(self, store: Store, decided: Policy | None = None) -> None:
        self.now = FakeNow(at("2026-09-01"))
        self.portfolio = Portfolio(store)
        self.reports = Reports(store, decided or policy(), self.now)
        self.impacts = Impacts(self.reports, store)

    def check(self, wish: ImpactWish = PORTAL) -> Impact:
        return self.impacts.check(wish, "U0ANNA")

    def said(self, wish: ImpactWish = PORTAL) -> str:
        return json.dumps(self.check(wish).document())

    def night(self) -> None:
        finish_impacts.run(self.impacts)

    def markers(self) -> list[Record]:
        return self.portfolio.rows(tables.change_marker)

    def kept(self) -> dict[str, list[str]]:
        """The KPIs whose results are kept, by months."""
        (row,) = self.markers()
        return {months: [document["key"] for document in found] for months, found in (row["results"] or {}).items()}

    def states(self) -> list[str]:
        return [marker.state for marker in self.impacts.listed()]


def sides(check: Check, key: str = "csat") -> tuple[Any, ...]:
    """What a KPI was before a change, and after it."""
    (found,) = [document for document in check.kpis if document["key"] == key]
    return found["previous"]["value"], found["value"]

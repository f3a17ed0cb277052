"""A question and its answer: the KPI's figures for the period, for the one before, and the change."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

from tests.reference import clients, contact, feedback, lifetime, opinions, revenue, waiting
from tests.reference.cells import Clock
from tests.reference.intervals import adjusted_wald_difference, mover, newcombe
from tests.reference.population import View
from tests.reference.reading import read
from tests.reference.resampling import resampled
from tests.reference.settings import Settings
from tests.reference.side import Compare, Ends, Measure, Number, Side
from tests.reference.spans import Span, span_of


@dataclass(frozen=True)
class Kpi:
    """`of_people`: fewer than 5 are withheld, and 30 make it full."""

    measure: Measure
    compare: Compare
    of_people: bool = False


CATALOG: Mapping[str, Kpi] = {
    "csat": Kpi(opinions.csat, newcombe, of_people=True),
    "nps": Kpi(opinions.nps, adjusted_wald_difference, of_people=True),
    "ces": Kpi(opinions.ces, newcombe, of_people=True),
    "survey_response_rate": Kpi(opinions.survey_response_rate, newcombe, of_people=True),
    "churn": Kpi(clients.churn, newcombe),
    "retention": Kpi(clients.retention, newcombe),
    "grr": Kpi(revenue.grr, resampled),
    "revenue_churn": Kpi(revenue.revenue_churn, revenue.opposite_change),
    "nrr": Kpi(revenue.nrr, resampled),
    "clv": Kpi(lifetime.clv, resampled),
    "upsell_ratio": Kpi(clients.upsell_ratio, newcombe),
    "upsell_success": Kpi(clients.upsell_success, newcombe),
    "response_time": Kpi(waiting.response_time, mover, of_people=True),
    "engagement": Kpi(contact.engagement, newcombe),
    "engagement_score": Kpi(contact.engagement_score, mover),
    "feedback_implementation": Kpi(feedback.feedback_implementation, feedback.change),
    "sales_growth": Kpi(revenue.sales_growth, resampled),
    "communication_frequency": Kpi(contact.communication_frequency, mover),
}


def compute(
    folder: Path,
    key: str,
    *,
    period: str,
    as_of: datetime,
    settings: Settings,
    scope: tuple[str, str | None] = ("workspace", None),
    variant: str | None = None,
) -> dict[str, Any]:
    """The KPI from the files of a folder. `period.end` is the first day no longer looked at; an end of an interval is
    None where it is open. MissingRate where a currency has no rate; ValueError for a period that is none."""
    clock, kpi = Clock(settings.timezone, as_of), CATALOG[key]
    span = span_of(period, clock.today, settings.fiscal_year_start)
    book = read(folder, clock, settings.currency)
    view = View(book, settings, clock, scope, span.last_day, variant)
    now, then = kpi.measure(view, span), kpi.measure(view, span.previous())
    return {
        **_shown(now, kpi),
        "status": status(now, kpi),
        "previous": _previous(now, then, span.previous(), kpi),
        "change": _change(now, then, kpi),
        "period": {"start": span.start, "end": span.end, "complete": not span.is_open},
    }


def status(side: Side, kpi: Kpi) -> str:
    """How far the figure can be trusted."""
    if side.n == 0 or (kpi.of_people and side.n < 5):
        return "insufficient" if side.n else "undefined"
    if side.value is None:
        return "undefined"
    enough = side.accounts >= 10 and (side.n >= 30 or not kpi.of_people)
    return "full" if enough else "indicative"


def _withheld(side: Side, kpi: Kpi) -> Side:
    """Small groups are people: nothing but how many."""
    if status(side, kpi) != "insufficient":
        return side
    return replace(side, value=None, numerator=None, denominator=None, interval=None, details={})


def _shown(side: Side, kpi: Kpi) -> dict[str, Any]:
    side = _withheld(side, kpi)
    return {
        "value": _plain(side.value),
        "n": side.n,
        "accounts": side.accounts,
        "numerator": _plain(side.numerator),
        "denominator": _plain(side.denominator),
        "interval": _ends(side.interval) if side.value is not None else None,
        "details": {name: _plain(value) for name, value in side.details.items()},
    }


def _plain(value: Any) -> Any:
    if isinstance(value, Fraction):
        return int(value) if value.denominator == 1 else float(value)
    return value


def _ends(ends: Ends | None) -> dict[str, float | None] | None:
    return None if ends is None else {"low": ends[0], "high": ends[1]}


def _previous(now: Side, then: Side, span: Span, kpi: Kpi) -> dict[str, Any]:
    shown = _withheld(now, kpi).value is not None
    value: Number | None = _withheld(then, kpi).value if shown else None
    return {"start": span.start, "end": span.end, "value": _plain(value), "n": then.n}


def _change(now: Side, then: Side, kpi: Kpi) -> dict[str, Any] | None:
    ours, theirs = _withheld(now, kpi).value, _withheld(then, kpi).value
    if ours is None or theirs is None:
        return None
    ends = kpi.compare(now, then)
    if ends is None:
        return None
    low, high = ends
    beyond = (low is not None and low > 0) or (high is not None and high < 0)
    return {"delta": _plain(ours - theirs), "low": low, "high": high, "beyond_noise": beyond}

"""A question with how its answer is wanted: alone, broken down, over time, or explained."""

from dataclasses import dataclass
from typing import Any

from kpi.errors import KpiError
from kpi.metrics.catalog import CATALOG
from kpi.metrics.document import definition_to_json, to_json
from kpi.model import KpiValue, Scope
from kpi.services.breakdowns import KINDS, Breakdown, breakdown
from kpi.services.explained import Explanation
from kpi.services.explanations import explain
from kpi.services.questions import Question
from kpi.services.reports import Reports
from kpi.services.trends import Trend, trend

Answer = KpiValue | Breakdown | Trend | Explanation


@dataclass(frozen=True, slots=True)
class Inquiry:
    """At most one of: `by` (segment, owner or account), `trend` (so many periods), `explain`."""

    question: Question
    by: str | None = None
    trend: int | None = None
    explain: bool = False

    @property
    def clash(self) -> str | None:
        """What cannot be asked together, in one sentence."""
        if (self.by is not None) + (self.trend is not None) + self.explain > 1:
            return "Ask for one of by, trend and explain at a time."
        if self.by is not None and self.by not in KINDS:
            return f"A KPI is broken down by {', '.join(KINDS[:-1])} or {KINDS[-1]}, not by “{self.by[:40]}”."
        kind = self.question.scope.kind if self.question.scope else None
        if self.by is not None and self.by == kind:
            return f"One {kind} cannot be broken down by {kind}."
        return None


def answer(reports: Reports, inquiry: Inquiry) -> Answer:
    """What was asked for. KpiError for what cannot be, UnknownWord with the nearest words for what does not exist."""
    if inquiry.clash:
        raise KpiError(inquiry.clash)
    if inquiry.by is not None:
        return breakdown(reports, inquiry.question, inquiry.by)
    if inquiry.trend is not None:
        return trend(reports, inquiry.question, inquiry.trend)
    return explain(reports, inquiry.question) if inquiry.explain else reports.answer(inquiry.question)


def document(answered: Answer) -> dict[str, Any]:
    """It as JSON: the same on the command line and over REST."""
    return to_json(answered) if isinstance(answered, KpiValue) else answered.document()


def scope_of(answered: Answer) -> Scope:
    """Whom it is about, by the full name."""
    if isinstance(answered, Trend):
        return answered.values[-1].scope
    return answered.value.scope if isinstance(answered, Explanation) else answered.scope


def catalog(reports: Reports) -> dict[str, Any]:
    """Every KPI that is answered when asked for, deprecated ones included, as JSON."""
    known = (reports.policy.kpis[kpi.key] for kpi in CATALOG if kpi.key in reports.policy.kpis)
    return {"kpis": [definition_to_json(definition) for definition in known if definition.status != "draft"]}

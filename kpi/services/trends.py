"""One KPI over the last periods, and whether it stays within its usual range."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from kpi.errors import KpiError
from kpi.metrics.course import Course, course
from kpi.metrics.document import to_json
from kpi.metrics.evaluate import evaluate, prepared
from kpi.metrics.series import marked
from kpi.model import KpiValue
from kpi.periods import Period, local_day, previous
from kpi.periods.words import FIRST_YEAR
from kpi.services.questions import Question
from kpi.services.reports import Reports

MOST = 60
USUAL = "last month"
"""The last of the periods when none is asked for."""


@dataclass(frozen=True, slots=True)
class Trend:
    """A KPI period by period, oldest first, and what they say together."""

    key: str
    label: str
    values: tuple[KpiValue, ...]
    signals: Course

    def document(self) -> dict[str, Any]:
        """It as JSON."""
        values = [to_json(value) for value in self.values]
        return {"key": self.key, "trend": len(values), "values": values, "signals": self.signals.document()}


def trend(reports: Reports, question: Question, count: int) -> Trend:
    """The KPI in the period asked for (else the last complete month) and the `count` − 1 of its kind before it.

    All of them as known at one instant, the facts read once. KpiError for a count or a year out of reach.
    """
    if fault := count_fault(count):
        raise KpiError(fault)
    with reports.store.transaction() as tx:
        asked = reports.settled(tx, replace(question, period=question.period or USUAL))
        kpi, today = asked.kpi, local_day(asked.as_of, reports.policy.workspace.timezone)
        periods = trail(asked.period, count, today)
        first, _ = kpi.base.window(periods[0], previous(periods[0], today))
        read = reports.facts(tx, kpi, asked.scope, (first, asked.period.end), asked.as_of)
        facts = prepared(kpi, read, asked.period)
        values = marked(
            [
                evaluate(kpi, reports.definition(tx, kpi, asked.scope, each, asked.as_of), facts, each, asked.scope)
                for each in periods
            ]
        )
    return Trend(kpi.key, reports.policy.kpis[kpi.key].label, values, course(kpi, values))


def count_fault(count: int) -> str | None:
    """Why a trend cannot have so many periods, if it cannot."""
    return None if 1 <= count <= MOST else f"A trend has 1 to {MOST} periods, not {count}."


def trail(last: Period, count: int, today: date) -> list[Period]:
    """`count` periods of one kind in a row, oldest first; those before an open one are whole."""
    found = [last]
    while len(found) < count:
        found.append(previous(replace(found[-1], complete=True), today))
        if found[-1].start.year < FIRST_YEAR:
            raise KpiError(f"{count} periods up to {last.key} would begin before {FIRST_YEAR}; ask for fewer.")
    return found[::-1]

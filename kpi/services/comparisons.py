"""One KPI in two periods, whichever they are, and whether the difference is more than noise."""

from dataclasses import dataclass, replace

from kpi.errors import KpiError
from kpi.metrics.evaluate import Compared, judged, measures
from kpi.model import KpiValue
from kpi.periods import Period
from kpi.services.questions import Question
from kpi.services.reports import Reports


@dataclass(frozen=True, slots=True)
class Comparison:
    """A KPI in the later period, its `previous` and `change` against the earlier one, and the earlier one itself.

    Both in the later one's rates of exchange.
    """

    later: KpiValue
    earlier: KpiValue

    @property
    def is_uneven(self) -> bool:
        """Whether one period is longer than the other by more than months differ anyway."""
        longer, shorter = sorted(value.period.end - value.period.start for value in (self.later, self.earlier))[::-1]
        return longer.days > 1.2 * shorter.days


def compare(reports: Reports, question: Question, against: str) -> Comparison:
    """The KPI in the question's period and in another; the earlier of the two is what the other is compared with.

    KpiError for one period twice and for periods that share days: what both saw says nothing of a change.
    """
    with reports.store.transaction() as tx:
        asked = reports.settled(tx, question)
        earlier, later = sorted((asked.period, reports.period(against, asked.as_of)), key=_begins)
        if earlier.end > later.start:
            raise KpiError(f"{earlier.key} and {later.key} share days; compare periods that do not.")
        kpi, scope, as_of = asked.kpi, asked.scope, asked.as_of
        facts = reports.facts(tx, kpi, scope, kpi.base.window(later, earlier), as_of)
        now = reports.definition(tx, kpi, scope, later, as_of)
        then = reports.definition(tx, kpi, scope, earlier, as_of)
    found = measures(kpi, now, facts, (later, earlier))
    before = judged(kpi, then, Compared(scope, as_of, (earlier, earlier), (found[1], found[1])))
    return Comparison(
        later=judged(kpi, now, Compared(scope, as_of, (later, earlier), found)),
        earlier=replace(before, previous=None, change=None),
    )


def _begins(period: Period) -> tuple[object, object]:
    return period.start, period.end

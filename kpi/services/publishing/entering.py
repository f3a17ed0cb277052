"""One KPI's values of the whole workspace are entered: new ones, and revisions of what was published before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from json import loads

from kpi.facts import Facts
from kpi.metrics.document import to_json
from kpi.metrics.evaluate import evaluate
from kpi.metrics.kpi import Kpi
from kpi.model import KpiValue, PeriodRef, Scope
from kpi.periods import Period, local_day, previous
from kpi.policy import KpiDefinition
from kpi.services.publishing import basis, figures
from kpi.services.publishing.reasons import Reasons, of_period
from kpi.services.reports import Reports, Settled
from kpi.store import values as rows
from kpi.store.store import Record, Tx
from kpi.store.values import Series

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Entering:
    """Enters values of a KPI within a transaction, published at `now`.

    Each way answers with the row it wrote, None where there was nothing to write.
    """

    reports: Reports
    tx: Tx
    kpi: Kpi
    now: datetime

    def first(self, words: str) -> Record | None:
        """Publish the period these words name, unless it was published before."""
        period = self.reports.period(words, self.now)
        version = self.reports.policy.kpis[self.kpi.key].definition_version
        if rows.latest(self.tx, Series.of(self.kpi.key, version, period.key, Scope())):
            return None
        return self.shown(self.reports.measured(self.tx, Settled(self.kpi, period, Scope(), self.now)))

    def again(self, published: Record, facts: Facts) -> Record | None:
        """Revise a published value where these facts, which reach over its period, come to another one."""
        period = self.reports.period(published["period_key"], facts.as_of)
        value = evaluate(self.kpi, self._definition(period, facts.as_of), facts, period, Scope())
        return self.shown(value) if figures.differ(loads(published["document"]), to_json(value)) else None

    def shown(self, value: KpiValue) -> Record | None:
        """Publish a value, or a revision where what was published last says otherwise and knew less.

        Nothing of a period that was open; what is withheld is withheld here too.
        """
        if not value.period.complete:
            return None
        last = rows.latest(self.tx, Series.of(value.key, value.definition_version, key(value.period), Scope()))
        if last and (value.as_of <= last["as_of"] or not figures.differ(loads(last["document"]), to_json(value))):
            return None
        period = self.reports.period(value.period.key, value.as_of)
        facts = of_period(self.reports, self.tx, self.kpi, period, value.as_of)
        if last is None:
            return self._write(value, facts, 0, None)
        why = self._why(last, value, period, facts)
        return self._write(value, facts, last["revision"] + 1, why) if why else None

    def known(self, published: Sequence[Record]) -> Facts:
        """The facts these values' periods are computed from, as known now, read once."""
        today = local_day(self.now, self.reports.policy.workspace.timezone)
        periods = [self.reports.period(row["period_key"], self.now) for row in published]
        windows = [self.kpi.base.window(period, previous(period, today)) for period in periods]
        reach = min(first for first, _ in windows), max(end for _, end in windows)
        return self.reports.facts(self.tx, self.kpi, Scope(), reach, self.now)

    def _why(self, last: Record, value: KpiValue, period: Period, facts: Facts) -> str | None:
        """What changed and why in one sentence; None where that is only time, and nothing people would see."""
        old, new = loads(last["document"]), to_json(value)
        definition = self._definition(period, value.as_of)
        reasons = Reasons(self.reports, self.tx, self.kpi, period, last, definition, facts)
        found = reasons.found()
        if not found and figures.seen(old) == figures.seen(new):
            return None
        told = figures.told(old, new, self.reports.policy.workspace.currency)
        return "; ".join([told, *(found or (reasons.only_time(),))])

    def _write(self, value: KpiValue, facts: Facts, revision: int, why: str | None) -> Record | None:
        definition = self._definition(self.reports.period(value.period.key, value.as_of), value.as_of)
        document = to_json(value)
        interval, target = document["interval"] or {}, document["target"] or {}
        same = (*("status", "reason", "value", "numerator", "denominator", "n", "accounts"), *("details", "exclusions"))
        return rows.enter(self.tx, {
            **Series.of(value.key, value.definition_version, key(value.period), Scope())._asdict(),
            **{name: document[name] for name in same},
            "revision": revision,
            "revision_reason": why,
            "as_of": value.as_of,
            "published_at": self.now,
            "starts_on": value.period.start,
            "ends_on": value.period.end,
            "low": interval.get("low"),
            "high": interval.get("high"),
            "variant": self.kpi.variant or definition.variant,
            "target": target.get("value"),
            "document": figures.written(value),
            "basis": basis.rested_on(self.kpi, facts, self.reports.policy, definition),
        })  # fmt: skip

    def _definition(self, period: Period, as_of: datetime) -> KpiDefinition:
        return self.reports.definition(self.tx, self.kpi, Scope(), period, as_of)


def key(period: PeriodRef) -> str:
    """What a period is published under: the last 12 months by their days, since the words will mean others."""
    return f"{period.start}..{period.end - DAY}" if period.key.startswith("last ") else period.key

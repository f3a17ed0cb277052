"""What closed periods came to is published, and revised, with what changed and why, when facts come late."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, tzinfo
from functools import partial
from zoneinfo import ZoneInfo

from kpi.errors import KpiError
from kpi.metrics.catalog import find, in_use
from kpi.metrics.kpi import Kpi
from kpi.model import KpiValue, Scope
from kpi.periods import local_day, shift, spoken
from kpi.services.digest_content import CADENCES, Digest, Figure
from kpi.services.publishing.definitions import Redefined, redefined, stand_by
from kpi.services.publishing.entering import Entering, key
from kpi.services.publishing.replaying import replay
from kpi.services.reports import Reports
from kpi.store import accounts
from kpi.store import values as rows
from kpi.store.store import Record, Store, Tx
from kpi.store.values import Series

__all__ = ["Publishing", "Round", "revision_note"]

REVISED_MONTHS = 13
"""For so long after its end a period's published value is computed again every night."""

Step = Callable[[], Record | None]


@dataclass(frozen=True, slots=True)
class Round:
    """What a run published: the rows of new values and of revisions, and why others could not be, a sentence each."""

    rows: list[Record] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Publishing:
    """Publishes values of the whole workspace. What is published is never changed: a revision stands beside it."""

    reports: Reports
    store: Store

    def run(self) -> Round:
        """Publish the latest complete period of each of a KPI's cadences; revise what was published before.

        Run twice, or beside others, it changes nothing more. A KPI is one transaction, and its failure holds up no
        other: faults a person can mend are `problems`, any else is raised in the end. Before there are clients nothing
        is published: their first import would revise all of it.
        """
        done, now = Round(), self.reports.now()
        with self.store.transaction() as tx:
            if not accounts.any_known(tx):
                return done
        with ExitStack() as each:
            for kpi in reversed(tuple(in_use(self.reports.policy.kpis))):
                each.callback(self._one, kpi, now, done)
        return done

    def posted(self, tx: Tx, digest: Digest) -> Digest:
        """Publish what a digest shows of complete periods; the digest without what may not be published, which is
        among its problems then."""
        refused = dict[str, str]()
        for figure in sorted(digest.figures, key=lambda figure: figure.value.key):
            try:
                self._show(tx, figure)
            except KpiError as fault:
                refused[figure.value.key] = _problem(figure.value.key, fault)
        shown = tuple(figure for figure in digest.figures if figure.value.key not in refused)
        return replace(digest, figures=shown, problems=(*digest.problems, *refused.values()))

    def replay(self, tx: Tx, row: Record) -> str:
        """A published value's document computed anew from the facts known at its instant: the same bytes."""
        return replay(self.reports, tx, row)

    def listed(self, word: str | None = None) -> list[Record]:
        """Everything published, of one KPI by any of its names or of all. UnknownWord for what is none."""
        name = None if word is None else find(word, self.reports.policy.kpis).key
        with self.store.transaction() as tx:
            return rows.listed(tx, name)

    def note(self, value: KpiValue) -> str | None:
        """When and why what was published of a value's period was last revised, None where it was not."""
        with self.store.transaction() as tx:
            return revision_note(tx, value, self._zone)

    def redefined(self) -> tuple[str, ...]:
        """A sentence for every KPI whose definition is not the one its version was published by."""
        with self.store.transaction() as tx:
            return redefined(tx, self.reports.policy.kpis.values(), self._zone)

    @property
    def _zone(self) -> ZoneInfo:
        return self.reports.policy.workspace.timezone

    def _show(self, tx: Tx, figure: Figure) -> None:
        kpi, now = find(figure.value.key, self.reports.policy.kpis), self.reports.now()
        stand_by(tx, self.reports.policy.kpis[kpi.key], now, self._zone)
        for value in filter(None, (figure.value, figure.trailing)):
            Entering(self.reports, tx, kpi, now).shown(value)

    def _one(self, kpi: Kpi, now: datetime, done: Round) -> None:
        """What is to be published and revised of one KPI, whole or not at all."""
        found, faults = list[Record](), dict[str, None]()
        try:
            with self.store.transaction() as tx:
                stand_by(tx, self.reports.policy.kpis[kpi.key], now, self._zone)
                for step in self._steps(Entering(self.reports, tx, kpi, now)):
                    try:
                        found += filter(None, [step()])
                    except KpiError as fault:
                        faults[_problem(kpi.key, fault)] = None
        except KpiError as fault:
            faults[_problem(kpi.key, fault)] = None
        else:
            done.rows.extend(found)
        done.problems.extend(faults)

    def _steps(self, entering: Entering) -> Iterator[Step]:
        """Computing again what was published, then the periods that are new."""
        definition = self.reports.policy.kpis[entering.kpi.key]
        today = local_day(entering.now, self._zone)
        since = shift(today.replace(day=1), "month", -REVISED_MONTHS)
        if recent := rows.recent(entering.tx, definition.key, definition.definition_version, (since, today)):
            facts = entering.known(recent)
            yield from (partial(entering.again, row, facts) for row in recent)
        words = (CADENCES[cadence.replace("-", "_")] for cadence in definition.cadence)
        yield from (partial(entering.first, word) for word in words)


def _problem(key: str, fault: KpiError) -> str:
    return str(fault) if isinstance(fault, Redefined) else f"{key}: {fault}"


def revision_note(tx: Tx, value: KpiValue, zone: tzinfo = UTC) -> str | None:
    """When and why what was published of this period was last revised, as known at the value's instant; None where it
    was not. `zone` is whose day is said."""
    if value.scope.kind != Scope().kind:
        return None
    last = rows.latest(tx, Series.of(value.key, value.definition_version, key(value.period), value.scope), value.as_of)
    if last is None or not last["revision"] or value.details.get("variant", last["variant"]) != last["variant"]:
        return None
    return f"Revised on {spoken(last['published_at'].astimezone(zone).date())}: {last['revision_reason']}."

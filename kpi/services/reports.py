"""Asking for a KPI: from a question to a value with its uncertainty."""

from collections.abc import Hashable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from kpi.errors import KpiError
from kpi.facts import Facts
from kpi.metrics.catalog import CATALOG, Names
from kpi.metrics.document import to_json
from kpi.metrics.evaluate import evaluate
from kpi.metrics.kpi import Kpi
from kpi.metrics.population import last_day
from kpi.model import Instrument, KpiValue, Scope
from kpi.periods import Period, bounds, local_day, parse, previous
from kpi.periods.words import FIRST_YEAR, LAST_YEAR, is_period
from kpi.policy import KpiDefinition, Policy
from kpi.ports import Now
from kpi.services import scopes
from kpi.services.answered import Answered, minute
from kpi.services.phrases.reading import read_request
from kpi.services.phrases.request import Request
from kpi.services.phrases.words import Vocabulary
from kpi.services.questions import Question
from kpi.services.targets import Targets
from kpi.store.facts import Wanted, load, versions
from kpi.store.store import Store, Tx


class Settled(NamedTuple):
    """A question whose words have been found: which KPI, measured how, in which period, of whom, as known when."""

    kpi: Kpi
    period: Period
    scope: Scope
    as_of: datetime


@dataclass(frozen=True, slots=True)
class Reports:
    """Answers questions about KPIs from the facts known at an instant.

    `answered` keeps answers that still hold; `packed`: long frames are read a packed day at a time. Without the two the
    same answers come from the rows alone, more slowly.
    """

    store: Store
    policy: Policy
    now: Now
    answered: Answered | None = None
    packed: bool = True
    names: Names = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", Names.of(self.policy.kpis))

    def read(self, text: str) -> Request:
        """What a person typed after the command, understood with this workspace's words."""
        return read_request(text, self.vocabulary)

    @property
    def vocabulary(self) -> Vocabulary:
        """Which words name a KPI or a period here."""
        return Vocabulary(self.names.__contains__, is_period, self.names.likeness)

    def answer(self, question: Question) -> KpiValue:
        """The KPI asked for. UnknownWord, with the nearest known words, for what does not exist.

        Asked of now, an answer that still holds is given again, with the instant it was computed at.
        """
        with self.store.transaction() as tx:
            asked = self.settled(tx, question)
            if question.as_of is not None or self.answered is None:
                return self.measured(tx, asked)
            key = self._rests_on(tx, asked)
        return self.answered.get(key, lambda: self._measured(asked))

    def _measured(self, asked: Settled) -> KpiValue:
        with self.store.transaction() as tx:
            return self.measured(tx, asked)

    def _rests_on(self, tx: Tx, asked: Settled) -> Hashable:
        """Everything an answer of now follows from. The version is read before the facts, so it is never too new."""
        kpi, period, scope, as_of = asked
        known = versions.of_topics(tx, versions.topics_of(kpi.base.frames))
        counts = tuple(sorted((topic, version.count) for topic, version in known.items()))
        runs_on = kpi.base.waits or not all(version.settled(as_of) for version in known.values())
        today = local_day(as_of, self.policy.workspace.timezone)
        return kpi.key, kpi.variant, period, scope, today, minute(as_of) if runs_on else None, counts

    def settled(self, tx: Tx, question: Question) -> Settled:
        """What a question means. UnknownWord, with the nearest known words, for what does not exist."""
        kpi = self.names.find(question.kpi).as_variant(question.variant)
        as_of = self.instant(question.as_of)
        period = self.period(question.period or self.default_period(kpi), as_of)
        scope = scopes.resolve(tx, question.scope, forgiving=question.forgiving, owners=question.owners)
        return Settled(kpi, period, scope, as_of)

    def json(self, question: Question) -> dict[str, Any]:
        """The answer as the JSON document of DESIGN §5."""
        return to_json(self.answer(question))

    def warm(self) -> None:
        """Answer every KPI once for nobody, so that the first person does not wait for libraries to load."""
        for definition in self.listed():
            self.answer(Question(definition.key))

    def listed(self) -> tuple[KpiDefinition, ...]:
        """The KPIs that can be asked for."""
        known = (self.policy.kpis[kpi.key] for kpi in CATALOG if kpi.key in self.policy.kpis)
        return tuple(definition for definition in known if definition.status == "active")

    def period(self, words: str, as_of: datetime) -> Period:
        """The period words name, seen at an instant in the workspace's zone and fiscal year."""
        workspace = self.policy.workspace
        return parse(words, as_of=as_of, zone=workspace.timezone, fiscal_year_start=workspace.fiscal_year_start)

    def default_period(self, kpi: Kpi) -> str:
        """The period shown when none is named: the workspace's choice, else the KPI's own."""
        windows = self.policy.kpis[kpi.key].windows
        return windows[0] if windows else kpi.base.period

    def trailing(self, tx: Tx, kpi: Kpi, reported: Period, scope: Scope) -> KpiValue:
        """One KPI over its default period as it stood when `reported` ended, from the facts known then.

        `last 90 days` end with the last day of `reported`, `last 12 months` with the last month complete by its end.
        """
        _, end = bounds(reported, self.policy.workspace.timezone)
        words = self.default_period(kpi)
        whole = self.period(words, end)
        if whole.end <= reported.end:
            return self.measured(tx, Settled(kpi, whole, scope, end))
        last = end - timedelta.resolution
        return self.measured(tx, Settled(kpi, self.period(words, last), scope, last))

    def measured(self, tx: Tx, asked: Settled, definition: KpiDefinition | None = None) -> KpiValue:
        """The value of what was asked, judged by the definition given, else by today's with the target in force."""
        kpi, period, scope, as_of = asked
        facts = self.facts(tx, kpi, scope, kpi.base.window(*self.compared(asked)), as_of)
        return evaluate(kpi, definition or self.definition(tx, kpi, scope, period, as_of), facts, period, scope)

    def compared(self, asked: Settled) -> tuple[Period, Period]:
        """The period asked for, and the one it is compared with."""
        return asked.period, previous(asked.period, local_day(asked.as_of, self.policy.workspace.timezone))

    def facts(self, tx: Tx, kpi: Kpi, scope: Scope, window: tuple[date, date], as_of: datetime) -> Facts:
        """What a KPI reads of a scope, with dated facts of the local days `[first, end)` of the window."""
        return self.load(tx, self.wanted(kpi, scope, window, as_of))

    def wanted(self, kpi: Kpi, scope: Scope, window: tuple[date, date], as_of: datetime) -> Wanted:
        """Which facts those are."""
        zone = self.policy.workspace.timezone
        return Wanted(kpi.base.frames, scope, *window, as_of, zone, _instruments(kpi), kpi.base.wide)

    def load(self, tx: Tx, wanted: Wanted) -> Facts:
        """Facts, with what the workspace decided of money and working hours."""
        return replace(
            load(tx, wanted, packed=self.packed), workspace=self.policy.workspace, calendars=self.policy.calendars
        )

    def definition(self, tx: Tx, kpi: Kpi, scope: Scope, period: Period, as_of: datetime) -> KpiDefinition:
        """How a KPI is judged for a scope, with the target in force on the last day looked at."""
        last = last_day(period, local_day(as_of, self.policy.workspace.timezone))
        target = Targets(self.store, self.policy, self.now).effective(tx, kpi, scope, last, as_of)
        return replace(self.policy.kpis[kpi.key], target=target)

    def instant(self, as_of: datetime | None) -> datetime:
        """When a question is asked of, now where it says nothing. KpiError for what is out of reach or to come."""
        now = self.now()
        if as_of is not None and not FIRST_YEAR <= as_of.year <= LAST_YEAR:
            raise KpiError(f"The year {as_of.year} is out of reach; years run from {FIRST_YEAR} to {LAST_YEAR}.")
        if as_of is not None and as_of > now:
            raise KpiError(f"Nothing is known yet as of {as_of.astimezone(UTC):%Y-%m-%d %H:%M} UTC: that is to come.")
        return as_of or now


def _instruments(kpi: Kpi) -> tuple[Instrument, ...]:
    """A KPI that bears an instrument's name reads its answers alone."""
    return tuple(instrument for instrument in Instrument if instrument == kpi.key) or tuple(Instrument)

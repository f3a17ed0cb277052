"""Where answers come from, and what of it somebody may see."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from kpi.model import Scope
from kpi.services.access import own_scope, visible
from kpi.services.answers import Admission
from kpi.services.asked import Understood
from kpi.services.impacts import Impacts
from kpi.services.phrases.examples import examples
from kpi.services.phrases.request import Request
from kpi.services.questions import MINE, Question
from kpi.services.reports import Reports
from kpi.services.scopes import resolve
from kpi.services.surveys.rehearsal import Rehearsal
from kpi.services.targets import Aim, Targets
from kpi.store.scopes import named


@dataclass(frozen=True, slots=True)
class Sources:
    """Reports of KPIs, and what stands beside them."""

    reports: Reports
    targets: Targets
    impacts: Impacts
    rehearsal: Rehearsal

    def settle(self, request: Request, admission: Admission) -> Request:
        """The request with its scope found, among what the asker may see."""
        question = request.question
        if question is None:
            return request
        scope = self._whose(question, admission)
        return replace(request, question=replace(question, scope=scope, owners=admission.owners))

    def understood(self, request: Request) -> Understood:
        """What is written down of a settled request: nothing that somebody typed."""
        verb = " ".join(word for word in ("share" if request.is_share else "", request.verb, request.by) if word)
        question = request.question or Question("")
        key = self.reports.names.find(question.kpi).key if question.kpi in self.reports.names else None
        period = self.reports.period(question.period, self.reports.now()).key if question.period else None
        return Understood(verb, key, question.scope, period)

    def examples(self, admission: Admission) -> tuple[tuple[str, str], ...]:
        """Things to ask about what the asker may see."""
        with self.reports.store.transaction() as tx:
            return examples(*(named(tx, kind, admission.owners) for kind in ("account", "segment", "owner")))

    def aims(self, kpi: str, admission: Admission) -> list[Aim]:
        """The targets of a KPI by any of its names, "" of all; of scopes those the asker may see."""
        key = self.reports.names.find(kpi).key if kpi else None
        found = [aim for aim in self.targets.listed() if key in (None, aim.kpi.key)]
        seen = self._visible((aim.scope for aim in found), admission)
        return [aim for aim in found if aim.scope in seen]

    def _visible(self, scopes: Iterable[Scope], admission: Admission) -> list[Scope]:
        with self.reports.store.transaction() as tx:
            return [Scope(), *visible(tx, scopes, admission.access)]

    def _whose(self, question: Question, admission: Admission) -> Scope | None:
        asked = question.scope
        if asked is None and admission.owners is None:
            return None
        with self.reports.store.transaction() as tx:
            if asked is not None and asked.kind == MINE:
                return own_scope(tx, admission.who.user_id)
            return resolve(tx, admission.scope(asked), forgiving=True, owners=admission.owners)

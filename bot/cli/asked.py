"""What the options of `kpibot kpi` ask for, and which of them cannot be asked together."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.cli.session import misused
from kpi.model import Scope
from kpi.services.inquiries import Inquiry
from kpi.services.questions import Question, instant_of
from kpi.services.trends import count_fault

LIST = "list"


@dataclass(frozen=True, slots=True)
class Options:
    """As they were typed."""

    keys: Sequence[str]
    period: str | None = None
    scope: Scope | None = None
    by: str | None = None
    trend: int | None = None
    variant: str | None = None
    as_of: str | None = None
    explain: bool = False
    impact: tuple[str, str] | None = None

    @property
    def _of_answers(self) -> bool:
        """Whether anything is said of how to answer, apart from whom and what."""
        given = (self.period, self.by, self.trend, self.variant, self.as_of)
        return self.explain or any(each is not None for each in given)

    @property
    def fault(self) -> str | None:
        """What cannot be meant, in one sentence."""
        if self.impact is not None:
            return "--impact stands with KEY, a scope and --json alone." if self._of_answers else None
        if not self.keys:
            return "Say which KPI; `kpibot kpi list` shows all there are."
        if LIST in self.keys:
            alone = len(self.keys) == 1 and self.scope is None and not self._of_answers
            return None if alone else "`kpibot kpi list` takes nothing but --json."
        if self.variant is not None and len(self.keys) > 1:
            return "--variant goes with one KPI; ask for the others apart."
        return self._clash

    @property
    def _clash(self) -> str | None:
        """What the options cannot mean together, or alone."""
        if self.period is not None and not self.period.strip():
            return "--period says nothing; leave it out for the KPI's usual one."
        too_many = None if self.trend is None else count_fault(self.trend)
        return too_many or _inquiry(self, self.keys[0], None).clash


def refuse(options: Options) -> None:
    """Exit status 2 and one line, unless the options can be meant together."""
    if fault := options.fault:
        misused(fault)


def inquiries(options: Options) -> Iterator[Inquiry]:
    """One for each KPI."""
    as_of = None if options.as_of is None else instant_of(options.as_of)
    for key in options.keys:
        yield _inquiry(options, key, as_of)


def _inquiry(options: Options, key: str, as_of: datetime | None) -> Inquiry:
    question = Question(key, options.period, options.scope, as_of, options.variant, forgiving=True)
    return Inquiry(question, options.by, options.trend, options.explain)

"""What was asked for, understood."""

from dataclasses import dataclass
from enum import StrEnum

from kpi.services.questions import Question


class Verb(StrEnum):
    """What is wanted of a KPI, or beside one."""

    ANSWER = "answer"
    BY = "by"
    TREND = "trend"
    COMPARE = "compare"
    EXPLAIN = "explain"
    LIST = "list"
    TARGETS = "targets"
    IMPACT = "impact"
    WHY_NOT = "why-not"
    SURVEYS = "surveys"
    SIMULATE = "simulate"
    HELP = "help"


@dataclass(frozen=True, slots=True)
class Change:
    """A change to look at: what it was, its day as typed, the KPIs to look at by any of their names (none: all)."""

    what: str
    day: str
    kpis: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Request:
    """A verb with what it needs.

    `question`: of all verbs about one KPI; of why-not and impact its scope alone counts, of surveys also its period, of
    targets its KPI ("": all). `by`: segment, owner or account; of surveys account, programme or owner; of simulate
    programme, account or contact. `count`: how many periods a trend has, how many days are simulated; None: as usual.
    `against`: the other period of a comparison. `change`: of
    impact. `is_share`: it is to be shown to a channel.
    """

    verb: Verb
    question: Question | None = None
    by: str | None = None
    count: int | None = None
    against: str | None = None
    change: Change | None = None
    is_share: bool = False

"""What every KPI computes, and when its value may be trusted (KPIS.md, Status)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar

from kpi.model import Interval, Status
from kpi.stats.proportions import Bounds

Basis = TypeVar("Basis")

FEWEST_ANSWERS = 5
FULL_ANSWERS = 30
FULL_ACCOUNTS = 10


@dataclass(frozen=True, slots=True)
class Measure(Generic[Basis]):
    """One KPI in one period, before privacy: `evaluate` withholds what too few answers would give away.

    value and interval are in the KPI's unit; `basis` is whatever the KPI's change needs of either side.
    """

    value: float | None
    numerator: float
    denominator: float
    n: int
    accounts: int
    interval: Interval | None
    status: Status
    basis: Basis
    reason: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    exclusions: tuple[str, ...] = ()

    @property
    def usable(self) -> bool:
        """Whether there is a value people may see."""
        return self.status in (Status.FULL, Status.INDICATIVE)


def survey_status(n: int, accounts: int) -> Status:
    """Of what people answered: nothing, too few to show, few, enough."""
    if n == 0:
        return Status.UNDEFINED
    if n < FEWEST_ANSWERS:
        return Status.INSUFFICIENT
    return Status.INDICATIVE if n < FULL_ANSWERS or accounts < FULL_ACCOUNTS else Status.FULL


def survey_reason(n: int, instrument: str) -> str | None:
    """Why there is no value of the answers to CSAT, NPS …, if there is none."""
    if n == 0:
        return f"No {instrument} answers in this period."
    return too_few(n, FEWEST_ANSWERS) if n < FEWEST_ANSWERS else None


def too_few(n: int, fewest: int) -> str:
    """Why `n` answers are not shown."""
    only = f"Only {n} answer{'' if n == 1 else 's'}"
    return f"{only}; at least {fewest} are needed, so that small groups stay private."


def withheld(measure: Measure[Basis], fewest: int) -> Measure[Basis]:
    """The same, insufficient where a workspace asks for more answers than there are."""
    if not measure.usable or measure.n >= fewest:
        return measure
    return replace(measure, status=Status.INSUFFICIENT, reason=too_few(measure.n, fewest))


def account_status(denominator: int) -> Status:
    """Of what is counted in accounts."""
    if denominator == 0:
        return Status.UNDEFINED
    return Status.FULL if denominator >= FULL_ACCOUNTS else Status.INDICATIVE


def in_percent(bounds: Bounds, method: str) -> Interval:
    """Bounds on a scale of ±1 as an interval on a scale of ±100."""
    return Interval(100 * bounds.low, 100 * bounds.high, method)

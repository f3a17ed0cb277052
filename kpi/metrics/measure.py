"""What every KPI computes, and when its value may be trusted (KPIS.md, Status)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar

from kpi.metrics.listing import Lister
from kpi.model import Interval, Status
from kpi.stats.proportions import Bounds

Basis = TypeVar("Basis")

FEWEST_ANSWERS = 5
FULL_ANSWERS = 30
FULL_ACCOUNTS = 10


@dataclass(frozen=True, slots=True)
class Measure(Generic[Basis]):
    """One KPI in one period, before privacy: `evaluate` withholds what too few answers would give away.

    value and interval are in the KPI's unit; `basis` is whatever the KPI's change needs of either side. A median has
    no numerator. `listing` makes the accounts behind it, when somebody wants to see them. `series`: of answers, that of
    the wording they were given to.
    """

    value: float | None
    numerator: float | None
    denominator: float | None
    n: int
    accounts: int
    interval: Interval | None
    status: Status
    basis: Basis
    reason: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    exclusions: tuple[str, ...] = ()
    listing: Lister | None = None
    series: int | None = None

    @property
    def usable(self) -> bool:
        """Whether there is a value people may see."""
        return self.status in (Status.FULL, Status.INDICATIVE)


def survey_status(n: int, accounts: int) -> Status:
    """Of what people answered or waited for: nothing, too few to show, few, enough."""
    if n == 0:
        return Status.UNDEFINED
    if n < FEWEST_ANSWERS:
        return Status.INSUFFICIENT
    return Status.INDICATIVE if n < FULL_ANSWERS or accounts < FULL_ACCOUNTS else Status.FULL


def survey_reason(n: int, instrument: str) -> str | None:
    """Why there is no value of the answers to CSAT, NPS …, if there is none."""
    return None if n else f"No {instrument} answers in this period."


def too_few(n: int, fewest: int, counts: tuple[str, str]) -> str:
    """Why `n` answers (`counts` names one and several) are not shown."""
    return f"Only {n} {counts[n != 1]}; at least {fewest} are needed, so that small groups stay private."


def withheld(measure: Measure[Basis], fewest: int, counts: tuple[str, str]) -> Measure[Basis]:
    """The same, insufficient where there are fewer answers than may be shown here."""
    if measure.n == 0 or measure.n >= max(fewest, FEWEST_ANSWERS):
        return measure
    reason = too_few(measure.n, max(fewest, FEWEST_ANSWERS), counts)
    return replace(measure, status=Status.INSUFFICIENT, reason=reason)


def account_status(accounts: int) -> Status:
    """Of what is counted in accounts."""
    if accounts == 0:
        return Status.UNDEFINED
    return Status.FULL if accounts >= FULL_ACCOUNTS else Status.INDICATIVE


def of_accounts(value: float | None, interval: Interval | None, n: int, **more: Any) -> Measure[Any]:
    """A measure of `n` accounts; without any, or without a value, undefined."""
    status = account_status(0 if value is None else n)
    return Measure(value=value, n=n, accounts=n, interval=interval, status=status, **more)


def complement(measure: Measure[Basis]) -> Measure[Basis]:
    """A share's other side: 100 − value, 100 − its bounds, of the same basis."""
    numerator, denominator, interval = measure.numerator, measure.denominator, measure.interval
    return replace(
        measure,
        value=None if measure.value is None else 100 - measure.value,
        numerator=None if numerator is None or denominator is None else denominator - numerator,
        interval=interval and replace(interval, low=100 - interval.high, high=100 - interval.low),
    )


def in_percent(bounds: Bounds, method: str) -> Interval:
    """Bounds on a scale of ±1 as an interval on a scale of ±100."""
    return Interval(100 * bounds.low, 100 * bounds.high, method)

"""From facts to a KpiValue: the value, its comparable earlier one, the change and the target."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import isfinite
from operator import ge, le
from typing import Any

from kpi.facts import Facts
from kpi.metrics.kpi import Kpi
from kpi.metrics.measure import Measure, withheld
from kpi.metrics.money import priced
from kpi.metrics.response_time import timed
from kpi.metrics.series import apart, reworded
from kpi.model import Change, KpiValue, PeriodRef, Previous, Scope, Status, Target
from kpi.periods import Period, previous
from kpi.policy import KpiDefinition


@dataclass(frozen=True, slots=True)
class Compared:
    """A KPI in a period and in the earlier one it is compared with, of a scope, as known at an instant."""

    scope: Scope
    as_of: datetime
    periods: tuple[Period, Period]
    measures: tuple[Measure[Any], ...]


def evaluate(kpi: Kpi, definition: KpiDefinition, facts: Facts, period: Period, scope: Scope) -> KpiValue:
    """One KPI of one scope; `facts` are that scope's and reach back over the previous period (`catalog.window`)."""
    periods = period, previous(period, facts.today)
    found = measures(kpi, definition, facts, periods)
    return judged(kpi, definition, Compared(scope, facts.as_of, periods, found))


def judged(kpi: Kpi, definition: KpiDefinition, compared: Compared) -> KpiValue:
    """The value with its change and whether the target is met."""
    period, earlier = compared.periods
    now, before = compared.measures
    comparable = now.usable and before.usable
    shown = now.status != Status.INSUFFICIENT
    value = now.value if now.usable else None
    return KpiValue(
        key=kpi.key,
        label=definition.label,
        unit=kpi.unit,
        period=PeriodRef(period.key, period.start, period.end, period.complete),
        scope=compared.scope,
        value=value,
        n=now.n,
        accounts=now.accounts,
        numerator=now.numerator if shown else None,
        denominator=now.denominator if shown else None,
        interval=now.interval if shown else None,
        status=now.status,
        reason=now.reason,
        previous=Previous(earlier.key, before.value if comparable else None, before.n),
        change=_change(kpi, now, before) if comparable else None,
        target=_target(definition, now if value is not None else None),
        formula=definition.formula_of(kpi.variant),
        definition_version=definition.definition_version,
        as_of=compared.as_of,
        details=_details(kpi, now) if shown else {},
        exclusions=(*now.exclusions, *reworded(now.series, before.series, earlier.key)),
        counts=kpi.base.counts,
        deprecated=definition.status == "deprecated",
        series=now.series,
    )


def hidden(value: KpiValue, reason: str) -> KpiValue:
    """The same with nothing shown but n, for this reason."""
    return replace(
        value,
        value=None,
        numerator=None,
        denominator=None,
        interval=None,
        change=None,
        status=Status.INSUFFICIENT,
        reason=reason,
        details={},
        previous=value.previous and replace(value.previous, value=None),
        target=value.target and replace(value.target, met=None),
    )


def measures(kpi: Kpi, definition: KpiDefinition, facts: Facts, periods: Sequence[Period]) -> tuple[Measure[Any], ...]:
    """The KPI in each of the periods, all amounts at the rates of the first one's last day; small groups withheld."""
    seen = replace(prepared(kpi, facts, periods[0]), target=definition.target)
    return tuple(private(kpi, definition, kpi.measure(seen, period)) for period in periods)


def prepared(kpi: Kpi, facts: Facts, period: Period) -> Facts:
    """The facts with all amounts at the rates of the period's last day, and all waits measured."""
    seen = priced(facts, period) if "revenue" in kpi.base.frames else facts
    return timed(seen) if "episodes" in kpi.base.frames else seen


def private(kpi: Kpi, definition: KpiDefinition, measure: Measure[Any]) -> Measure[Any]:
    """The measure, withheld where it tells of too few answers."""
    return withheld(measure, definition.min_n, kpi.base.counts) if kpi.base.private else measure


def _change(kpi: Kpi, now: Measure[Any], before: Measure[Any]) -> Change | None:
    """None where the two periods cannot be compared; an end that is not known is None."""
    if apart((now.series, before.series)):
        return None
    bounds = kpi.doubt.change(now, before)
    if now.value is None or before.value is None or bounds is None:
        return None
    low, high = (bound if isfinite(bound) else None for bound in bounds)
    return Change(now.value - before.value, low, high, beyond_noise=bounds.low > 0 or bounds.high < 0)


def _details(kpi: Kpi, measure: Measure[object]) -> Mapping[str, Any]:
    return {"variant": kpi.variant, **measure.details} if kpi.variant else measure.details


def _target(definition: KpiDefinition, measure: Measure[Any] | None) -> Target | None:
    """Whether the target is met; None where too little is known to tell: no value, or an indicative one whose interval
    reaches over the target."""
    if definition.target is None:
        return None
    return Target(definition.target, None if measure is None else _met(definition, measure, definition.target))


def _met(definition: KpiDefinition, measure: Measure[Any], target: float) -> bool | None:
    interval = measure.interval
    reaches_over = interval is None or interval.low < target < interval.high
    if measure.value is None or (measure.status is Status.INDICATIVE and reaches_over):
        return None
    reached = {"up": ge, "down": le}[definition.better]
    return bool(reached(measure.value, target))

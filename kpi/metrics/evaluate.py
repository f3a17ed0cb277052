"""From facts to a KpiValue: the value, its comparable earlier one, the change and the target."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from operator import ge, le
from typing import Any

from kpi.facts import Facts
from kpi.metrics.kpi import Kpi
from kpi.metrics.measure import Measure, withheld
from kpi.metrics.money import priced
from kpi.model import Change, KpiValue, PeriodRef, Previous, Scope, Status, Target
from kpi.periods import Period, previous
from kpi.policy import KpiDefinition


def evaluate(kpi: Kpi, definition: KpiDefinition, facts: Facts, period: Period, scope: Scope) -> KpiValue:
    """One KPI of one scope; `facts` are that scope's and reach back over the previous period (`catalog.window`)."""
    earlier = previous(period, facts.today)
    now, before = measures(kpi, definition, facts, (period, earlier))
    comparable = now.usable and before.usable
    shown = now.status != Status.INSUFFICIENT
    value = now.value if now.usable else None
    return KpiValue(
        key=kpi.key,
        label=definition.label,
        unit=kpi.unit,
        period=PeriodRef(period.key, period.start, period.end, period.complete),
        scope=scope,
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
        as_of=facts.as_of,
        details=_details(kpi, now) if shown else {},
        exclusions=now.exclusions,
        counts=kpi.base.counts,
    )


def measures(kpi: Kpi, definition: KpiDefinition, facts: Facts, periods: Sequence[Period]) -> tuple[Measure[Any], ...]:
    """The KPI in each of the periods, all amounts at the rates of the first one's last day; small groups withheld."""
    seen = replace(facts, target=definition.target)
    if "revenue" in kpi.base.frames:
        seen = priced(seen, periods[0])
    found = (kpi.measure(seen, period) for period in periods)
    return tuple(withheld(one, definition.min_n, kpi.base.counts) if kpi.base.private else one for one in found)


def _change(kpi: Kpi, now: Measure[object], before: Measure[object]) -> Change | None:
    if now.value is None or before.value is None:
        return None
    delta, bounds = now.value - before.value, kpi.doubt.change(now, before)
    if bounds is None:
        return Change(delta, None, None, beyond_noise=False)
    return Change(delta, *bounds, beyond_noise=bounds.low > 0 or bounds.high < 0)


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
    reaches_over = interval is not None and interval.low < target < interval.high
    if measure.value is None or (measure.status is Status.INDICATIVE and reaches_over):
        return None
    reached = {"up": ge, "down": le}[definition.better]
    return bool(reached(measure.value, target))

"""From facts to a KpiValue: the value, its comparable earlier one, the change and the target."""

from operator import ge, le

from kpi.facts import Facts
from kpi.metrics.catalog import Kpi
from kpi.metrics.measure import Measure, withheld
from kpi.model import Change, KpiValue, PeriodRef, Previous, Scope, Status, Target
from kpi.periods import Period, previous
from kpi.policy import KpiDefinition


def evaluate(kpi: Kpi, definition: KpiDefinition, facts: Facts, period: Period, scope: Scope) -> KpiValue:
    """One KPI of one scope; `facts` are that scope's and reach back over the previous period (`catalog.window`)."""
    earlier = previous(period, facts.today)
    fewest = definition.min_n if kpi.private else 0
    now, before = (withheld(kpi.measure(facts, one), fewest) for one in (period, earlier))
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
        target=_target(definition, value),
        formula=definition.formula,
        definition_version=definition.definition_version,
        as_of=facts.as_of,
        details=now.details if shown else {},
        exclusions=now.exclusions,
    )


def _change(kpi: Kpi, now: Measure[object], before: Measure[object]) -> Change | None:
    if now.value is None or before.value is None:
        return None
    delta, bounds = now.value - before.value, kpi.change(now, before)
    if bounds is None:
        return Change(delta, None, None, beyond_noise=False)
    return Change(delta, *bounds, beyond_noise=bounds.low > 0 or bounds.high < 0)


def _target(definition: KpiDefinition, value: float | None) -> Target | None:
    if definition.target is None:
        return None
    reached = {"up": ge, "down": le}[definition.better]
    return Target(definition.target, None if value is None else reached(value, definition.target))

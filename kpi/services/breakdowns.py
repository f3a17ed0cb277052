"""One KPI of every segment, owner or account, the worst first."""

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from kpi.facts import Facts
from kpi.metrics.document import to_json
from kpi.metrics.evaluate import Compared, hidden, judged
from kpi.metrics.groups import Homes, Measuring, cut
from kpi.metrics.kpi import Kpi
from kpi.metrics.measure import FEWEST_ANSWERS
from kpi.metrics.present import present
from kpi.metrics.series import newest, reworded
from kpi.model import KpiValue, Scope, Status
from kpi.services.questions import Question
from kpi.services.reports import Reports, Settled
from kpi.store import scopes as rows
from kpi.store import targets
from kpi.store.store import Tx

KINDS = ("segment", "owner", "account")
"""What a KPI is broken down by."""
COVERING = "Withheld, because a smaller group could be worked out from the whole without it."


@dataclass(frozen=True, slots=True)
class Breakdown:
    """A KPI of `scope` by `by`, the worst value first, groups without one last.

    A value's scope without a name is that of accounts without any.
    """

    key: str
    label: str
    scope: Scope
    by: str
    values: tuple[KpiValue, ...]

    def document(self) -> dict[str, Any]:
        """It as JSON."""
        scope = {"kind": self.scope.kind, "name": self.scope.name}
        return {"key": self.key, "scope": scope, "by": self.by, "values": [to_json(value) for value in self.values]}


def breakdown(reports: Reports, question: Question, by: str) -> Breakdown:
    """The KPI asked for, of each of KINDS in the scope asked for: what asking for each alone would give.

    Accounts are those active in the period, or with facts in it or in the one it is compared with. KpiError as asking.
    """
    with reports.store.transaction() as tx:
        asked = reports.settled(tx, question)
        values = sorted(_values(reports, tx, asked, by), key=_order)
    definition = reports.policy.kpis[asked.kpi.key]
    if asked.kpi.base.private:
        values = covered(values, max(definition.min_n, FEWEST_ANSWERS))
    worst_first = sorted(set_apart(values), key=lambda value: _badness(value, definition.better))
    return Breakdown(asked.kpi.key, definition.label, asked.scope, by, tuple(worst_first))


def _values(reports: Reports, tx: Tx, asked: Settled, by: str) -> Iterator[KpiValue]:
    kpi, period, as_of = asked.kpi, asked.period, asked.as_of
    periods = reports.compared(asked)
    facts = reports.facts(tx, _with_terms(kpi), asked.scope, kpi.base.window(*periods), as_of)
    groups = cut(kpi, facts, periods, Homes(rows.homes(tx, by), by == "owner"))
    usual, aimed = reports.definition(tx, kpi, Scope(), period, as_of), targets.aimed(tx, kpi.key, by)
    for scope, measuring in _scopes(tx, by, _shown(groups, facts, periods, by)):
        definition = reports.definition(tx, kpi, scope, period, as_of) if str(scope.id) in aimed else usual
        yield judged(kpi, definition, Compared(scope, as_of, periods, measuring(definition)))


def covered(values: list[KpiValue], fewest: int) -> list[KpiValue]:
    """The values, with the smallest withheld as long as fewer than `fewest` are hidden in all, of each series.

    Else whoever takes the groups that are shown from the whole, which is of one series, has what a few people said.
    """
    found = list(values)
    for series in dict.fromkeys(value.series for value in values):
        _cover(found, [index for index, value in enumerate(values) if value.series == series], fewest)
    return found


def _cover(found: list[KpiValue], some: list[int], fewest: int) -> None:
    while 0 < sum(found[index].n for index in some if _is_hidden(found[index])) < fewest:
        shown = [index for index in some if found[index].value is not None]
        if not shown:
            break
        smallest = min(shown, key=lambda index: found[index].n)
        found[smallest] = hidden(found[smallest], COVERING)


def set_apart(values: list[KpiValue]) -> list[KpiValue]:
    """The values, of which those of a series before the latest say that the others are of another."""
    latest = newest(values)
    return [
        replace(value, exclusions=(*value.exclusions, *reworded(latest, value.series, "the others")))
        for value in values
    ]


def _is_hidden(value: KpiValue) -> bool:
    return value.status is Status.INSUFFICIENT


def _with_terms(kpi: Kpi) -> Kpi:
    """The same KPI, with the terms that say which accounts were active."""
    return replace(kpi, base=replace(kpi.base, frames=kpi.base.frames | {"accounts", "terms"}))


def _shown(
    groups: Mapping[Hashable, Measuring], facts: Facts, periods: tuple[Any, Any], by: str
) -> Mapping[Hashable, Measuring]:
    if by != "account":
        return groups
    there = present(facts, periods)
    return {group: measuring for group, measuring in groups.items() if group in there}


def _scopes(tx: Tx, by: str, groups: Mapping[Hashable, Measuring]) -> Iterator[tuple[Scope, Measuring]]:
    known = {one.id: Scope(by, one.name, one.id) for one in rows.named(tx, by)}
    for group, measuring in groups.items():
        yield known.get(group, Scope(by)) if isinstance(group, int | str) else Scope(by), measuring


def _order(value: KpiValue) -> tuple[bool, str]:
    name = value.scope.name
    return name is None, (name or "").casefold()


def _badness(value: KpiValue, better: str) -> tuple[bool, float]:
    if value.value is None:
        return True, 0.0
    return False, value.value if better == "up" else -value.value

"""A KPI of many groups of accounts at once: the facts are read once for all of them, and cut in memory."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from kpi.facts import COLUMNS
from kpi.metrics.evaluate import measures, prepared, private
from kpi.metrics.measure import Measure
from kpi.metrics.population import members
from kpi.metrics.tabled import Tabled
from kpi.policy import KpiDefinition

if TYPE_CHECKING:
    import pandas as pd

    from kpi.facts import Facts
    from kpi.metrics.kpi import Kpi
    from kpi.periods import Period

Measuring = Callable[[KpiDefinition], tuple[Measure[Any], ...]]
"""A KPI of one group in each of the periods, judged by a definition."""

OWNED = ("answers", "surveys")
"""Frames whose rows belong to the owner of their day."""


@dataclass(frozen=True, slots=True)
class Homes:
    """Which group each account belongs to (None: none); `by_owner`: the groups are owner ids."""

    of: Mapping[int, Hashable]
    by_owner: bool = False


def cut(kpi: Kpi, facts: Facts, periods: Sequence[Period], homes: Homes) -> Mapping[Hashable, Measuring]:
    """How to measure the KPI of each group that has an account or a fact among these, as if it were asked for alone."""
    seen = prepared(kpi, facts, periods[0])
    if isinstance(kpi.measure, Tabled):
        tables = [kpi.measure.table(seen, period) for period in periods]
        of = kpi.measure.of
        return {group: partial(_of_tables, kpi, of, tables, some) for group, some in _gathered(facts, homes).items()}
    if kpi.base.wide:
        whole = {group: _asked_for(seen, some) for group, some in _gathered(seen, homes).items()}
        return {group: partial(measures, kpi, facts=part, periods=periods) for group, part in whole.items()}
    parts = parted(seen, homes)
    return {group: partial(measures, kpi, facts=part, periods=periods) for group, part in parts.items()}


def parted(facts: Facts, homes: Homes) -> dict[Hashable, Facts]:
    """The facts of each group as they would have been read for it alone, rows in their order."""
    frames = {name: getattr(facts, name) for name in COLUMNS}
    parts = {name: _parts(rows, _groups(name, rows, homes)) for name, rows in frames.items() if len(rows)}
    nothing = {name: rows.iloc[:0] for name, rows in frames.items()}
    return {
        group: replace(facts, **{name: parts.get(name, {}).get(group, none) for name, none in nothing.items()})
        for group in dict.fromkeys(group for part in parts.values() for group in part)
    }


def _groups(name: str, rows: pd.DataFrame, homes: Homes) -> list[Hashable]:
    """Whose each row is."""
    if homes.by_owner and name in OWNED:
        return [None if owner != owner else owner for owner in rows["owner_id"].tolist()]  # noqa: PLR0124 - not a number
    return [homes.of.get(account) for account in rows["account_id"].tolist()]


def _parts(rows: pd.DataFrame, groups: list[Hashable]) -> dict[Hashable, pd.DataFrame]:
    import numpy as np

    numbers = {group: number for number, group in enumerate(dict.fromkeys(groups))}
    codes = np.array([numbers[group] for group in groups], dtype=np.int64)
    ordered = rows.take(np.argsort(codes, kind="stable"))
    ends = np.cumsum(np.bincount(codes)).tolist()
    return {group: ordered.iloc[first:end] for group, first, end in zip(numbers, [0, *ends[:-1]], ends, strict=True)}


def _gathered(facts: Facts, homes: Homes) -> dict[Hashable, list[int]]:
    """The accounts of the scope by group."""
    found: dict[Hashable, list[int]] = {}
    for account in members(facts):
        found.setdefault(homes.of.get(account), []).append(account)
    return found


def _asked_for(facts: Facts, accounts: Iterable[int]) -> Facts:
    """The same facts of the whole workspace, asked for these accounts."""
    return replace(facts, accounts=facts.accounts.assign(in_scope=facts.accounts["account_id"].isin(list(accounts))))


def _of_tables(
    kpi: Kpi,
    of: Callable[[Any, Sequence[int]], Measure[Any]],
    tables: Sequence[Any],
    accounts: Sequence[int],
    definition: KpiDefinition,
) -> tuple[Measure[Any], ...]:
    return tuple(private(kpi, definition, of(table, accounts)) for table in tables)

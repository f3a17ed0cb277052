"""What a workspace aims for with a KPI: for all of it, a segment, an owner or an account, from a day on."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from math import isfinite

from kpi.errors import KpiError
from kpi.metrics.catalog import CATALOG, find
from kpi.metrics.kpi import Kpi
from kpi.model import Scope
from kpi.periods import local_day, spoken
from kpi.policy import KpiDefinition, Policy
from kpi.ports import Now
from kpi.services import scopes
from kpi.store import audit
from kpi.store import targets as rows
from kpi.store.scopes import columns, kept
from kpi.store.store import Record, Store, Tx

SHIPPED = "kpis.yaml"


@dataclass(frozen=True, slots=True)
class TargetWish:
    """A target wanted for a KPI by any of its names and a scope named but not yet found (None: the whole workspace).

    `value` is in the KPI's unit, money in major units; None: nothing is aimed for. `since` None: from today on.
    """

    kpi: str
    value: float | None = None
    scope: Scope | None = None
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Aim:
    """A target as it was set; `value` None ends what was aimed for. That of kpis.yaml has neither day nor instant."""

    kpi: KpiDefinition
    scope: Scope
    value: float | None
    valid_from: date | None = None
    set_by: str = SHIPPED
    recorded_at: datetime | None = None
    in_force: bool = True


@dataclass(frozen=True, slots=True)
class Targets:
    """Keeps targets with their history: a figure is judged by what was in force, and known, at its time."""

    store: Store
    policy: Policy
    now: Now

    def set(self, wish: TargetWish, by: str) -> Aim:
        """Aim for a value; the same KPI, scope and day again replaces it. KpiError for a value there cannot be."""
        kpi = find(wish.kpi, self.policy.kpis)
        low, high = kpi.reach
        if wish.value is None or not (isfinite(wish.value) and low <= wish.value <= high):
            raise KpiError(f"A target of {kpi.key} {self._range(kpi)}.")
        with self.store.transaction() as tx:
            return self._keep(tx, kpi, wish, by)

    def end(self, wish: TargetWish, by: str) -> Aim:
        """Aim for nothing in a scope from a day on, whatever is aimed for elsewhere. KpiError where nothing is."""
        kpi, since = find(wish.kpi, self.policy.kpis), wish.since or self._today()
        with self.store.transaction() as tx:
            scope = scopes.resolve(tx, wish.scope)
            if self.effective(tx, kpi, scope, since, self.now()) is None:
                where = f" for {scope.name}" if scope.name else ""
                raise KpiError(f"{kpi.key} has no target{where} on {spoken(since)}; `kpibot target list` shows all.")
            return self._keep(tx, kpi, replace(wish, value=None), by)

    def listed(self) -> list[Aim]:
        """All targets in the catalog's order: that of kpis.yaml, the workspace's own, those of scopes, each by day."""
        with self.store.transaction() as tx:
            stored = rows.listed(tx)
            found = list(zip(stored, kept(tx, stored), strict=True))
        return [aim for kpi in CATALOG if kpi.key in self.policy.kpis for aim in self._aims(kpi, found)]

    def effective(self, tx: Tx, kpi: Kpi, scope: Scope, day: date, as_of: datetime) -> float | None:
        """The target in force for a found scope on a day, as known at an instant; None: nothing is aimed for.

        What was said of exactly that scope counts, else what of the whole workspace, else what kpis.yaml says.
        """
        found = rows.in_force(tx, kpi.key, scope, day, as_of)
        value: float | None = self.policy.kpis[kpi.key].target if found is None else found["value"]
        return value

    def _keep(self, tx: Tx, kpi: Kpi, wish: TargetWish, by: str) -> Aim:
        """Store what is said, with a trace of it; saying the same again leaves neither."""
        now, scope, since = self.now(), scopes.resolve(tx, wish.scope), wish.since or self._today()
        was = _own(rows.in_force(tx, kpi.key, scope, since, now), scope)
        if was is not None and (was["value"], was["valid_from"]) == (wish.value, since):
            return self._aim(kpi, scope, was)
        said = {"value": wish.value, "valid_from": since, "set_by": by, "recorded_at": now}
        made = rows.add(tx, kpi.key, scope, said)
        subject = ":".join(filter(None, ("target", kpi.key, *columns(scope).values())))
        change = {"after": _noted(made)} if was is None else {"before": _noted(was), "after": _noted(made)}
        audit.add(tx, now, by, "target.end" if wish.value is None else "target.set", subject, **change)
        return self._aim(kpi, scope, made)

    def _aims(self, kpi: Kpi, found: list[tuple[Record, Scope]]) -> Iterator[Aim]:
        aims = [self._aim(kpi, scope, row) for row, scope in found if row["kpi_key"] == kpi.key]
        begun = {aim.scope: aim for aim in aims if aim.valid_from and aim.valid_from <= self._today()}
        shipped = self.policy.kpis[kpi.key].target
        if shipped is not None:
            yield Aim(self.policy.kpis[kpi.key], Scope(), shipped, in_force=Scope() not in begun)
        for aim in sorted(aims, key=lambda aim: aim.scope != Scope()):
            yield replace(aim, in_force=begun.get(aim.scope) is aim)

    def _aim(self, kpi: Kpi, scope: Scope, row: Record) -> Aim:
        said = (row[name] for name in ("value", "valid_from", "set_by", "recorded_at"))
        return Aim(self.policy.kpis[kpi.key], scope, *said)

    def _today(self) -> date:
        return local_day(self.now(), self.policy.workspace.timezone)

    def _range(self, kpi: Kpi) -> str:
        low, high = kpi.reach
        unit = self.policy.workspace.currency if kpi.unit == "money" else kpi.unit
        return f"lies between {low:g} and {high:,.0f} {unit}"


def _own(row: Record | None, scope: Scope) -> Record | None:
    own = row is not None and all(row[name] == value for name, value in columns(scope).items())
    return row if own else None


def _noted(row: Record) -> Record:
    return {"value": row["value"], "valid_from": f"{row['valid_from']}", "set_by": row["set_by"]}

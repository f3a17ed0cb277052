"""Whether a change shows: each KPI in the month and the three months after it, against as many days before."""

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from kpi.errors import KpiError
from kpi.metrics.catalog import find, in_use
from kpi.metrics.document import to_json
from kpi.model import Scope
from kpi.periods import local_day
from kpi.services import scopes
from kpi.services.impact_checks import Check, Document, Impact, Marker, Window, change_day, change_words, windows
from kpi.services.reports import Reports, Settled
from kpi.store import impacts as rows
from kpi.store.scopes import columns, kept
from kpi.store.store import Record, Store, Tx


@dataclass(frozen=True, slots=True)
class ImpactWish:
    """A change to look at: what it was, its day as typed, KPIs by any of their names, a scope named but not yet found.

    No keys: every active KPI. All of them make sense on one month and on three: what happens is counted in the window,
    what is (a score, a lifetime value) is compared on its last day and the last before the change, and what takes
    longer than a window says so instead of a value or a change.
    """

    what: str
    day: str
    keys: Sequence[str] = ()
    scope: Scope | None = None


@dataclass(frozen=True, slots=True)
class _Look:
    """A marker's row, held while it is looked at."""

    tx: Tx
    row: Record
    scope: Scope
    as_of: datetime

    def stored(self, window: Window) -> list[Document]:
        return list((self.row["results"] or {}).get(f"{window.months}", ()))


@dataclass(frozen=True, slots=True)
class Impacts:
    """Compares, and keeps what came out when a window has closed: from then on that is what is shown."""

    reports: Reports
    store: Store

    def require(self, wish: ImpactWish) -> None:
        """Raise KpiError for what cannot be looked at, before anybody waits for it; the scope is not looked for."""
        change_words(wish.what), change_day(wish.day, self._today(self.reports.now())), self._keys(wish.keys)

    def check(self, wish: ImpactWish, by: str) -> Impact:
        """The comparison as known now, kept as a marker: the same change, day and scope again is the same marker.

        KpiError for a day that is none, is to come or lies more than ten years back, and for words that name nothing.
        """
        now = self.reports.now()
        what, day, keys = change_words(wish.what), change_day(wish.day, self._today(now)), self._keys(wish.keys)
        with self.store.transaction() as tx:
            scope = scopes.resolve(tx, wish.scope)
            marker = {"what": what, "changed_on": day, **columns(scope), "created_by": by, "recorded_at": now}
            look = _Look(tx, rows.mark(tx, {**marker, "kpi_keys": list(keys)}), scope, now)
            checks = tuple(self._check(look, window, keys) for window in windows(day, self._today(now)))
            _keep(look, keys, checks)
        return Impact(what, day, scope, keys, checks)

    def listed(self) -> list[Marker]:
        """All markers, the newest change first, with what is kept of their windows and nothing computed anew."""
        now = self.reports.now()
        with self.store.transaction() as tx:
            found = rows.listed(tx)
            looks = [_Look(tx, row, scope, now) for row, scope in zip(found, kept(tx, found), strict=True)]
        return [self._remembered(look) for look in looks]

    def finish(self) -> None:
        """Keep the results of the windows that have closed; twice, late or after a crash changes nothing more.

        A marker that fails does not hold up the others: its failure is raised when they are done.
        """
        with ExitStack() as each:
            for marker in self.listed():
                if marker.state == "due":
                    each.callback(self._finish, marker.id)

    def _finish(self, marker_id: int) -> None:
        now = self.reports.now()
        with self.store.transaction() as tx:
            row = rows.held(tx, marker_id)
            if row is None:
                return
            look = _Look(tx, row, kept(tx, [row])[0], now)
            closed = (window for window in windows(row["changed_on"], self._today(now)) if window.complete)
            _keep(look, row["kpi_keys"], [self._check(look, window, row["kpi_keys"]) for window in closed])

    def _check(self, look: _Look, window: Window, keys: Iterable[str]) -> Check:
        """What is kept of a window, and of the other keys what they come to now."""
        stored = {document["key"]: document for document in look.stored(window)}
        documents, problems = [], []
        for key in keys:
            try:
                documents.append(stored.get(key) or self._document(look, window, key))
            except KpiError as fault:
                problems.append(f"{key}: {fault}")
        return Check(window, tuple(documents), tuple(problems))

    def _document(self, look: _Look, window: Window, key: str) -> Document:
        kpi = find(key, self.reports.policy.kpis)
        period = self.reports.period(window.elapsed, look.as_of)
        return to_json(self.reports.measured(look.tx, Settled(kpi, period, look.scope, look.as_of)))

    def _remembered(self, look: _Look) -> Marker:
        row, keys = look.row, tuple(look.row["kpi_keys"])
        seen = windows(row["changed_on"], self._today(look.as_of))
        checks = tuple(Check(window, tuple(look.stored(window))) for window in seen)
        impact = Impact(row["what"], row["changed_on"], look.scope, keys, checks)
        return Marker(row["marker_id"], row["created_by"], row["recorded_at"], impact)

    def _keys(self, names: Iterable[str]) -> tuple[str, ...]:
        known = self.reports.policy.kpis
        return tuple(dict.fromkeys(find(name, known).key for name in names)) or tuple(kpi.key for kpi in in_use(known))

    def _today(self, as_of: datetime) -> date:
        return local_day(as_of, self.reports.policy.workspace.timezone)


def _keep(look: _Look, keys: Iterable[str], checks: Iterable[Check]) -> None:
    """Add to a marker the keys it lacks, and of closed windows the results it lacks; what it has stays as it is."""
    results: dict[str, Any] = dict(look.row["results"] or {})
    for check in checks:
        stored = look.stored(check.window)
        new = [document for document in check.kpis if document not in stored] if check.window.complete else []
        if new:
            results[f"{check.window.months}"] = [*stored, *new]
    wanted = list(dict.fromkeys([*look.row["kpi_keys"], *keys]))
    if (wanted, results) != (look.row["kpi_keys"], look.row["results"] or {}):
        rows.keep(look.tx, look.row["marker_id"], wanted, results)

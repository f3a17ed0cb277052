"""Why a published value is another one today: from the facts themselves, the audit and the settings."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from json import loads

from kpi.errors import KpiError
from kpi.facts import Facts
from kpi.metrics.document import to_json
from kpi.metrics.kpi import Kpi
from kpi.model import Scope
from kpi.periods import Period, local_day, spoken
from kpi.policy import KpiDefinition
from kpi.services.publishing import acts, basis, figures
from kpi.services.publishing.late import CALLED, late
from kpi.services.reports import Reports, Settled
from kpi.store.store import Record, Tx


@dataclass(frozen=True, slots=True)
class Reasons:
    """Looks for what is behind a change since `then`, the published row; `facts` are those of the period today."""

    reports: Reports
    tx: Tx
    kpi: Kpi
    period: Period
    then: Record
    definition: KpiDefinition
    facts: Facts

    def found(self) -> tuple[str, ...]:
        """Facts that became known since, then what no longer gives the old figures; () where only time went by."""
        before = of_period(self.reports, self.tx, self.kpi, self.period, self.then["as_of"])
        known_since = late(self.kpi, before, self.facts, self.period)
        return (*known_since, *self._not_reproduced(before, explained=bool(known_since)))

    def only_time(self) -> str:
        """What to say where the same facts are merely older."""
        return f"what was still open on {self._day()} has gone on since"

    def _not_reproduced(self, before: Facts, *, explained: bool) -> Iterator[str]:
        """Why the facts known then, by today's settings, do not come to what was published."""
        corrected, changed = self._corrected(before), self._changed()
        if (explained and not corrected and not changed) or self._is_reproduced():
            return
        if corrected:
            yield self._said_of(corrected)
        if changed:
            yield f"the settings changed ({', '.join(changed)})"
        if not corrected and not changed:
            yield "this version of the program comes to another figure from the same facts"

    def _corrected(self, before: Facts) -> dict[str, tuple[int, int]]:
        """The frames known then that do not read as they did, with how many rows each had and has."""
        kept, rested = self.then["basis"]["frames"], basis.frames(self.kpi, before)
        names = [name for name in CALLED if name in rested and rested[name] != kept.get(name)]
        if len(names) > 1 and "accounts" in names:
            names.remove("accounts")  # their other facts say more, as in `late`
        return {name: (kept.get(name, [0])[0], rested[name][0]) for name in names}

    def _changed(self) -> list[str]:
        """The settings that are not what they were."""
        kept = self.then["basis"]["settings"]
        today = basis.settings(self.reports.policy, self.definition)
        return [name for name, digest in today.items() if digest != kept.get(name)]

    def _is_reproduced(self) -> bool:
        """Whether the facts known then come to the same figures today; not where they cannot be computed any more."""
        try:
            return not figures.differ(loads(self.then["document"]), self._today_of_then())
        except KpiError:
            return False

    def _today_of_then(self) -> figures.Document:
        """The facts known then as they are computed today."""
        asked = Settled(self.kpi, self.period, Scope(), self.then["as_of"])
        return to_json(self.reports.measured(self.tx, asked, self.definition))

    def _said_of(self, counts: dict[str, tuple[int, int]]) -> str:
        """What became of the facts known by then: how many of them there were and are, and who did what."""
        moved = [f"{CALLED[name].many} {old:,} → {new:,}" for name, (old, new) in counts.items() if old != new]
        grown = bool(moved) and all(new > old for old, new in counts.values())
        what = f"facts dated before {self._day()} were added" if grown else "facts were corrected or removed"
        zone = self.reports.policy.workspace.timezone
        done = acts.since(self.tx, self.then["published_at"], counts, zone)
        said = f"{what} since" + (f" ({', '.join(moved)})" if moved else "")
        return f"{said}: {done}" if done else said

    def _day(self) -> str:
        return spoken(local_day(self.then["as_of"], self.reports.policy.workspace.timezone))


def of_period(reports: Reports, tx: Tx, kpi: Kpi, period: Period, as_of: datetime) -> Facts:
    """What a KPI reads of a period alone, not of the one it is compared with, as known at an instant."""
    return reports.facts(tx, kpi, Scope(), kpi.base.window(period, period), as_of)

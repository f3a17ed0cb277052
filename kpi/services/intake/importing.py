"""Many sheets: each in a transaction of its own, until one is refused; cut short, it goes on where it was."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from kpi.ports import Now, Sheet
from kpi.records.catalog import ENTITIES
from kpi.services.intake.taking import Taker
from kpi.services.intake.words import Fate, Mode, Taken
from kpi.store import audit, sources
from kpi.store.intake import lock
from kpi.store.store import Store, Tx

FILES = "files"
_PATIENCE_SECONDS = 600


class _UndoneError(Exception):
    """Leaves a transaction without keeping anything of it."""


@dataclass(frozen=True)
class Import:
    """One run over the sheets of a source."""

    store: Store
    now: Now
    taker: Taker
    mode: Mode

    def run(self, sheets: Sequence[Sheet]) -> tuple[Taken, ...]:
        """What became of each sheet, in the order of entities."""
        sheets = sorted(sheets, key=lambda sheet: ENTITIES.index(sheet.entity))
        done = self._begin()
        outcomes: list[Taken] = []
        for position, sheet in enumerate(sheets):
            if sheet.digest and done.get(sheet.place) == sheet.digest:
                outcomes.append(Taken(sheet.entity.name, sheet.place, Fate.RESUMED))
                continue
            try:
                with self.store.transaction() as tx:
                    outcomes.extend(self._step(tx, sheets[position:], done))
            except _UndoneError as undone:
                outcomes.extend(undone.args[0])
                break
        self._end()
        return tuple(outcomes)

    def _step(self, tx: Tx, sheets: Sequence[Sheet], done: dict[str, str]) -> Iterator[Taken]:
        """Write the first of the sheets; where that is not to be, check all of them and leave nothing."""
        lock(tx, _PATIENCE_SECONDS)
        taken = self._fated(self.taker.take(tx, sheets[0]))
        if self.mode.dry_run or (taken.fate is Fate.REFUSED and not self.mode.keep_good):
            raise _UndoneError([taken, *self._check(tx, sheets[1:], taken)])
        done[sheets[0].place] = sheets[0].digest
        sources.running(tx, FILES, {"done": done}, self.now())
        if taken.new or taken.changed:
            counts = {name: getattr(taken, name) for name in ("rows", "new", "changed", "rejected")}
            audit.add(tx, self.now(), "import", "file.import", taken.place, after=counts)
        yield taken

    def _check(self, tx: Tx, sheets: Sequence[Sheet], first: Taken) -> Iterator[Taken]:
        """What the rest would come to. Rows that name what a refused sheet was to bring are not spoken of."""
        refused = {first.entity} if first.fate is Fate.REFUSED else set()
        for sheet in sheets:
            silent = frozenset() if self.mode.keep_good else frozenset(refused)
            taken = self._fated(self.taker.take(tx, sheet, silent))
            if taken.fate is Fate.REFUSED:
                refused.add(taken.entity)
            yield taken if taken.fate is Fate.REFUSED else replace(taken, fate=Fate.CHECKED)

    def _fated(self, taken: Taken) -> Taken:
        if taken.flawed and not self.mode.keep_good:
            return replace(taken, fate=Fate.REFUSED)
        return replace(taken, fate=Fate.CHECKED) if self.mode.dry_run and taken.fate is not Fate.REFUSED else taken

    def _begin(self) -> dict[str, str]:
        """The sheets an import that never ended wrote, by their digests."""
        if self.mode.dry_run:
            return {}
        with self.store.transaction() as tx:
            return dict(sources.unfinished(tx, FILES).get("done", {}))

    def _end(self) -> None:
        if not self.mode.dry_run:
            with self.store.transaction() as tx:
                sources.idle(tx, FILES, self.now())

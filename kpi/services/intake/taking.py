"""One sheet: its rows read, staged, checked and merged in the transaction it is given."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from kpi.ports import Sheet
from kpi.records.entity import Entity
from kpi.records.reading import Reader
from kpi.records.rows import Flaw, Rows
from kpi.services.intake.words import Fate, Taken
from kpi.store.intake import KEPT_FLAWS, WORTH_LOADING_BYTES, Stage, Terms, check, load, open_stage, write
from kpi.store.store import Tx

Progress = Callable[[str, int, int], None]
"""Called with a sheet's place, the bytes read so far and its size."""


def quiet(_place: str, _done: int, _size: int) -> None:
    """Nobody watches."""


@dataclass
class _Seen:
    """What was seen of a sheet so far."""

    rows: int = 0
    rejected: int = 0
    flawed: int = 0
    flaws: list[Flaw] = field(default_factory=list)

    def note(self, flaws: Sequence[Flaw], rejected: int) -> None:
        self.rejected += rejected
        self.flawed += max(len(flaws), rejected)
        self.flaws.extend(flaws[: KEPT_FLAWS - len(self.flaws)])


@dataclass(frozen=True)
class Taker:
    """Takes sheets in. `zone` is where times without an offset belong and days end."""

    zone: ZoneInfo
    currency: str
    progress: Progress = quiet

    def take(self, tx: Tx, sheet: Sheet, silent: frozenset[str] = frozenset()) -> Taken:
        """Merge a sheet's good rows; unknown names of the entities `silent` are not spoken of."""
        if sheet.flaws:
            flaws = tuple(sheet.flaws)
            return Taken(sheet.entity.name, sheet.place, Fate.REFUSED, flaws=flaws, flawed=len(flaws))
        if sheet.size >= WORTH_LOADING_BYTES:
            loaded = load(tx, sheet.entity, sheet.names, self._read(sheet))
            if loaded:
                return Taken(sheet.entity.name, sheet.place, rows=loaded.new, new=loaded.new)
        staged, seen = open_stage(tx, sheet.entity, sheet.names), _Seen()
        self._fill(staged, sheet, seen)
        terms = Terms(self.zone.key, self.currency)
        found = check(staged, terms, silent)
        seen.note(found.flaws, found.refused)
        done = write(staged, terms)
        return Taken(
            sheet.entity.name,
            sheet.place,
            rows=seen.rows,
            new=done.new,
            changed=done.changed,
            unchanged=seen.rows - seen.rejected - found.unspoken - done.new - done.changed,
            rejected=seen.rejected,
            flaws=tuple(sorted(seen.flaws, key=lambda flaw: flaw.line)),
            flawed=seen.flawed,
        )

    def _fill(self, staged: Stage, sheet: Sheet, seen: _Seen) -> None:
        with staged.filling(sheet.names) as filling:
            for good in self._read(sheet):
                filling.write(good)
                rejected = len({flaw.line for flaw in good.flaws})
                seen.rows += len(good.lines) + rejected
                seen.note(good.flaws, rejected)

    def _read(self, sheet: Sheet) -> Iterator[Rows]:
        reader = Reader(sheet.entity, sheet.names, self.zone)
        for raw in sheet.batches():
            yield reader.read(raw)
            self.progress(sheet.place, raw.done, sheet.size)


def together(entity: Entity, parts: Iterable[Taken]) -> Taken:
    """The outcome of several sheets that were one list."""
    given = tuple(parts)
    counts = {name: sum(getattr(part, name) for part in given) for name in _COUNTS}
    flaws = sorted((flaw for part in given for flaw in part.flaws), key=lambda flaw: flaw.line)
    return Taken(entity.name, "rows", flaws=tuple(flaws), **counts)


_COUNTS = ("rows", "new", "changed", "unchanged", "rejected", "flawed")

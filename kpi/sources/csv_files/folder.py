"""A folder of files, one for each kind of thing it has something to say of."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz import fuzz, process

from kpi.errors import KpiError
from kpi.ports import Sheet
from kpi.records.catalog import BY_NAME, ENTITIES
from kpi.records.entity import Entity
from kpi.records.reading import visible
from kpi.sources.csv_files.csv_sheet import open_csv
from kpi.sources.csv_files.parquet_sheet import open_parquet

_OPENED: Mapping[str, Callable[[Path, Entity], Sheet]] = {".csv": open_csv, ".parquet": open_parquet}
_TABLES = (*_OPENED, ".tsv", ".txt", ".xls", ".xlsx", ".ods", ".gz", ".zip")


@dataclass(frozen=True, slots=True)
class Other:
    """A file that looks like rows and was not taken; `nearest` is the name it may have been meant to have."""

    name: str
    nearest: str | None


@dataclass(frozen=True, slots=True)
class Folder:
    """Implements `kpi.ports.Source` over the files of a folder: owners.csv or owners.parquet, accounts.csv …"""

    path: Path

    def sheets(self) -> Sequence[Sheet]:
        """The files there are, in the order they refer to one another; KpiError when there is none."""
        names = self._names()
        found = [sheet for entity in ENTITIES if (sheet := self._sheet(entity, names)) is not None]
        if not found:
            raise KpiError(
                f"{visible(str(self.path))} holds none of the files of an import, such as accounts.csv; "
                "`kpibot import --template DIR` writes one of each to begin with."
            )
        return found

    def others(self) -> Sequence[Other]:
        """Files that look like rows and are none of the import's."""
        taken = {f"{name}{ending}" for name in BY_NAME for ending in _OPENED}
        strange = sorted(name for name in self._names() - taken if name.lower().endswith(_TABLES))
        others = [Other(visible(name), _nearest(name)) for name in strange]
        return [other for other in others if other.nearest or other.name.lower().endswith(tuple(_OPENED))]

    def _sheet(self, entity: Entity, names: set[str]) -> Sheet | None:
        found = [ending for ending in _OPENED if f"{entity.name}{ending}" in names]
        if len(found) > 1:
            both = " and ".join(f"{entity.name}{ending}" for ending in found)
            raise KpiError(f"{visible(str(self.path))} holds {both}; keep one of them.")
        return _OPENED[found[0]](self.path / f"{entity.name}{found[0]}", entity) if found else None

    def _names(self) -> set[str]:
        try:
            return {path.name for path in self.path.iterdir()}
        except FileNotFoundError:
            what = "does not exist; make it with `kpibot import --template DIR`"
        except NotADirectoryError:
            what = "is a file; name the folder it is in"
        except OSError as fault:
            what = f"cannot be read ({fault.strerror})"
        raise KpiError(f"{visible(str(self.path))} {what}.")


def _nearest(name: str) -> str | None:
    stem = name.partition(".")[0].lower()
    close = process.extractOne(stem, list(BY_NAME), scorer=fuzz.ratio, score_cutoff=65)
    return f"{close[0]}.csv" if close else None

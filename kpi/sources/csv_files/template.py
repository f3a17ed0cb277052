"""Files to begin with: every column named, and one example row each that a person replaces."""

import csv
from collections.abc import Sequence
from pathlib import Path

from kpi.errors import KpiError
from kpi.records.catalog import ENTITIES
from kpi.records.entity import Entity
from kpi.records.reading import visible


def write_template(folder: Path) -> Sequence[Path]:
    """Write one file for every entity, making the folder; KpiError, and nothing written, when one is there already."""
    files = {folder / f"{entity.name}.csv": entity for entity in ENTITIES}
    there = [same.name for path in files for same in (path, path.with_suffix(".parquet")) if same.exists()]
    if there:
        raise KpiError(f"{visible(str(folder))} holds {', '.join(there)} already; name another folder.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path, entity in files.items():
            _write(path, entity)
    except OSError as fault:
        raise KpiError(f"{visible(str(folder))} cannot be written ({fault.strerror}); name another folder.") from fault
    return list(files)


def _write(path: Path, entity: Entity) -> None:
    with path.open("x", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows((entity.names, [column.example for column in entity.columns]))

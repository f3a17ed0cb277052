"""A Parquet file as a sheet: its columns turned into the texts a CSV file would hold."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from kpi.records.entity import Entity
from kpi.records.rows import Flaw, Rows
from kpi.sources.csv_files.file_sheet import FileSheet
from kpi.sources.csv_files.header import faults_of, plain
from kpi.sources.csv_files.scan import CHANGED, scan_bytes, stamp_of, unreadable

_ROWS = 5_000
_BROKEN = Flaw(0, "", "this is no Parquet file, or a damaged one; write it again")


@dataclass(frozen=True)
class ParquetSheet(FileSheet):
    """Rows in a Parquet file; the first of them is line 1."""

    def batches(self) -> Iterator[Rows]:
        """The rows, some thousands at a time; memory is that of one row group of the file."""
        import pyarrow as pa  # type: ignore[import-untyped]  # it comes without types

        try:
            with self.path.open("rb") as file:
                yield from self._batches(file)
                if stamp_of(file.fileno()) != self.scan.stamp:
                    yield self._no_rows(CHANGED)
        except (pa.ArrowException, ValueError):
            yield self._no_rows(_BROKEN)
        except OSError as fault:  # what is broken within is an OSError too, and has no number
            yield self._no_rows(unreadable(fault) if fault.errno else _BROKEN)

    def _batches(self, file: BinaryIO) -> Iterator[Rows]:
        from pyarrow.parquet import ParquetFile  # type: ignore[import-untyped]  # it comes without types

        with ParquetFile(file) as parquet:
            line, in_all = 1, max(parquet.metadata.num_rows, 1)
            for batch in parquet.iter_batches(_ROWS):
                lines = range(line, line + batch.num_rows)
                line = lines.stop
                yield Rows(lines, [_texts(column) for column in batch.columns], done=self.size * (line - 1) // in_all)


def open_parquet(path: Path, entity: Entity) -> ParquetSheet:
    """A file as it is now, faults and all."""
    import pyarrow as pa
    from pyarrow.parquet import read_schema

    scan = scan_bytes(path)
    if scan.flaw:
        return ParquetSheet(entity, path, scan, flaws=[scan.flaw])
    try:
        schema = read_schema(path)
    except (pa.ArrowException, ValueError, OSError):
        return ParquetSheet(entity, path, scan, flaws=[_BROKEN])
    names = [plain(name) for name in schema.names]
    nested = [
        Flaw(0, name, f"a column of {kind} cannot be taken; write it as text")
        for name, kind in zip(names, schema.types, strict=True)
        if pa.types.is_nested(kind)
    ]
    return ParquetSheet(entity, path, scan, names, [*faults_of(names, 0, entity), *nested])


def _texts(column: Any) -> list[str]:
    """An Arrow array as texts, "" where it holds nothing."""
    import pyarrow as pa
    from pyarrow import compute

    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_timestamp(column.type):
        column = _instants(column)
    texts: list[str] = compute.fill_null(column.cast(pa.string()), "").to_pylist()
    return texts


def _instants(column: Any) -> Any:
    """Timestamps as text, with whole seconds where all are whole, and in UTC where they are instants."""
    import pyarrow as pa
    from pyarrow import compute

    zone = "UTC" if column.type.tz else None
    column = column.cast(pa.timestamp("us", zone), safe=False)
    with suppress(pa.ArrowInvalid):
        column = column.cast(pa.timestamp("s", zone))
    return compute.replace_substring(column.cast(pa.string()), " ", "T", max_replacements=1)

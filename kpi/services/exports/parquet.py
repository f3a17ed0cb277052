"""From CSV to Parquet, some megabytes at a time."""

from pathlib import Path
from typing import Any

from kpi.records.entity import Entity

_BLOCK_BYTES = 8_000_000


def rewrite(source: Path, target: Path, entity: Entity) -> None:
    """Write an entity's CSV file as Parquet with proper types, and remove it. Amounts are decimals, times UTC."""
    import pyarrow as pa  # type: ignore[import-untyped]  # it comes without types
    from pyarrow import csv, parquet

    schema = pa.schema([(column.name, _types()[column.kind.sql]) for column in entity.columns])
    reading = csv.ReadOptions(block_size=_BLOCK_BYTES, use_threads=False)
    parsing = csv.ParseOptions(newlines_in_values=True)
    values = csv.ConvertOptions(
        column_types=schema,
        null_values=[""],
        true_values=["yes"],
        false_values=["no"],
        strings_can_be_null=True,
        quoted_strings_can_be_null=False,
    )
    rows = csv.open_csv(source, read_options=reading, parse_options=parsing, convert_options=values)
    with rows, parquet.ParquetWriter(target, schema, compression="zstd") as writer:
        for batch in rows:
            writer.write_batch(batch)
    source.unlink()


def _types() -> dict[str, Any]:
    import pyarrow as pa

    return {
        "text": pa.string(),
        "date": pa.date32(),
        "timestamptz": pa.timestamp("us", tz="UTC"),
        "numeric": pa.decimal128(23, 4),
        "double precision": pa.float64(),
        "boolean": pa.bool_(),
        "bigint": pa.int64(),
    }

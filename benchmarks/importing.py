"""`kpibot import` of the sample portfolio, next to PostgreSQL's own COPY of the same files into bare tables."""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.commands import kpibot
from benchmarks.history import EVENTS
from benchmarks.places import new_folder
from benchmarks.report import Report
from bot import embedded
from kpi.records.catalog import ENTITIES
from kpi.records.entity import Entity

_CHUNK = 1 << 20


def measure() -> Report:
    """The sample is made, imported into an empty database as shipped, and copied into bare tables beside it."""
    with new_folder() as folder:
        sample = folder / "sample"
        kpibot("sample", str(sample), "--events", str(EVENTS), folder=folder)
        with embedded.running(folder / "data") as url:
            ours = kpibot("import", str(sample), folder=folder)
            copied = _copy_all(url.replace("+psycopg", ""), sample)
    rows = sum(file["new"] for file in ours["files"])
    return _report(rows, ours, copied)


def _copy_all(url: str, sample: Path) -> float:
    """Seconds of COPY alone, all files one after the other."""
    with psycopg.connect(url, autocommit=True) as connection:
        return sum(_copy(connection, entity, sample / f"{entity.name}.csv") for entity in ENTITIES)


def _copy(connection: "psycopg.Connection[tuple[object, ...]]", entity: Entity, file: Path) -> float:
    with file.open("rb") as source:
        header = source.readline().decode().strip().split(",")
        columns = ", ".join(f'"{name}" {entity.column(name).kind.sql}' for name in header)
        connection.execute(f"CREATE TABLE bare_{entity.name} ({columns})".encode())
        began = time.perf_counter()
        with connection.cursor().copy(f"COPY bare_{entity.name} FROM STDIN (FORMAT csv)".encode()) as copy:
            while chunk := source.read(_CHUNK):
                copy.write(chunk)
        return time.perf_counter() - began


def _report(rows: int, ours: Mapping[str, Any], copied: float) -> Report:
    seconds, peak_mb = ours["seconds"], ours["peak_mb"]
    table = [
        ("COPY into bare tables", f"{copied:.1f} s", f"{rows / copied:,.0f}", "1.00", ""),
        ("kpibot import", f"{seconds:.1f} s", f"{rows / seconds:,.0f}", f"{copied / seconds:.2f}", f"{peak_mb:.0f} MB"),
    ]
    figures = {
        "rows": rows,
        "import_s": round(seconds, 2),
        "copy_s": round(copied, 2),
        "ratio": round(copied / seconds, 3),
        "peak_mb": round(peak_mb, 1),
    }
    return Report(f"Import of {rows:,} rows", ("", "time", "rows/s", "ratio", "peak memory"), table, figures)

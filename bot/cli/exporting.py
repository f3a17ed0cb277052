"""Facts out into files."""

from collections.abc import Sequence
from pathlib import Path
from time import monotonic
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.cli.importing import watched
from bot.cli.session import console, opened_store, print_json, read_settings
from kpi.services.exports import Exports, Format, Manner, Written


def register(cli: typer.Typer) -> None:
    """export."""
    cli.command()(export)


def export(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="The folder to write to; made where it is missing.")],
    format: Annotated[Format, typer.Option(help="What the files are.")] = Format.CSV,
    force: Annotated[bool, typer.Option("--force", help="Replace the files of an earlier export.")] = False,
    for_spreadsheets: Annotated[
        bool,
        typer.Option(
            "--for-spreadsheets",
            help="CSV for reading in a spreadsheet: an apostrophe before what it would run as a formula. "
            "Such a folder is not for importing again.",
        ),
    ] = False,
    values: Annotated[
        bool, typer.Option("--values", help="Published values with their revisions instead of the facts.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
) -> None:
    """Write all facts as files that `kpibot import` takes: one of each kind, as they stand at this moment.

    Interactions that were taken back and questions that never reached anybody are not among them. Texts are as they
    were written: open such files in a spreadsheet only with --for-spreadsheets.

    With --values it is one file, kpi_values, for reading elsewhere and not for importing.
    """
    if for_spreadsheets and format is not Format.CSV:
        raise typer.BadParameter("a spreadsheet opens CSV; leave --format out", param_hint="--for-spreadsheets")
    manner = Manner(format, replace=force, for_spreadsheets=for_spreadsheets)
    with opened_store(read_settings()) as store, watched(Console(stderr=True), monotonic) as told:
        exports = Exports(store)
        written = (exports.write_values if values else exports.write)(directory, manner, told)
    if json:
        files = [{name: getattr(file, name) for name in ("entity", "file", "rows", "bytes")} for file in written]
        print_json({"folder": str(directory), "format": format, "files": files})
    else:
        console.print(_table(written))


def _table(written: Sequence[Written]) -> Table:
    table = Table("File", "Rows", "Bytes", box=None)
    for name in ("Rows", "Bytes"):
        next(column for column in table.columns if column.header == name).justify = "right"
    for file in written:
        table.add_row(file.file, f"{file.rows:,}", f"{file.bytes:,}")
    return table

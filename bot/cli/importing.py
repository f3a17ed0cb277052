"""Facts in from files."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Annotated

import typer
from rich import progress
from rich.console import Console
from rich.text import Text

from bot.cli.import_report import Report
from bot.cli.session import console, opened_store, print_json, read_settings
from bot.clock import utc_now
from bot.services import build_intake
from kpi.records.reading import visible
from kpi.services.intake import Mode, Progress
from kpi.sources.csv_files import Folder, write_template


def register(cli: typer.Typer) -> None:
    """import."""
    cli.command(name="import")(take)


def take(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of the files.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen, and write nothing.")] = False,
    keep_good: Annotated[
        bool, typer.Option("--keep-good", help="Write the good rows of a file that also has bad ones.")
    ] = False,
    template: Annotated[
        bool, typer.Option("--template", help="Write one file of each kind to begin with, instead of importing.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
) -> None:
    """Import owners.csv, accounts.csv and the others of docs/import.md, any of them, from a folder.

    Rows are known by their keys: importing again changes nothing, and an import that was cut short goes on where it
    was. A file with a fault is not written at all unless --keep-good. Exit status 0 when all was written, or a dry run
    found nothing wrong; 1 when a file or a row was refused, also with --keep-good; 2 for wrong usage.
    """
    if template:
        if dry_run or keep_good:
            raise typer.BadParameter("it imports nothing; leave the other options out", param_hint="--template")
        _begin(directory, json=json)
        return
    report = _import(Folder(directory), Mode(dry_run, keep_good))
    if json:
        print_json(report.document())
    else:
        report.show(console)
    if not report.is_sound:
        raise typer.Exit(1)


def _begin(directory: Path, *, json: bool) -> None:
    written = write_template(directory)
    if json:
        print_json({"files": [path.name for path in written]})
        return
    place = visible(str(directory))
    sentence = (
        f"Wrote {len(written)} files to {place}, each with an example row. Replace the rows with your own, delete the "
        f"files you have nothing for, and run `kpibot import {place} --dry-run`."
    )
    console.print(Text(sentence), soft_wrap=True)


def _import(folder: Folder, mode: Mode) -> Report:
    began = monotonic()
    sheets = folder.sheets()
    settings = read_settings()
    with opened_store(settings) as store, watched(Console(stderr=True), monotonic) as told:
        files = build_intake(settings, store, utc_now).take(sheets, mode, told)
    return Report(files, mode, folder.others(), monotonic() - began)


@contextmanager
def watched(screen: Console, seconds: Callable[[], float]) -> Iterator[Progress]:
    """A bar on a terminal, once it has taken longer than a second; nothing elsewhere."""
    if not screen.is_terminal:
        yield lambda _place, _done, _size: None
        return
    columns = (progress.TextColumn("{task.description}"), progress.BarColumn(), progress.TaskProgressColumn())
    bar = progress.Progress(*columns, progress.TimeElapsedColumn(), console=screen, transient=True)
    task, began = bar.add_task(""), seconds()

    def told(place: str, done: int, size: int) -> None:
        bar.update(task, description=place if done < size else f"{place}: writing", completed=done, total=size)
        if seconds() - began > 1:
            bar.start()

    try:
        yield told
    finally:
        bar.stop()

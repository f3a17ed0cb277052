"""Making anew what follows from the rows."""

from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from bot.cli.session import console, opened_store, print_json, read_settings
from bot.services import build_rebuilding
from kpi.records.reading import visible


def register(cli: typer.Typer) -> None:
    """rebuild."""
    cli.command()(rebuild)


def rebuild(
    json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
) -> None:
    """Count each account's days and pack long facts anew from their rows; list what differed and is put right."""
    settings = read_settings()
    with opened_store(settings) as store:
        found = build_rebuilding(settings, store).run()
    if json:
        print_json({"differences": [difference.document() for difference in found]})
        return
    if not found:
        console.print("Nothing differs: what is kept is what the rows say.")
        return
    table = Table("What", "Day", "Account", "Was", "Is", box=None)
    for each in found:
        counts = ("" if count is None else f"{count}" for count in (each.stored, each.counted))
        table.add_row(each.what, f"{each.day}", Text(visible(each.account or "")), *counts)
    console.print(table)
    console.print(f"{len(found)} differences, all put right.", soft_wrap=True)

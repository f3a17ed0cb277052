"""The programmes rehearsed on the past, on the command line."""

from typing import Annotated

import typer

from bot.blocks import rehearsed
from bot.blocks.rehearsed_view import rehearsed_view
from bot.cli.session import console, misused, opened_store, print_json, read_settings
from bot.clock import utc_now
from bot.services import build_reader, build_rehearsal


def simulate(
    days: Annotated[int, typer.Option(help="So many days up to now.")] = 90,
    by: Annotated[str, typer.Option(metavar="|".join(rehearsed.BY), help="A line for each of them.")] = "account",
    seed: Annotated[int, typer.Option(help="Draws differ by it; the same draws the same.")] = 1,
    json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
) -> None:
    """Tell whom the rules in surveys.yaml would have asked, and what each rule would have held back.

    Past interactions are decided anew by the rules of today. Nothing is asked and nothing is stored.
    """
    if by not in rehearsed.BY:
        misused(f"--by takes {', '.join(rehearsed.BY[:-1])} or {rehearsed.BY[-1]}.")
    settings = read_settings()
    with opened_store(settings) as store:
        found = build_rehearsal(settings, store, utc_now).run(days, seed)
    if json:
        print_json(rehearsed.document(found))
        return
    console.print(rehearsed_view(found, by, build_reader(settings)))

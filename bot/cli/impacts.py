"""What a change came to, on the command line."""

from typing import Annotated

import typer

from bot.blocks.impact_view import impact_view, markers_view
from bot.cli.session import console, opened_store, print_json, read_settings
from bot.clock import utc_now
from bot.services import build_impacts, build_reader
from bot.settings import Settings
from kpi.services.impact_checks import Marker
from kpi.services.impacts import ImpactWish
from kpi.store.store import Store

impact = typer.Typer(no_args_is_help=True, help="Changes that are looked at: one month and three months after.")


def register(cli: typer.Typer) -> None:
    """impact list."""
    cli.add_typer(impact, name="impact")


@impact.callback()
def _changes() -> None:
    """Keeps `list` a command of its own."""


def show_impact(settings: Settings, store: Store, wish: ImpactWish, json: bool) -> None:
    """Compare, keep the change as a marker, and print what is known now."""
    found = build_impacts(settings, store, utc_now).check(wish, "command line")
    if json:
        print_json(found.document())
    else:
        console.print(impact_view(found, build_reader(settings)))


@impact.command(name="list")
def show(
    json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
) -> None:
    """List the changes, what came of them, and when the windows that are still open close."""
    settings = read_settings()
    with opened_store(settings) as store:
        found = build_impacts(settings, store, utc_now).listed()
    if json:
        print_json([_document(marker) for marker in found])
        return
    none = "No change is looked at; `kpibot kpi --impact WHAT DATE` begins."
    console.print(markers_view(found, build_reader(settings)) if found else none)


def _document(marker: Marker) -> dict[str, object]:
    """A marker as JSON: the check's own document with what is kept so far."""
    kept = {"state": marker.state, "keys": marker.impact.keys}
    return {**kept, "created_by": marker.created_by, "recorded_at": marker.recorded_at, **marker.impact.document()}

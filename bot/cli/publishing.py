"""Values of closed periods: publishing them now, and what was published."""

from json import loads
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from bot.cli.session import console, opened_store, print_json, read_settings
from bot.clock import utc_now
from bot.services import build_publishing
from kpi.errors import KpiError
from kpi.periods import local_day, spoken
from kpi.policy import WorkspacePolicy
from kpi.records.reading import visible
from kpi.services.publishing.figures import amount
from kpi.store.store import Record

values = typer.Typer(no_args_is_help=True, help="Published values and their revisions.")
_TOLD = (
    *("kpi_key", "period_key", "definition_version", "revision", "as_of", "published_at", "value", "numerator"),
    *("denominator", "n", "accounts", "low", "high", "status", "reason", "variant", "target", "revision_reason"),
)

Json = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]


def register(cli: typer.Typer) -> None:
    """publish; values list."""
    cli.command()(publish)
    cli.add_typer(values, name="values")


def publish(json: Json = False) -> None:
    """Publish the periods that are over, and revise published values that late facts have changed.

    The bot does so every night; run again, it changes nothing more. Exit status 1 when a KPI could not be published.
    """
    settings = read_settings()
    with opened_store(settings) as store, Console(stderr=True).status("Computing"):
        done = build_publishing(settings, store, utc_now).run()
    if json:
        print_json({"published": [_document(row) for row in done.rows], "problems": done.problems})
    else:
        for row in done.rows:
            console.print(Text(visible(_line(row, settings.policy.workspace.currency))), soft_wrap=True)
        if not (done.rows or done.problems):
            console.print("Everything is published and as it was.")
    if done.problems:
        raise KpiError("\n".join(done.problems))


@values.command(name="list")
def show(
    kpi: Annotated[str | None, typer.Option(help="Only this KPI, by any of its names.")] = None,
    json: Json = False,
) -> None:
    """List what was published, with its revisions."""
    settings = read_settings()
    with opened_store(settings) as store:
        found = build_publishing(settings, store, utc_now).listed(kpi)
    if json:
        print_json([_document(row) for row in found])
        return
    for row in found:
        console.print(Text(visible(_listed(row, settings.policy.workspace))), soft_wrap=True)
    if not found:
        console.print("Nothing has been published yet; `kpibot publish` does it now.")


def _line(row: Record, currency: str) -> str:
    """`csat 2026-09: 82.4 %, n 34`; of a revision what changed and why."""
    named = f"{row['kpi_key']} {row['period_key']}"
    if row["revision"]:
        return f"{named}, revision {row['revision']}: {row['revision_reason']}"
    return f"{named}: {amount(loads(row['document']), currency)}, n {row['n']:,}"


def _listed(row: Record, workspace: WorkspacePolicy) -> str:
    """A value with its day; below it its revisions."""
    on = f"on {spoken(local_day(row['published_at'], workspace.timezone))}"
    if row["revision"]:
        return f"  revision {row['revision']} {on}: {row['revision_reason']}"
    judged = f"{row['status']}, definition {row['definition_version']}"
    return f"{_line(row, workspace.currency)} ({judged}, {on})"


def _document(row: Record) -> dict[str, Any]:
    return {**{name: row[name] for name in _TOLD}, "document": loads(row["document"])}

"""Who asked what in Slack, on the command line."""

from datetime import datetime, timedelta
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from bot.blocks.console import whose
from bot.blocks.reader import Reader
from bot.cli.session import console, opened_store, print_json, read_settings
from bot.clock import utc_now
from bot.services import build_reader
from bot.settings import Settings
from kpi.errors import KpiError
from kpi.records.reading import visible
from kpi.services.asked import MOST, listed
from kpi.store.store import Record

DAYS = 7


def register(cli: typer.Typer) -> None:
    """audit."""
    cli.command()(audit)


def audit(
    since: Annotated[
        str | None, typer.Option(metavar="DATE", help=f"From this day on; {DAYS} days by default.")
    ] = None,
    who: Annotated[str | None, typer.Option(metavar="USER", help="Only this person, by their Slack user id.")] = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
) -> None:
    """List who asked for which KPI in Slack, newest first: what was understood, and what came of it.

    Questions are kept for 400 days. What people changed is not in this list.
    """
    settings = read_settings()
    with opened_store(settings) as store:
        found = listed(store, _since(since, settings), who)
    if json:
        print_json([_document(row) for row in found])
        return
    console.print(_table(found, build_reader(settings)) if found else "Nobody asked.")
    if len(found) == MOST:
        console.print(f"These are the newest {MOST}; there are more.")


def _since(day: str | None, settings: Settings) -> datetime:
    if day is None:
        return utc_now() - timedelta(days=DAYS)
    try:
        found = datetime.fromisoformat(day)
    except ValueError:
        raise KpiError(f'--since: "{day}" is not a day; write it like 2026-10-01.') from None
    return found if found.tzinfo else found.replace(tzinfo=settings.policy.workspace.timezone)


def _table(found: list[Record], reader: Reader) -> Table:
    table = Table("When", "Who", "What", "KPI", "For", "Period", "Came of it", box=None)
    for row in found:
        scope = row["scope"]
        told = (reader.instant(row["at"]), row["name"] or row["slack_user_id"], _what(row), row["kpi_key"] or "")
        about = (whose(scope) or "all") if scope else ""
        table.add_row(*(Text(visible(cell)) for cell in (*told, about, row["period"] or "", _end(row))))
    return table


def _what(row: Record) -> str:
    to = f" to {row['shared_to']}" if row["shared_to"] else ""
    return f"{row['verb'] or ''}{to}"


def _end(row: Record) -> str:
    return f"{row['outcome']} ({row['reason']})" if row["reason"] else str(row["outcome"])


def _document(row: Record) -> dict[str, Any]:
    scope = {"kind": row["scope"].kind, "name": row["scope"].name} if row["scope"] else None
    who = {"at": row["at"], "user": row["slack_user_id"], "name": row["name"]}
    what = {"verb": row["verb"], "kpi": row["kpi_key"], "scope": scope, "period": row["period"]}
    return {**who, **what, "shared_to": row["shared_to"], "outcome": row["outcome"], "reason": row["reason"]}

"""Asking for KPIs on the command line."""

from datetime import datetime
from typing import Annotated

import typer

from bot.app import build_reader, build_reports
from bot.blocks.console import list_view, value_view
from bot.cli.session import console, opened_store, print_json, read_settings
from bot.clock import utc_now
from kpi.errors import KpiError
from kpi.metrics.document import to_json
from kpi.model import Scope
from kpi.services.questions import Question


def register(cli: typer.Typer) -> None:
    """kpi, kpis."""
    cli.command()(kpi)


def kpi(
    key: Annotated[str, typer.Argument(help="A KPI by key or any of its names; `list` shows them.")],
    period: Annotated[str | None, typer.Option(help="2026-09, 2026-Q3, last quarter, last 90 days …")] = None,
    account: Annotated[str | None, typer.Option(help="Only this account.")] = None,
    segment: Annotated[str | None, typer.Option(help="Only accounts of this segment.")] = None,
    owner: Annotated[str | None, typer.Option(help="Only this owner's accounts.")] = None,
    as_of: Annotated[str | None, typer.Option(help="What was known at this instant: 2026-10-01T09:00+02:00.")] = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
) -> None:
    """Answer one KPI."""
    settings = read_settings()
    question = Question(key, period, _scope(account, segment, owner), _instant(as_of))
    with opened_store(settings) as store:
        reports = build_reports(settings, store, utc_now)
        if key == "list":
            console.print(list_view(reports.listed()))
            return
        value = reports.answer(question)
    if json:
        print_json(to_json(value))
    else:
        console.print(value_view(value, build_reader(settings)))


def _scope(account: str | None, segment: str | None, owner: str | None) -> Scope | None:
    given = [
        Scope(kind, name)
        for kind, name in (("account", account), ("segment", segment), ("owner", owner))
        if name is not None
    ]
    if len(given) > 1:
        raise typer.BadParameter("give one of --account, --segment and --owner")
    return given[0] if given else None


def _instant(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise KpiError(f'--as-of: "{text}" is not an instant; write it like 2026-10-01T09:00+02:00.') from None
    if found.tzinfo is None:
        raise KpiError(f'--as-of: "{text}" lacks its offset from UTC; write it like 2026-10-01T09:00+02:00.')
    return found

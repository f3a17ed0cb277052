"""How asking went, on the command line."""

from typing import Annotated

import typer

from bot.blocks.surveys_view import surveys_view
from bot.cli.session import console, misused, one_scope, opened_store, print_json, read_settings
from bot.clock import utc_now
from bot.services import build_reader, build_reports
from kpi.services.questions import Question
from kpi.services.surveys.coverage import BY, coverage


def report(
    period: Annotated[str | None, typer.Option(help="2026-09, last quarter …; the last 90 days by default.")] = None,
    by: Annotated[str, typer.Option(metavar="|".join(BY), help="A line for each of them.")] = "account",
    account: Annotated[str | None, typer.Option(help="Only this account.")] = None,
    segment: Annotated[str | None, typer.Option(help="Only accounts of this segment.")] = None,
    owner: Annotated[str | None, typer.Option(help="Only what was sent for this owner.")] = None,
    bounds: Annotated[bool, typer.Option("--bounds", help="Also what the scores would be with the silent.")] = False,
    json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
) -> None:
    """Tell what became of the questions of a period, how many were answered, and who keeps silent.

    The rate is that of the questions posted in the period that are over: answered, declined or run out. Fewer than
    five give none.
    """
    if by not in BY:
        misused(f"--by takes {', '.join(BY[:-1])} or {BY[-1]}.")
    settings = read_settings()
    question = Question("", period, one_scope(account, segment, owner), forgiving=True)
    with opened_store(settings) as store:
        found = coverage(build_reports(settings, store, utc_now), question, by, bounded=bounds)
    if json:
        print_json(found.document())
        return
    console.print(surveys_view(found, build_reader(settings)))

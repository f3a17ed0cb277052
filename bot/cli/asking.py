"""Asking for KPIs on the command line."""

from typing import Annotated

import typer

from bot.cli.answering import Answered, show, show_list
from bot.cli.asked import Options, inquiries, refuse
from bot.cli.impacts import show_impact
from bot.cli.session import one_scope, opened_store, read_settings
from bot.clock import utc_now
from bot.services import build_publishing, build_reports
from kpi.services.breakdowns import KINDS
from kpi.services.impacts import ImpactWish
from kpi.services.inquiries import answer

Keys = Annotated[
    list[str] | None,
    typer.Argument(metavar="KEY…", help="KPIs by key or any of their names; `list` shows them.", show_default=False),
]


def register(cli: typer.Typer) -> None:
    """kpi."""
    cli.command()(kpi)


def kpi(
    keys: Keys = None,
    period: Annotated[str | None, typer.Option(help="2026-09, 2026-Q3, FY2026, last quarter, last 90 days …")] = None,
    account: Annotated[str | None, typer.Option(help="Only this account.")] = None,
    segment: Annotated[str | None, typer.Option(help="Only accounts of this segment.")] = None,
    owner: Annotated[str | None, typer.Option(help="Only this owner's accounts.")] = None,
    by: Annotated[
        str | None, typer.Option(metavar="|".join(KINDS), help="One value for each of them, worst first.")
    ] = None,
    trend: Annotated[
        int | None, typer.Option(metavar="N", help="The period and the N-1 before it; the last N months by default.")
    ] = None,
    variant: Annotated[str | None, typer.Option(help="Another way to measure a KPI that has several.")] = None,
    as_of: Annotated[str | None, typer.Option(help="What was known at this instant: 2026-10-01T09:00+02:00.")] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Also what stands behind the value.")] = False,
    impact: Annotated[
        tuple[str, str] | None, typer.Option(metavar="WHAT DATE", help="What a change came to; KEY may be left out.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
) -> None:
    """Answer one KPI with its evidence, or several with a line each.

    An account, segment or owner may be named by its key, the beginning of its name or a word of it; a name with a slip
    is taken for the one clearly nearest, and the answer says so.
    """
    options = Options(
        keys or [], period, one_scope(account, segment, owner), by, trend, variant, as_of, explain, impact
    )
    refuse(options)
    settings = read_settings()
    with opened_store(settings) as store:
        if impact is not None:
            show_impact(settings, store, ImpactWish(*impact, tuple(options.keys), options.scope), json)
            return
        reports = build_reports(settings, store, utc_now)
        if options.keys == ["list"]:
            show_list(reports, json=json)
            return
        found = [Answered(each, answer(reports, each)) for each in inquiries(options)]
        show(settings, found, build_publishing(settings, store, utc_now).note, json=json)

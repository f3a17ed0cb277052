"""What the workspace aims for, on the command line."""

from datetime import date
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from bot.blocks import aims
from bot.blocks.console import whose
from bot.blocks.reader import Reader
from bot.cli.session import console, one_scope, opened_store, print_json, read_settings
from bot.clock import utc_now
from bot.services import build_reader, build_targets
from kpi.errors import KpiError
from kpi.records.reading import visible
from kpi.services.targets import Aim, TargetWish

target = typer.Typer(no_args_is_help=True, help="What is aimed for with a KPI, and from which day on.")
_BY = "command line"

Key = Annotated[str, typer.Argument(metavar="KEY", help="A KPI by key or any of its names.")]
Account = Annotated[str | None, typer.Option(help="Only for this account.")]
Segment = Annotated[str | None, typer.Option(help="Only for this segment.")]
Owner = Annotated[str | None, typer.Option(help="Only for this owner's accounts.")]
Since = Annotated[str | None, typer.Option("--from", metavar="DATE", help="From this day on; today by default.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]


def register(cli: typer.Typer) -> None:
    """target set, list, remove."""
    cli.add_typer(target, name="target")


# A target may be negative: without this, -10 would be taken for an option.
@target.command(name="set", context_settings={"ignore_unknown_options": True})
def put(
    key: Key,
    value: Annotated[float, typer.Argument(metavar="VALUE", help="In the KPI's unit; money in major units.")],
    account: Account = None,
    segment: Segment = None,
    owner: Owner = None,
    since: Since = None,
) -> None:
    """Aim for a value. A period is judged by the target in force on its last day.

    Without an account, segment or owner it is the workspace's, and counts wherever nothing else was said.
    """
    settings = read_settings()
    wish = TargetWish(key, value, one_scope(account, segment, owner), _day(since))
    with opened_store(settings) as store:
        aim = build_targets(settings, store, utc_now).set(wish, _BY)
    _say(aim, build_reader(settings))


@target.command()
def remove(
    key: Key, account: Account = None, segment: Segment = None, owner: Owner = None, since: Since = None
) -> None:
    """Aim for nothing from a day on; earlier periods keep their target."""
    settings = read_settings()
    wish = TargetWish(key, None, one_scope(account, segment, owner), _day(since))
    with opened_store(settings) as store:
        aim = build_targets(settings, store, utc_now).end(wish, _BY)
    _say(aim, build_reader(settings))


@target.command(name="list")
def show(json: Json = False) -> None:
    """List what is aimed for and was aimed for, by KPI, scope and first day."""
    settings = read_settings()
    with opened_store(settings) as store:
        found = build_targets(settings, store, utc_now).listed()
    if json:
        print_json([_document(aim) for aim in found])
        return
    console.print(_table(found, build_reader(settings)) if found else "There are no targets.")


def _table(found: list[Aim], reader: Reader) -> Table:
    table = Table(*aims.COLUMNS, box=None)
    for aim in found:
        table.add_row(*(Text(visible(cell)) for cell in aims.cells(aim, aim.kpi.key, reader)))
    return table


def _say(aim: Aim, reader: Reader) -> None:
    where = f" for {whose(aim.scope)}" if aim.scope.name else ""
    since = reader.day(aim.valid_from) if aim.valid_from else ""
    said = f"Target of {aim.kpi.key}{where}: {aims.aimed(aim, reader)} from {since} on."
    console.print(Text(visible(f"{said} Periods that end before keep theirs.")), soft_wrap=True)


def _document(aim: Aim) -> dict[str, Any]:
    scope = {"kind": aim.scope.kind, "name": aim.scope.name}
    dated = {"valid_from": aim.valid_from, "set_by": aim.set_by, "recorded_at": aim.recorded_at}
    return {"kpi": aim.kpi.key, "scope": scope, "value": aim.value, **dated, "in_force": aim.in_force}


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise KpiError(f'--from: "{text}" is not a day; write it like 2026-10-01.') from None

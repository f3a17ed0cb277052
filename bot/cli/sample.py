"""A believable portfolio on the command line."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from shlex import quote
from time import monotonic
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from bot.cli.session import console, print_json
from bot.clock import utc_now
from kpi.errors import Misfilled
from kpi.periods import local_day
from kpi.sources.sample import INTENDED, ZONE, Made, Plan, Wish, planned, write


def register(cli: typer.Typer) -> None:
    """sample."""
    cli.command()(sample)


def sample(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where the CSV files go; made if need be.")],
    accounts: Annotated[int | None, typer.Option(help="How many accounts; 40 unless --events says otherwise.")] = None,
    months: Annotated[int | None, typer.Option(help="How long a history; 24 unless --events says otherwise.")] = None,
    seed: Annotated[int, typer.Option(help="Another number, another portfolio.")] = 1,
    events: Annotated[
        int | None, typer.Option(help="About so many events: 10000000 = 2,000 accounts x 36 months.")
    ] = None,
    until: Annotated[
        str | None, typer.Option(help="First day after the history; this month's first by default.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace files that are there.")] = False,
    json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
) -> None:
    """Make up a believable portfolio as CSV files to import: the same arguments give the same bytes.

    It has seasons, growth, renewals, teams of different quality, and trouble that shows weeks before a notice.
    truth.csv, which is never imported, tells what was really the matter.
    """
    wish = Wish(accounts, months, events, seed)
    try:
        plan = planned(wish, _until(until))
    except Misfilled as fault:
        raise typer.BadParameter(str(fault), param_hint=f"--{fault.field}") from None
    began = monotonic()
    with _progress(plan) as advance:
        made = write(folder, plan, advance, force=force)
    if json:
        print_json(_document(made, wish))
    else:
        _show(made, wish, monotonic() - began)


def _until(text: str | None) -> date:
    if text is None:
        return local_day(utc_now(), ZONE).replace(day=1)
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Misfilled("until", f'"{text}" is not a day; write it like 2026-10-01') from None


@contextmanager
def _progress(plan: Plan) -> Iterator[Callable[[int], None]]:
    """A bar on a terminal's standard error; nothing elsewhere."""
    shown = Console(stderr=True)
    columns = (TextColumn("Making accounts"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=shown, transient=True, disable=not shown.is_terminal) as bar:
        task = bar.add_task("", total=plan.accounts)
        yield lambda done: bar.update(task, advance=done)


def _again(made: Made, wish: Wish) -> str:
    """The command that makes the same bytes whatever the day."""
    given = {"accounts": wish.accounts, "months": wish.months, "events": wish.events}
    asked = given if wish.events else {"accounts": made.plan.accounts, "months": wish.months or 24}
    options = {**asked, "seed": wish.seed, "until": made.plan.until}
    words = [f"--{name} {value}" for name, value in options.items() if value is not None]
    return " ".join(["kpibot sample", quote(str(made.folder)), *words])


def _document(made: Made, wish: Wish) -> dict[str, Any]:
    plan = made.plan
    return {
        "folder": str(made.folder),
        "accounts": plan.accounts,
        "since": plan.since,
        "until": plan.until,
        "seed": plan.seed,
        "events": made.events,
        "rows": dict(made.rows),
        "mix": {key: {"intended": intended, "measured": made.measured[key]} for key, (_, intended) in INTENDED.items()},
        "again": _again(made, wish),
    }


def _show(made: Made, wish: Wish, seconds: float) -> None:
    plan = made.plan
    history = f"{plan.accounts:,} accounts from {plan.since} up to, not including, {plan.until}"
    console.print(f"{history}: {made.events:,} events in {made.folder}, made in {seconds:.1f} s.\n", soft_wrap=True)
    files = Table("File", "Rows", box=None)
    files.columns[1].justify = "right"
    for name, count in made.rows.items():
        files.add_row(f"{name}.csv", f"{count:,}")
    mix = Table("Mix", "Intended", "Here", box=None)
    mix.columns[2].justify = "right"
    for key, (words, intended) in INTENDED.items():
        found = made.measured[key]
        mix.add_row(words, intended, "–" if found is None else f"{found:.1f}")
    for shown in (files, mix):
        console.print(shown)
        console.print()
    console.print(f"The same bytes again: {_again(made, wish)}", soft_wrap=True)

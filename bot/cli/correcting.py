"""Putting right what was stored."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from bot.cli.session import console, opened_store, print_json, read_settings
from bot.clock import utc_now
from bot.services import build_corrections
from kpi.records.catalog import BY_NAME
from kpi.records.reading import visible
from kpi.services.corrections import By, Corrections, Done, Row

account = typer.Typer(no_args_is_help=True, help="Accounts that turn out to be one, or get another owner.")
owner = typer.Typer(no_args_is_help=True, help="Owners who hand over.")
contact = typer.Typer(no_args_is_help=True, help="People who change sides.")
_KINDS = ", ".join(BY_NAME)

DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what it would come to, and change nothing.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]
Entity = Annotated[str, typer.Argument(metavar="KIND", help=f"The kind of row: {_KINDS}.")]
Key = Annotated[list[str], typer.Argument(metavar="KEY=VALUE", help="What tells the row from others, as in its file.")]


def register(cli: typer.Typer) -> None:
    """account merge, assign; owner handover; contact move; delete, correct."""
    for name, group in (("account", account), ("owner", owner), ("contact", contact)):
        cli.add_typer(group, name=name)
    cli.command()(delete)
    cli.command()(correct)


@account.command()
def merge(
    old: Annotated[str, typer.Argument(metavar="OLD", help="The key of the account that ends.")],
    into: Annotated[str, typer.Argument(metavar="INTO", help="The key of the account it belongs to.")],
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Merge an account into another: everything of OLD belongs to INTO, and OLD's key means INTO from then on.

    INTO's own fields win, its channel and owner too; OLD's fill the empty ones. Contracts that begin on one day become
    one with the later end; amounts that would stand in one place both count; messages and usage of a day add up; a
    Slack user known at both is one contact, and two answers of theirs to one survey are one with its edits. What was
    answered stays with the owner of its day. Published figures stay as they were.
    """
    _do(lambda fix, by: fix.merge(old, into, by), dry_run=dry_run, json=json)


@account.command()
def assign(
    account: Annotated[str, typer.Argument(metavar="ACCOUNT", help="The account's key.")],
    owner: Annotated[str | None, typer.Option(help="The owner's key.")] = None,
    nobody: Annotated[bool, typer.Option("--nobody", help="Nobody looks after it.")] = False,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Give an account another owner from now on; what was answered so far stays with the one before.

    If the owner was wrong all along, `kpibot correct accounts` says so.
    """
    if (owner is None) != nobody:
        raise typer.BadParameter("give either --owner OWNER or --nobody", param_hint="--owner")
    _do(lambda fix, by: fix.assign(account, owner, by), dry_run=dry_run, json=json)


@owner.callback()
def _owners() -> None:
    """Keeps `handover` a command of its own: with one command alone Typer would fold it into the group."""


@owner.command()
def handover(
    gone: Annotated[str, typer.Argument(metavar="FROM", help="The key of whoever hands over.")],
    into: Annotated[str, typer.Argument(metavar="TO", help="The key of whoever takes over.")],
    people: Annotated[bool, typer.Option("--people", help="Whom they manage, too.")] = False,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Hand all accounts of an owner, the open feedback they see to and their open alerts to another.

    What was answered so far stays with FROM.
    """
    _do(lambda fix, by: fix.handover(gone, into, by, people=people), dry_run=dry_run, json=json)


@contact.callback()
def _contacts() -> None:
    """Keeps `move` a command of its own."""


@contact.command()
def move(
    contact: Annotated[str, typer.Argument(metavar="CONTACT", help="The contact's key.")],
    account: Annotated[str, typer.Argument(metavar="ACCOUNT", help="The key of the account they belong to now.")],
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Move a contact to another account: what happened stays where it happened, and they are asked there from now on.

    A question they were to be asked and were not yet is cancelled. Whoever is a contact there already, as the same
    Slack user, stays that one.
    """
    _do(lambda fix, by: fix.move(contact, account, by), dry_run=dry_run, json=json)


def delete(
    kind: Entity,
    key: Key,
    with_everything: Annotated[
        bool, typer.Option("--with-everything", help="An account, contact or survey with all that refers to it.")
    ] = False,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Delete a wrong row, as in: kpibot delete terms account=acme starts_on=2024-03-01

    A question about a deleted interaction that nobody was asked yet is cancelled; what was asked and answered stays.
    Deleting a reply deletes one version of an answer, by its key.
    """
    row = Row(kind, _pairs(key, "KEY=VALUE"))
    _do(lambda fix, by: fix.delete(row, by, everything=with_everything), dry_run=dry_run, json=json)


def correct(
    kind: Entity,
    key: Key,
    values: Annotated[
        list[str], typer.Option("--set", metavar="COLUMN=VALUE", help="What it is to say; may be given several times.")
    ],
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Correct values of a row, also of its key: kpibot correct terms account=acme starts_on=2024-03-01 --set ends_on=

    Values are read as in files; an empty one empties the cell. An account or contact that gets another key is still
    found by the former.
    """
    row, said = Row(kind, _pairs(key, "KEY=VALUE")), _pairs(values, "--set")
    _do(lambda fix, by: fix.correct(row, said, by), dry_run=dry_run, json=json)


def _do(what: Callable[[Corrections, By], Done], *, dry_run: bool, json: bool) -> None:
    settings = read_settings()
    with opened_store(settings) as store:
        done = what(build_corrections(settings, store, utc_now), By("command line", dry_run=dry_run))
    counts = {noun: count for noun, count in done.counts.items() if count}
    if json:
        print_json({"done": done.sentence, "dry_run": dry_run, "rows": counts})
        return
    console.print(Text(visible(f"Would be: {done.sentence}" if dry_run else done.sentence)), soft_wrap=True)
    if len(counts) > 1:
        console.print(_table(counts))


def _table(counts: dict[str, int]) -> Table:
    table = Table("What", "Rows", box=None)
    table.columns[1].justify = "right"
    for noun, count in counts.items():
        table.add_row(noun, f"{count:,}")
    return table


def _pairs(given: Sequence[str], hint: str) -> dict[str, Any]:
    """`name=value` words by name; a name without a value is wrong usage."""
    pairs = {}
    for word in given:
        name, equals, value = word.partition("=")
        if not equals or not name or name in pairs:
            fault = f"{name} was said before" if name in pairs else "write it as in account=acme"
            raise typer.BadParameter(f"“{word}”: {fault}", param_hint=hint)
        pairs[name] = value
    return pairs

"""Tokens of the REST interface, and messages that did not arrive."""

from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from bot.cli.session import console, opened_services, opened_store, print_json, read_settings
from bot.services import build_tokens
from kpi.records.reading import visible
from kpi.store import deliveries as rows

token = typer.Typer(no_args_is_help=True, help="Bearer tokens of the REST interface.")
_OF_TOKENS = ("name", "scopes", "created_at", "last_used_at", "revoked_at")
_TOLD = ("delivery_id", "kind", "audience", "channel_id", "state", "attempt", "error", "message_ts", "created_at")
deliveries = typer.Typer(no_args_is_help=True, help="Messages and what became of them.")


def register(cli: typer.Typer) -> None:
    """token create, list, revoke; deliveries list, resend."""
    cli.add_typer(token, name="token")
    cli.add_typer(deliveries, name="deliveries")


@token.command()
def create(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Who will use it.")],
    scope: Annotated[list[str] | None, typer.Option(help="read, write; may be given twice.")] = None,
) -> None:
    """Make a token and show it, this once."""
    with opened_store(read_settings()) as store:
        print(build_tokens(store).create(name, scope or ["write"]))  # noqa: T201 it is piped into a secret


@token.command(name="list")
def tokens(
    json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
) -> None:
    """List the tokens there were, by name: what each may do, and when it was made, last used and revoked."""
    with opened_store(read_settings()) as store:
        found = build_tokens(store).listed()
    if json:
        print_json([{key: row[key] for key in _OF_TOKENS} for row in found])
        return
    table = Table("Name", "May", "Made", "Last used", "Revoked", box=None)
    for row in found:
        days = (f"{row[at]:%Y-%m-%d}" if row[at] else "" for at in _OF_TOKENS[2:])
        table.add_row(Text(visible(row["name"])), ", ".join(row["scopes"]), *days)
    console.print(table if found else "There are no tokens.")


@token.command()
def revoke(name: Annotated[str, typer.Argument(metavar="NAME", help="The name `kpibot token list` shows.")]) -> None:
    """Take a token back, from the next request on; its name stays taken."""
    with opened_store(read_settings()) as store:
        build_tokens(store).revoke(name)
    console.print(Text(f"The token “{visible(name)}” is revoked."), soft_wrap=True)


@deliveries.command(name="list")
def show(
    state: Annotated[list[str] | None, typer.Option(help="queued, sending, sent, unknown, dead, cancelled.")] = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
) -> None:
    """List the newest messages, by default those that may not have arrived."""
    with opened_store(read_settings()) as store, store.transaction() as tx:
        found = rows.listed(tx, state or ("unknown", "dead"))
    if json:
        print_json([{key: row[key] for key in _TOLD} for row in found])
        return
    table = Table("Id", "Kind", "Channel", "State", "Queued", "Why", box=None)
    for row in found:
        told = (row["kind"], row["channel_id"], row["state"], f"{row['created_at']:%Y-%m-%d %H:%M}", row["error"] or "")
        table.add_row(str(row["delivery_id"]), *told)
    console.print(table if found else "No such messages.")


@deliveries.command()
def resend(
    delivery: Annotated[int, typer.Argument(help="The id `kpibot deliveries list` shows.")],
) -> None:
    """Send a message again that is unknown or dead; the running bot posts it."""
    with opened_services(read_settings()) as services:
        console.print(services.deliveries.resend(delivery, ""))

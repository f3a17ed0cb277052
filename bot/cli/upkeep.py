"""Tokens of the REST interface, and messages that did not arrive."""

from typing import Annotated

import typer
from rich.table import Table

from bot.app import build_tokens
from bot.cli.session import console, opened_services, opened_store, print_json, read_settings
from kpi.store import deliveries as rows

token = typer.Typer(no_args_is_help=True, help="Bearer tokens of the REST interface.")
_TOLD = ("delivery_id", "kind", "audience", "channel_id", "state", "attempt", "error", "message_ts", "created_at")
deliveries = typer.Typer(no_args_is_help=True, help="Messages and what became of them.")


def register(cli: typer.Typer) -> None:
    """token create; deliveries list, resend."""
    cli.add_typer(token, name="token")
    cli.add_typer(deliveries, name="deliveries")


@token.callback()
def _tokens() -> None:
    """Keeps `create` a command of its own: with one command alone Typer would fold it into the group."""


@token.command()
def create(
    name: Annotated[str, typer.Argument(help="Who will use it.")],
    scope: Annotated[list[str] | None, typer.Option(help="read, write; may be given twice.")] = None,
) -> None:
    """Make a token and show it, this once."""
    with opened_store(read_settings()) as store:
        print(build_tokens(store).create(name, scope or ["write"]))  # noqa: T201 it is piped into a secret


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

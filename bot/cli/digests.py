"""Digest subscriptions on the command line."""

from typing import Annotated

import typer
from rich.table import Table

from bot.blocks.digest import digest_card
from bot.cli.session import console, opened_services, print_json, read_settings
from kpi.services.digests import Wish

digest = typer.Typer(no_args_is_help=True, help="Digests posted into channels by the clock.")


def register(cli: typer.Typer) -> None:
    """digest add, list, remove, preview."""
    cli.add_typer(digest, name="digest")


@digest.command()
def add(
    channel: Annotated[str, typer.Argument(help="The channel's id, like C012AB3CD.")],
    cadence: Annotated[str, typer.Option(help="weekly, monthly, quarterly, half_yearly or yearly.")] = "weekly",
    cron: Annotated[str, typer.Option(help="When: minute hour day month weekday.")] = "0 9 * * 1",
    zone: Annotated[str | None, typer.Option(help="Time zone; the workspace's by default.")] = None,
    told: Annotated[str, typer.Option(help="Slack user id of whoever hears of failures.")] = "",
) -> None:
    """Subscribe a channel to a digest."""
    settings = read_settings()
    timezone = zone or settings.policy.workspace.timezone.key
    with opened_services(settings) as services:
        wish = Wish(channel_id=channel, cadence=cadence, cron=cron, timezone=timezone, created_by=told)
        made = services.digests.subscribe(wish)
        first = services.reader.instant(made["next_due_at"])
    console.print(f"Subscription {made['subscription_id']}: the {cadence} digest goes to {channel}, first on {first}.")


@digest.command(name="list")
def show() -> None:
    """List the subscriptions."""
    with opened_services(read_settings()) as services:
        found = services.digests.listed()
        table = Table("Id", "Channel", "Cadence", "Schedule", "Zone", "Next", box=None)
        for row in found:
            due = services.reader.instant(row["next_due_at"])
            told = (row["channel_id"], row["cadence"], row["cron"], row["timezone"], due)
            table.add_row(str(row["subscription_id"]), *told)
    console.print(table if found else "No digests are subscribed to; `kpibot digest add CHANNEL` makes one.")


@digest.command()
def remove(subscription: Annotated[int, typer.Argument(help="The id `kpibot digest list` shows.")]) -> None:
    """End a subscription."""
    with opened_services(read_settings()) as services:
        services.digests.end(subscription)
    console.print(f"Subscription {subscription} ended.")


@digest.command()
def preview(cadence: Annotated[str, typer.Argument(help="weekly, monthly …")] = "weekly") -> None:
    """Print the digest that would be posted now, as the JSON Slack would get."""
    with opened_services(read_settings()) as services:
        print_json(digest_card(services.digests.preview(cadence), reader=services.reader))

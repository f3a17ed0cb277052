"""Commands that run the bot and prepare it to run."""

import asyncio
import os
import sys
from pathlib import Path
from typing import Annotated

import typer
import yaml

from bot import logs
from bot.app import ROLES, build_process
from bot.cli.doctor import findings
from bot.cli.published import compared
from bot.cli.session import console, forget_secrets, read_settings
from bot.clock import utc_now
from bot.database import open_database
from bot.manifest import manifest as build_manifest
from kpi.errors import KpiError
from kpi.ports import Now
from kpi.store import schema


def register(cli: typer.Typer) -> None:
    """run, check, doctor, migrate, manifest."""
    for command in (run, check, doctor, migrate, manifest):
        cli.command()(command)


def run(
    only: Annotated[str, typer.Option(help="Roles of this process, comma-separated.")] = ",".join(ROLES),
    migrate: Annotated[bool, typer.Option(help="Bring the database's tables up to date first.")] = True,
) -> None:
    """Run the bot until it is told to stop."""
    serve(_roles(only), utc_now, migrate=migrate)
    _leave()


def serve(roles: tuple[str, ...], now: Now, *, migrate: bool) -> None:
    """Run these roles of the bot, by this clock, until told to stop."""
    settings = read_settings()
    settings.require_slack()
    forget_secrets()
    logs.configure(settings.environment.log_format)
    with open_database(settings) as engine:
        if migrate:
            schema.migrate(engine)
        schema.require_current(engine)
        process = build_process(settings, engine, now, roles)
        asyncio.run(process.run(lambda url: console.print(f"kpibot is listening on {url}")))


def _leave() -> None:
    """End now: the interpreter would wait for a thread that hangs, and all that must be kept is closed."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def check() -> None:
    """Check the configuration and say all that is wrong with it at once.

    Where figures were published, also that no KPI is defined otherwise under the same definition_version.
    """
    settings = read_settings()
    not_compared = compared(settings)
    workspace = settings.policy.workspace
    console.print(f"The configuration is sound: {workspace.timezone.key}, {workspace.currency}, {workspace.language}.")
    if not_compared:
        console.print(not_compared, soft_wrap=True)
    try:
        settings.require_slack()
    except KpiError as missing:
        console.print(f"Not set up yet: {missing}", soft_wrap=True)


def doctor() -> None:
    """Look at everything the bot stands on, and say what to mend."""
    sound = True
    for is_well, sentence in findings():
        sound = sound and is_well
        console.print(f"{'ok  ' if is_well else 'BAD '} {sentence}", soft_wrap=True)
    if not sound:
        raise typer.Exit(1)


def migrate() -> None:
    """Bring the database's tables to the newest version."""
    with open_database(read_settings()) as engine:
        before, after = schema.migrate(engine)
    done = "were up to date" if before == after else f"came from version {before or 'none'}"
    console.print(f"The tables are at version {after}; they {done}.")


def manifest(
    public_url: Annotated[str | None, typer.Option(help="The bot's https address; without it, Socket Mode.")] = None,
    out: Annotated[Path | None, typer.Option(help="Write here instead of printing.")] = None,
) -> None:
    """Print the manifest that creates the Slack app."""
    text = yaml.safe_dump(build_manifest(public_url), sort_keys=False, allow_unicode=True, width=120)
    if out is None:
        print(text, end="")  # noqa: T201 it is piped into a file
        return
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as fault:
        raise KpiError(f"{out} cannot be written ({fault.strerror}); name another file with --out.") from fault
    console.print(f"Wrote {out}.")


def _roles(only: str) -> tuple[str, ...]:
    asked = tuple(word.strip() for word in only.split(",") if word.strip())
    if not asked or set(asked) - set(ROLES):
        raise typer.BadParameter(f"the roles are {', '.join(ROLES)}", param_hint="--only")
    return asked

"""The kpibot command: parse, call, print."""

import asyncio
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml
from rich.console import Console
from sqlalchemy import Engine

from bot import app as composition
from bot import embedded, logs
from bot.clock import utc_now
from bot.manifest import manifest as build_manifest
from bot.settings import Settings, load
from kpi.errors import KpiError
from kpi.store import schema

cli = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False, help=__doc__)
console = Console()
SECRETS = ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET")


def main() -> None:
    """Run the command; a fault the user can mend is one line on standard error and exit status 1."""
    try:
        cli()
    except KpiError as fault:
        print(fault, file=sys.stderr)  # noqa: T201 the one line
        sys.exit(1)


@cli.command()
def run(
    only: Annotated[str, typer.Option(help="Roles of this process, comma-separated.")] = ",".join(composition.ROLES),
    migrate_first: Annotated[bool, typer.Option("--migrate/--no-migrate", help="Bring the tables up to date.")] = True,
) -> None:
    """Run the bot until it is told to stop."""
    roles = _roles(only)
    settings = _settings()
    settings.require_slack()
    logs.configure(settings.environment.log_format)
    with _engine(settings) as engine:
        if migrate_first:
            schema.migrate(engine)
        schema.require_current(engine)
        process = composition.build_process(settings, engine, utc_now, roles)
        _forget_secrets()
        asyncio.run(process.run(lambda url: console.print(f"kpibot is listening on {url}")))


@cli.command()
def check() -> None:
    """Check the configuration and say all that is wrong with it at once."""
    settings = _settings()
    workspace = settings.policy.workspace
    console.print(f"The configuration is sound: {workspace.timezone.key}, {workspace.currency}, {workspace.language}.")
    try:
        settings.require_slack()
    except KpiError as missing:
        console.print(f"Not set up yet: {missing}")


@cli.command()
def migrate() -> None:
    """Bring the database's tables to the newest version."""
    with _engine(_settings()) as engine:
        before, after = schema.migrate(engine)
    done = "were up to date" if before == after else f"went from version {before or 'none'}"
    console.print(f"The tables {done}; they are at version {after}.")


@cli.command()
def manifest(
    public_url: Annotated[str | None, typer.Option(help="The bot's https address; without it, Socket Mode.")] = None,
    out: Annotated[Path | None, typer.Option(help="Write here instead of printing.")] = None,
) -> None:
    """Print the manifest that creates the Slack app."""
    text = yaml.safe_dump(build_manifest(public_url), sort_keys=False, allow_unicode=True, width=120)
    if out is None:
        print(text, end="")  # noqa: T201 it is piped into a file
    else:
        out.write_text(text, encoding="utf-8")
        console.print(f"Wrote {out}.")


def _roles(only: str) -> tuple[str, ...]:
    asked = tuple(word.strip() for word in only.split(",") if word.strip())
    unknown = [word for word in asked if word not in composition.ROLES]
    if unknown or not asked:
        raise typer.BadParameter(f"the roles are {', '.join(composition.ROLES)}", param_hint="--only")
    return asked


def _settings() -> Settings:
    return load(os.environ)


def _forget_secrets() -> None:
    """What was read once is not left for child processes, nor for Bolt, which would start OAuth of its own."""
    for name in SECRETS:
        os.environ.pop(name, None)


@contextmanager
def _engine(settings: Settings) -> Iterator[Engine]:
    given = settings.environment.database_url
    if given is not None:
        yield from _connected(given.get_secret_value())
        return
    with embedded.running(settings.environment.data_dir) as url:
        yield from _connected(url)


def _connected(url: str) -> Iterator[Engine]:
    engine = composition.open_engine(url)
    try:
        yield engine
    finally:
        engine.dispose()


def _print_json(document: Any) -> None:
    print(json.dumps(document, ensure_ascii=False, default=str))  # noqa: T201 the one document on standard output

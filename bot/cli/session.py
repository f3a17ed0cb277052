"""What every command needs: the settings, the database, and a way to print."""

import errno
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, NoReturn

import typer
from rich.console import Console

from bot.clock import utc_now
from bot.database import open_current_database
from bot.services import Services, build_services, counted_store
from bot.settings import Settings, load
from kpi.errors import KpiError
from kpi.model import Scope
from kpi.store.store import Store

console = Console(highlight=False, markup=False)
"""Prints names as they are, brackets included."""

_SECRETS = (
    "KPIBOT_SMTP_URL",
    "SLACK_BOT_TOKEN",
    "SLACK_APP_TOKEN",
    "SLACK_SIGNING_SECRET",
    "SLACK_CLIENT_ID",
    "SLACK_CLIENT_SECRET",
)


def read_settings() -> Settings:
    """The configuration in force; SettingsFault lists all that is wrong with it."""
    return load(os.environ)


def forget_secrets() -> None:
    """What was read is not left for child processes, nor for Bolt, which would start an OAuth of its own with it."""
    for name in _SECRETS:
        os.environ.pop(name, None)


@contextmanager
def opened_store(settings: Settings) -> Iterator[Store]:
    """The workspace's store; no Slack needed."""
    with open_current_database(settings) as engine:
        yield counted_store(settings, engine, utc_now)


@contextmanager
def opened_services(settings: Settings) -> Iterator[Services]:
    """Every use case; Slack must be set up."""
    settings.require_slack()
    forget_secrets()
    with open_current_database(settings) as engine:
        yield build_services(settings, engine, utc_now)


def one_scope(account: str | None, segment: str | None, owner: str | None) -> Scope | None:
    """The scope the options name, None for the whole workspace; two of them are wrong usage."""
    named = (("account", account), ("segment", segment), ("owner", owner))
    given = [Scope(kind, name) for kind, name in named if name is not None]
    if len(given) > 1:
        misused("Give one of --account, --segment and --owner.")
    return given[0] if given else None


def misused(sentence: str) -> NoReturn:
    """One line on standard error and exit status 2: the command cannot be meant like this."""
    print(sentence, file=sys.stderr)  # noqa: T201 the one line
    raise typer.Exit(2)


@contextmanager
def written_out() -> Iterator[None]:
    """What was printed reaches its reader. One that has left ends us quietly; KpiError where there is no room."""
    try:
        try:
            yield
        finally:
            if sys.stdout is not None:  # closed by whoever started us
                sys.stdout.flush()
    except BrokenPipeError:
        _print_nowhere()
        sys.exit(1)
    except OSError as fault:
        if fault.errno != errno.ENOSPC:
            raise
        _print_nowhere()
        raise KpiError(f"Not all of it could be written: {fault.strerror}.") from fault


def _print_nowhere() -> None:
    """What is still waiting to be printed is let go of, or the interpreter would try once more at its end."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def print_json(document: Any) -> None:
    """The one JSON document on standard output."""
    print(json.dumps(document, ensure_ascii=False, default=str))  # noqa: T201 programs read it

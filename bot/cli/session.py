"""What every command needs: the settings, the database, and a way to print."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console

from bot.app import Services, build_services, open_current_database
from bot.clock import utc_now
from bot.settings import Settings, load
from kpi.store.store import Store, open_store

console = Console(highlight=False, markup=False)
"""Prints names as they are, brackets included."""

_SECRETS = ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET")


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
        yield open_store(engine, utc_now())


@contextmanager
def opened_services(settings: Settings) -> Iterator[Services]:
    """Every use case; Slack must be set up."""
    settings.require_slack()
    forget_secrets()
    with open_current_database(settings) as engine:
        yield build_services(settings, engine, utc_now)


def print_json(document: Any) -> None:
    """The one JSON document on standard output."""
    print(json.dumps(document, ensure_ascii=False, default=str))  # noqa: T201 programs read it

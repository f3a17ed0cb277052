"""The demo's house: a database, a local Slack and the bot, put up for one run and taken down with nothing left."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from bot import logs
from bot.app import build_process
from bot.database import open_database
from bot.demo import portfolio
from bot.demo.clock import DemoClock, opening
from bot.demo.folder import own_folder
from bot.demo.local_slack import LocalSlack, Secrets, local_slack
from bot.embedded import running
from bot.process import Process
from bot.services import Services, build_services
from bot.settings import Settings, load
from kpi.services.digests import Wish
from kpi.store import schema

SURVEYS = """\
programmes:
  after_contact: {working_hours: false}
  relationship: {active: false}
budget: {floor: 0d, between: 0d, same: {csat: 0d}, account: {asks: 0, within: 0d}, channel_a_day: 0, quiet: 0m}
"""
"""Whoever plays may log and ask as often as they like, at any hour."""
MONDAYS_AT_NINE = "0 9 * * 1"
TEAM_CHANNEL, TOLD = "C0TEAM", "U0HEAD"


@dataclass(frozen=True, slots=True)
class House:
    """Everything that runs, and `services` beside it to look into the same database."""

    folder: Path
    slack: LocalSlack
    process: Process
    services: Services
    clock: DemoClock
    zone: ZoneInfo
    subscription_id: int


@contextmanager
def put_up(data: Path) -> Iterator[House]:
    """A house in `data`/demo with the portfolio in it and a digest subscribed to; nothing of it runs afterwards."""
    secrets = Secrets()
    with (
        own_folder(data) as folder,
        _logging_to(folder / "bot.log"),
        local_slack(secrets, folder / "sandbox.log") as starting,
        running(folder, durable=False) as database_url,
    ):
        slack = starting.ready()
        settings = _settings(folder, {"DATABASE_URL": database_url, "SLACK_API_URL": slack.api_url}, secrets)
        zone = settings.policy.workspace.timezone
        clock = DemoClock(opening(zone))
        with open_database(settings) as engine:
            schema.migrate(engine)
            services = build_services(settings, engine, clock)
            portfolio.fill(services.store, clock(), zone)
            process = build_process(settings, engine, clock)
            yield House(folder, slack, process, services, clock, zone, _subscribed(services, zone))


def _settings(folder: Path, addresses: Mapping[str, str], secrets: Secrets) -> Settings:
    """The shipped configuration but for the surveys' patience, whatever the operator's is, in an environment of the
    demo's own."""
    config = folder / "config"
    config.mkdir()
    (config / "surveys.yaml").write_text(SURVEYS, encoding="utf-8")
    environment = {
        "SLACK_BOT_TOKEN": secrets.bot_token,
        "SLACK_APP_TOKEN": secrets.app_token,
        "SLACK_SIGNING_SECRET": secrets.signing_secret,
        "KPIBOT_CONFIG": str(config),
        "KPIBOT_DATA": str(folder),
        "KPIBOT_PORT": "0",
        "KPIBOT_TICK_SECONDS": "0.2",
    }
    return load({**environment, **addresses})


def _subscribed(services: Services, zone: ZoneInfo) -> int:
    wish = Wish(channel_id=TEAM_CHANNEL, cadence="weekly", cron=MONDAYS_AT_NINE, timezone=zone.key, created_by=TOLD)
    return int(services.digests.subscribe(wish)["subscription_id"])


@contextmanager
def _logging_to(path: Path) -> Iterator[None]:
    """What the bot logs goes into a file: the terminal is for the transcript."""
    logs.configure("json")
    with path.open("w", encoding="utf-8") as file:
        for sink in logging.getLogger().handlers:
            if isinstance(sink, logging.StreamHandler):
                sink.setStream(file)
        try:
            yield
        finally:
            logging.getLogger().handlers.clear()

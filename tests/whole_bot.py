"""The whole bot in this process, wired as the program wires it, behind its signed door; its clock stands still."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from fastapi import FastAPI
from httpx import Response
from sqlalchemy import Engine, Table, create_engine, select

from bot.app import build_bolt
from bot.jobs import deliver
from bot.queue import Again
from bot.services import Services, build_services
from bot.settings import Settings, load
from bot.web import slack_events
from kpi.store import tables
from kpi.store.store import Record
from tests.app_client import AppClient
from tests.fakes import FakeNow
from tests.seal import sealed

SECRET = "sandbox-signing-secret"
FORM, JSON = "application/x-www-form-urlencoded", "application/json"


@dataclass
class WholeBot:
    """`send` is Slack's side of HTTP, `deliver` the worker's turn."""

    settings: Settings
    engine: Engine
    now: FakeNow = field(default_factory=FakeNow)
    services: Services = field(init=False)
    client: AppClient = field(init=False)
    attempted: int | None = None
    """The delivery that is a worker's just now."""

    def __post_init__(self) -> None:
        self.services = build_services(self.settings, self.engine, self.now)
        self.services.store.belong_to(self.services.slack.home_team())
        web = FastAPI()
        web.include_router(slack_events.router(build_bolt(self.settings, self.services), SECRET))
        self.client = AppClient(web)

    def send(self, body: bytes, kind: str, more: Mapping[str, bytes] | None = None) -> Response:
        """Deliver a body as Slack does, signed."""
        headers = {"content-type": kind.encode(), **sealed(SECRET, body, str(int(time.time())))}
        return self.client.post("/slack/events", content=body, headers={**headers, **(more or {})})

    def deliver(self) -> None:
        """One attempt at everything that waits to be said."""
        services = self.services
        post = deliver.Post(services.deliveries, services.slack, services.counter.capability, lambda _: None)
        for row in self.rows(tables.delivery):
            if row["state"] == "queued":
                self.attempted = int(row["delivery_id"])
                with suppress(Again):
                    deliver.run(post, self.attempted)
        self.attempted = None

    def rows(self, table: Table) -> list[Record]:
        """All rows of a table, oldest first."""
        with self.services.store.transaction() as tx:
            return tx.rows(select(table).where(tx.mine(table)).order_by(*table.primary_key.columns))

    def row(self, table: Table, **values: object) -> Record:
        """A new row."""
        with self.services.store.transaction() as tx:
            return tx.insert(table, values)


@contextmanager
def whole_bot(api_url: str, database_url: str, folder: Path, **files: str) -> Iterator[WholeBot]:
    """A bot over an empty database, with these configuration files beside the shipped ones."""
    config = folder / "config"
    config.mkdir()
    for name, text in files.items():
        (config / f"{name}.yaml").write_text(text)
    given = {"SLACK_API_URL": api_url, "SLACK_BOT_TOKEN": "xoxb-sandbox", "SLACK_SIGNING_SECRET": SECRET}
    engine = create_engine(database_url, pool_size=20)
    try:
        yield WholeBot(load({**given, "DATABASE_URL": database_url}, folder), engine)
    finally:
        engine.dispose()

"""Another program with a token, before the REST interface over a real database."""

import asyncio
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient, Response
from sqlalchemy import Engine, insert

from bot.settings import load
from bot.web import rest
from kpi.services.corrections import Corrections
from kpi.services.intake import Intake
from kpi.services.people import People
from kpi.services.reports import Reports
from kpi.services.surveys import Surveys
from kpi.services.tokens import Tokens
from kpi.store import tables
from kpi.store.store import Store
from tests.agency import HOME, PLAIN, Agency, directory, policy
from tests.fakes import FakeNow, RecordingQueue

INTERACTIONS = "interactions"


def app(surveys: Surveys) -> FastAPI:
    """The REST interface alone, over the store of these."""
    workspace = surveys.policy.workspace
    web = FastAPI(title="kpibot", docs_url="/api/docs", openapi_url="/api/openapi.json", redoc_url=None)
    intake = Intake(surveys.store, surveys.now, workspace.timezone, workspace.currency)
    reports = Reports(surveys.store, load({}, Path("/nonexistent")).policy, surveys.now)
    rest.serve(web, rest.Rooms(surveys, Corrections(intake), reports, Tokens(surveys.store, surveys.now)))
    return web


def programme(store: Store, now: FakeNow) -> Surveys:
    """The survey programme over a store of which nothing is asked yet."""
    people = People(store, directory(), now, lambda: HOME)
    return Surveys(store, RecordingQueue(), now, policy(), people, PLAIN)


def workspace_in(engine: Engine) -> Store:
    """An empty workspace among those of others, for the many requests of one test."""
    made = insert(tables.workspace).values(name="workspace", created_at=datetime(2026, 1, 1, tzinfo=UTC))
    with engine.begin() as connection:
        return Store(engine, connection.execute(made.returning(tables.workspace.c.workspace_id)).scalar_one())


def send(app: FastAPI, method: str, path: str, token: str, **more: Any) -> Response:
    """A request with a token, "" for none."""
    bearer = {"Authorization": f"Bearer {token}"} if token else {}
    headers = {**bearer, **more.pop("headers", {})}

    async def sent() -> Response:
        async with AsyncClient(transport=ASGITransport(app), base_url="http://kpibot") as client:
            return await client.request(method, f"/api/v1/{path}", headers=headers, **more)

    return asyncio.run(sent())


@dataclass
class Program:
    """Knows a token that may write; what the app lets through is raised here."""

    store: Store
    agency: Agency = field(init=False)
    tokens: Tokens = field(init=False)
    app: FastAPI = field(init=False)
    token: str = field(init=False)

    def __post_init__(self) -> None:
        self.agency = Agency(self.store)
        self.tokens = Tokens(self.store, self.agency.now)
        self.app = app(self.agency.surveys)
        self.token = self.tokens.create("crm", ["write"])

    def put(self, entity: str, *rows: Any) -> Response:
        return self.raw(entity, json.dumps({"rows": rows}).encode())

    def raw(self, entity: str, body: bytes, kind: str = "application/json") -> Response:
        return self.send("PUT", entity, content=body, headers={"Content-Type": kind})

    def interaction(self, **change: Any) -> dict[str, Any]:
        """A call with Carla just now; `...` leaves a field out."""
        usual = {"account": "acme", "contact": "carla", "kind": "call", "source": "crm", "external_id": "42"}
        body = {**usual, "occurred_at": self.agency.now().isoformat(), **change}
        return {name: value for name, value in body.items() if value is not ...}

    def post(self, *, token: str | None = None, **change: Any) -> Response:
        return self.send("POST", INTERACTIONS, token=token, json=self.interaction(**change))

    def post_rows(self, *rows: Any) -> Response:
        return self.send("POST", INTERACTIONS, json={"rows": rows})

    def send(self, method: str, path: str, *, token: str | None = None, **more: Any) -> Response:
        """A request with a token: our own unless another is given."""
        return send(self.app, method, path, self.token if token is None else token, **more)

    def nothing_logged(self) -> bool:
        return not any(self.agency.count(table) for table in (tables.interaction, tables.survey, tables.account_day))

"""Another program with a token, before the REST interface over a real database."""

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient, Response

from bot.web import rest
from kpi.services.intake import Intake
from kpi.services.tokens import Tokens
from kpi.store import tables
from kpi.store.store import Store
from tests.agency import Agency

INTERACTIONS = "interactions"


def app(agency: Agency) -> FastAPI:
    """The REST interface alone."""
    workspace = agency.policy.workspace
    web = FastAPI(title="kpibot", docs_url="/api/docs", openapi_url="/api/openapi.json", redoc_url=None)
    intake = Intake(agency.store, agency.now, workspace.timezone, workspace.currency)
    rest.serve(web, agency.surveys, intake, Tokens(agency.store, agency.now))
    return web


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
        self.app = app(self.agency)
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
        """A request with a token: our own unless given; "" sends none."""
        bearer = {"Authorization": f"Bearer {self.token if token is None else token}"} if token != "" else {}
        headers = {**bearer, **more.pop("headers", {})}

        async def sent() -> Response:
            async with AsyncClient(transport=ASGITransport(self.app), base_url="http://kpibot") as client:
                return await client.request(method, f"/api/v1/{path}", headers=headers, **more)

        return asyncio.run(sent())

    def nothing_logged(self) -> bool:
        return not any(self.agency.count(table) for table in (tables.interaction, tables.survey, tables.account_day))

"""A client before the page behind a link, over a real database."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient, Response

from bot.tongues import spoken
from bot.web import survey_page
from bot.web.survey_page.pace import Pace
from bot.web.survey_page.router import Speak
from kpi.model import Instrument
from kpi.policy import Policy
from kpi.policy.surveys import Programme
from kpi.services.surveys.by_link import ByLink
from kpi.services.surveys.links import Links
from kpi.store import tables
from kpi.store.store import Record, Store
from tests.agency import Agency, policy

KEY, OLDER_KEY = "a key only we have, 2026", "a key only we had, 2025"
PUBLIC = "https://kpibot.example.com"
FORM = "application/x-www-form-urlencoded"
SAFE = {
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
    "x-robots-tag": "noindex",
}
"""The headers of everything the page answers."""
TAGS = ("communication", "speed")


def asking(**surveys: Any) -> Policy:
    """A workspace with one programme whose answers may be tagged."""
    return policy(Programme("after_contact", Instrument.CSAT, tags=TAGS), **surveys)


@dataclass
class Doorstep:
    """Carla was asked by Acme's CSAT survey and holds a link to it, good for a month."""

    store: Store
    pace: Pace = field(default_factory=lambda: Pace("10000/minute", "10000/minute"))
    speak: Speak = spoken
    policy: Policy = field(default_factory=asking)

    def __post_init__(self) -> None:
        self.agency = Agency(self.store)
        self.links = Links((KEY, OLDER_KEY), PUBLIC, self.store.workspace_id)
        self.survey_id = self.asked()
        self.token = self.link()
        self.serve(self.by_link)

    def serve(self, by_link: ByLink) -> None:
        """Stand before the page of another."""
        self.app = FastAPI()
        self.app.include_router(survey_page.router(by_link, self.pace, self.speak))

    @property
    def by_link(self) -> ByLink:
        return ByLink(self.store, self.agency.now, self.policy, self.links, (b"secret",))

    def asked(self, **more: Any) -> int:
        """A survey that was posted an hour ago and is open for a week."""
        now = self.agency.now()
        usual = {
            "token": f"token-{self.agency.count(tables.survey)}",
            "account_id": self.agency.acme,
            "contact_id": self.agency.carla,
            "owner_at_send": self.agency.anna,
            "instrument": "csat",
            "wording_version": "csat-en-1",
            "locale": "en",
            "state": "posted",
            "programme": "after_contact",
            "recorded_at": now - timedelta(hours=4),
            "due_at": now - timedelta(hours=1),
            "posted_at": now - timedelta(hours=1),
            "expires_at": now + timedelta(days=7),
            "place": "link",
        }
        return int(self.agency.row(tables.survey, **{**usual, **more})["survey_id"])

    def link(self, survey_id: int | None = None, contact_id: int | None = None, **span: float) -> str:
        """The token of a link, good for a month unless another span is given."""
        until = self.agency.now() + timedelta(**(span or {"days": 30}))
        found = self.links.address(survey_id or self.survey_id, contact_id or self.agency.carla, until)
        assert found is not None
        return found.rpartition("/")[2]

    def replies(self) -> list[Record]:
        return self.agency.rows(tables.reply)

    def reply(self) -> Record:
        return self.agency.only(tables.reply)

    def survey(self) -> Record:
        return self.agency.survey(self.survey_id)

    def carla(self) -> Record:
        found = self.agency.rows(tables.contact)
        return next(row for row in found if row["contact_id"] == self.agency.carla)

    def stored(self) -> tuple[int, ...]:
        """How much there is of everything the page could write."""
        written = (
            tables.reply,
            tables.reply_edit,
            tables.audit,
            tables.account_day,
            tables.delivery,
            tables.held_answer,
        )
        return tuple(self.agency.count(table) for table in written)

    def get(self, path: str, **headers: str) -> Response:
        return self.send("GET", path, headers=headers)

    def post(self, path: str, **form: Any) -> Response:
        """A form below the page of the usual link."""
        return self.send("POST", f"{self.token}/{path}", data=form)

    def send(self, method: str, path: str, *, host: str = "203.0.113.9", **more: Any) -> Response:
        """A request below /s/ from an address; no redirect is followed."""

        async def sent() -> Response:
            way = ASGITransport(self.app, client=(host, 50_000))
            async with AsyncClient(transport=way, base_url=PUBLIC) as client:
                return await client.request(method, f"/s/{path}", **more)

        return asyncio.run(sent())

"""The survey's page on a port of this machine, and windows to look at it through."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page
from sqlalchemy import Engine

from bot.tongues import spoken
from bot.web.survey_page.pace import Pace
from bot.web.survey_page.router import Speak
from kpi.model import Instrument
from kpi.policy import Wording
from tests.agency import WORDINGS
from tests.doorstep import Doorstep, asking
from tests.rest import workspace_in

ENGLISH = spoken("en")
SMALL, WIDE = {"width": 320, "height": 568}, {"width": 1280, "height": 800}
HEBREW = Wording(
    "nps-he-1",
    "באיזו מידה תמליצו עלינו?",
    "בכלל לא",
    "בהחלט",
    "תודה!",
    "מה הסיבה העיקרית?",
    reasons={"low": "מה נשפר?"},
)


class Server(uvicorn.Server):
    """Says when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listens = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listens.set()


class Site:
    """The page served on a port of this machine, for one client after another."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        config = uvicorn.Config(self.answer, port=0, log_config=None, lifespan="off", interface="asgi3")
        self.server = Server(config)
        self.doorstep = self.new()

    async def answer(self, scope: Any, receive: Any, send: Any) -> None:
        await self.doorstep.app(scope, receive, send)

    def new(self, pace: Pace | None = None, speak: Speak = spoken) -> Doorstep:
        """Another client before the page, in a workspace of their own."""
        words = WORDINGS | {(Instrument.NPS, "he"): HEBREW}
        patient = pace or Pace("10000/minute", "10000/minute")
        self.doorstep = Doorstep(workspace_in(self.engine), patient, speak, asking(wordings=words))
        return self.doorstep

    def url(self, token: str | None = None) -> str:
        port = self.server.servers[0].sockets[0].getsockname()[1]
        return f"http://127.0.0.1:{port}/s/{token or self.doorstep.token}"


@contextmanager
def serving(engine: Engine) -> Iterator[Site]:
    site = Site(engine)
    thread = threading.Thread(target=site.server.run)
    thread.start()
    try:
        assert site.server.listens.wait(20)
        yield site
    finally:
        site.server.should_exit = True
        thread.join(timeout=10)


@contextmanager
def window(chromium: Browser, **more: Any) -> Iterator[Page]:
    """A window in which nothing runs: JavaScript is off unless asked for."""
    context: BrowserContext = chromium.new_context(**{"viewport": WIDE, "java_script_enabled": False, **more})
    page = context.new_page()
    page.set_default_timeout(10_000)
    try:
        yield page
    finally:
        context.close()


def tap(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()

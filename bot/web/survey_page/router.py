"""The paths below /s/: a GET shows and never stores, a POST stores and leads back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from fastapi import APIRouter, Request, Response

from bot.errors import apologised
from bot.tongues import spoken
from bot.tongues.spoken import Spoken
from bot.web.survey_page import answers, forms, pages, tongue
from bot.web.survey_page.forms import Form
from bot.web.survey_page.pace import Pace
from bot.web.survey_page.pages import Moment
from kpi.errors import Misfilled
from kpi.services.surveys.by_link import ByLink, UnknownLink
from kpi.services.surveys.words import COMMENT_CHARS, Closed, Scoreless

THREADS = 8
"""A rush on the page leaves Slack's requests their connections."""
AWHILE_SECONDS = 10

Speak = Callable[[str | None], Spoken]
Act = Callable[[ByLink, str, Form], None]

ACTS: Mapping[str, Act] = {
    "answer": lambda by_link, token, form: by_link.answer(token, forms.score(form)),
    "comment": lambda by_link, token, form: by_link.comment(token, forms.comment(form), forms.tags(form)),
    "wish": lambda by_link, token, form: by_link.wish(token, forms.wish(form)),
}
"""What may be said, by the last word of its path."""


def router(by_link: ByLink, pace: Pace | None = None, speak: Speak = spoken) -> APIRouter:
    """`/s/{token}` and what is posted below it."""
    door = _Door(by_link, pace or Pace(), speak, CapacityLimiter(THREADS))
    routes = APIRouter()
    routes.add_route("/s/{token}", door.show, ["GET"], include_in_schema=False)  # HEAD comes with it
    routes.add_route("/s/{token}/{act}", door.lead_back, ["GET"], include_in_schema=False)
    routes.add_route("/s/{token}/{act}", door.take, ["POST"], include_in_schema=False)
    return routes


@dataclass(frozen=True, slots=True)
class _Door:
    by_link: ByLink
    pace: Pace
    speak: Speak
    threads: CapacityLimiter

    async def show(self, request: Request) -> Response:
        """The page as it stands."""
        return self._too_fast(request) or await self._answered(request, partial(self._shown, request))

    async def lead_back(self, request: Request) -> Response:
        """Where something is posted to, there is nothing to see."""
        return self._too_fast(request) or await self._answered(request, partial(self._back, request))

    async def take(self, request: Request) -> Response:
        """Something that is said."""
        if (refusal := self._too_fast(request)) is not None:
            return refusal
        body = await forms.body_of(request)
        return await self._answered(request, partial(self._taken, request, body))

    def _too_fast(self, request: Request) -> Response | None:
        return self._waiting(request, self.pace.of_address(request.client.host if request.client else ""))

    async def _answered(self, request: Request, answer: Callable[[], Response]) -> Response:
        said = self._by_browser(request)
        # Never on the event loop: it waits for the database.
        return await run_sync(
            apologised, partial(_understood, answer, said), partial(_sorry, said), limiter=self.threads
        )

    def _shown(self, request: Request) -> Response:
        token = request.path_params["token"]
        return self._page(token, Moment(f"{token}/", done=request.query_params.get("done", "")))

    def _back(self, request: Request) -> Response:
        token = request.path_params["token"]
        self.by_link.link(token)
        return answers.see(f"../{token}")

    def _taken(self, request: Request, body: bytes) -> Response:
        token, name = request.path_params["token"], request.path_params["act"]
        link = self.by_link.link(token)
        if name not in ACTS:
            raise UnknownLink("There is nothing at this address.")
        refusal = self._waiting(request, self.pace.of_link(link.survey_id, link.contact_id))
        if refusal is not None:
            return refusal
        if len(body) > forms.LARGEST:
            return self._misfilled(token, 413, len(body))
        return self._done(token, name, (body, request.headers.get("content-type", "")))

    def _done(self, token: str, name: str, sent: tuple[bytes, str]) -> Response:
        """Say it, and lead back to the page; where it cannot be stored, the page says so around what was typed."""
        form: Form = {}
        try:
            form = forms.form_of(*sent)
            ACTS[name](self.by_link, token, form)
        except Misfilled as fault:
            typed = forms.comment(form) if fault.field == "comment" else None
            return self._misfilled(token, 422, len(typed or ""), typed)
        except Closed:
            return self._page(token, Moment("", fault=self._speak_of(token).page_closed), 410)
        except Scoreless:
            return self._page(token, Moment(""), 422)
        return answers.see(f"../{token}?done={name}")

    def _misfilled(self, token: str, status: int, characters: int, typed: str | None = None) -> Response:
        """The page once more, with what is wrong with a comment where that is what is wrong."""
        fault = pages.too_long(characters, self._speak_of(token)) if characters > COMMENT_CHARS else ""
        return self._page(token, Moment("", fault=fault, typed=typed), status)

    def _page(self, token: str, moment: Moment, status: int = 200) -> Response:
        opened = self.by_link.open(token)
        zone = self.by_link.policy.workspace.timezone
        return answers.page(pages.survey(opened, self.speak(opened.locale), zone, moment), status)

    def _speak_of(self, token: str) -> Spoken:
        return self.speak(self.by_link.open(token).locale)

    def _waiting(self, request: Request, seconds: int | None) -> Response | None:
        said = self._by_browser(request)
        return None if seconds is None else answers.wait(pages.notice(said.page_busy, said), seconds)

    def _by_browser(self, request: Request) -> Spoken:
        return self.speak(tongue.wished(request.headers.get("accept-language", "")))


def _understood(answer: Callable[[], Response], said: Spoken) -> Response:
    """The answer, or a page that says why there is none."""
    try:
        return answer()
    except (UnknownLink, Closed) as fault:
        return answers.page(pages.notice(said.page_unknown, said), 404 if isinstance(fault, UnknownLink) else 410)


def _sorry(said: Spoken, reference: str) -> Response:
    return answers.wait(pages.notice(said.page_sorry.format(reference=reference), said), AWHILE_SECONDS, 503)

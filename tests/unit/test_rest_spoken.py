"""Whatever goes wrong behind a route becomes a status and one sentence."""

import asyncio
from functools import partial

import pytest
from fastapi import APIRouter, FastAPI
from httpx import ASGITransport, AsyncClient, Response
from starlette.exceptions import HTTPException
from structlog.testing import capture_logs

from bot.web.rest.spoken import Spoken, apology, no_such_place, readable, refusals
from kpi.errors import KpiError, Misfilled, Refused, UnknownWord
from kpi.services.corrections import InUse
from kpi.services.intake import Busy
from kpi.services.surveys.words import AlreadyStored
from kpi.services.tokens import NotRecognised
from kpi.store.store import Unreachable
from tests.app_client import AppClient


def door(fault: Exception) -> FastAPI:
    """An app with one route, behind which this goes wrong."""
    routes = APIRouter(prefix="/api/v1", route_class=Spoken)

    @routes.get("/trouble")
    def trouble() -> None:
        raise fault

    web = FastAPI()
    web.include_router(routes)
    web.add_exception_handler(HTTPException, partial(no_such_place, routes))
    web.add_exception_handler(Exception, apology)
    return web


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (NotRecognised("Who are you?"), 401),
        (Refused("Not you."), 403),
        (UnknownWord("There is no account “x”."), 404),
        (AlreadyStored("Something else is."), 409),
        (InUse("Others need it."), 409),
        (HTTPException(413, "Too large."), 413),
        (KpiError("No."), 422),
        (Misfilled("day", "No day."), 422),
        (Unreachable("Away."), 503),
        (Busy("An import runs."), 503),
    ],
)
def test_a_fault_a_person_can_mend_is_said_with_its_status(fault: Exception, status: int) -> None:
    answer = AppClient(door(fault)).get("/api/v1/trouble")
    said = fault.detail if isinstance(fault, HTTPException) else str(fault)
    assert (answer.status_code, answer.json()) == (status, {"error": said})
    assert answer.headers.get("WWW-Authenticate") == ("Bearer" if status == 401 else None)


def test_a_sentence_with_half_a_character_can_be_sent() -> None:
    answer = AppClient(door(UnknownWord("There is no account “\ud800”."))).get("/api/v1/trouble")
    assert answer.json() == {"error": "There is no account “?”."}
    assert readable("Zoë \U0001f600 \udfff") == "Zoë \U0001f600 ?"


def test_a_fault_of_ours_becomes_an_apology_with_the_reference_it_has_in_the_log() -> None:
    async def asked() -> Response:
        transport = ASGITransport(door(ZeroDivisionError("a secret")), raise_app_exceptions=False)
        async with AsyncClient(transport=transport, base_url="http://kpibot") as client:
            return await client.get("/api/v1/trouble")

    with capture_logs() as lines:
        answer = asyncio.run(asked())
    (line,) = lines
    apologised = f"Sorry, something went wrong on our side. Please try again; reference {line['reference']}."
    assert (answer.status_code, answer.json()) == (500, {"error": apologised})
    assert (line["path"], type(line["exc_info"])) == ("/api/v1/trouble", ZeroDivisionError)


def test_elsewhere_the_app_answers_as_ever() -> None:
    answer = AppClient(door(KpiError("No."))).get("/nowhere")
    assert (answer.status_code, answer.json()) == (404, {"detail": "Not Found"})


def test_every_refusal_is_documented_with_a_sentence_as_its_example() -> None:
    for status, told in refusals(401, 403, 404, 409, 413, 415, 422, 503).items():
        assert told["description"], status
        assert told["content"]["application/json"]["example"]["error"].endswith("."), status

"""Every refusal is one sentence with its status, and changes nothing."""

import secrets
from collections.abc import Callable, Coroutine, Mapping
from typing import Any, Literal

import structlog
from fastapi import APIRouter, Request, Response
from fastapi.exception_handlers import http_exception_handler
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict
from starlette.exceptions import HTTPException
from starlette.routing import Match

from kpi.errors import KpiError, Refused, UnknownWord
from kpi.services.corrections import InUse
from kpi.services.intake import Busy
from kpi.services.surveys.words import AlreadyStored
from kpi.services.tokens import NotRecognised
from kpi.store.store import Unreachable

log = structlog.get_logger(__name__)

ROOT = "/api/v1"
NOT_JSON = "Send JSON, with the header Content-Type: application/json."
_STATUS: Mapping[type[KpiError], int] = {
    NotRecognised: 401,
    Refused: 403,
    UnknownWord: 404,
    AlreadyStored: 409,
    InUse: 409,
    Unreachable: 503,
    Busy: 503,
}
_EXAMPLES: Mapping[int, tuple[str, str]] = {
    401: ("No token that is known", "Send a token made with `kpibot token create` as `Authorization: Bearer …`."),
    403: ("A token without the scope", "The token “dashboard” lacks the scope write."),
    404: ("Something is named that does not exist", "There is no contact “carla”."),
    409: ("It was used for something else", "crm already gave another interaction as “4711”; nothing was changed."),
    413: ("Too large", "The body is larger than 4,000,000 bytes; send fewer rows at a time."),
    415: ("Not JSON", NOT_JSON),
    422: ("Not to be taken as a whole", "rows holds 1,200 rows; send 1 to 1,000 at a time."),
    503: ("Not just now", "The database cannot be reached just now; nothing was changed. Please try again."),
}
Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class Fault(BaseModel):
    """What is wrong, in one sentence."""

    error: str


class Rejected(BaseModel):
    """A row that was not taken: which one, counted from 0, and why; `column` where the reason lies in one."""

    model_config = ConfigDict(json_schema_serialization_defaults_required=True)

    row: int
    status: Literal["rejected"] = "rejected"
    column: str | None
    reason: str


class Spoken(APIRoute):
    """Turns every refusal into one sentence with its status."""

    def get_route_handler(self) -> Handler:
        handle = super().get_route_handler()

        async def spoken(request: Request) -> Response:
            try:
                return await handle(request)
            except HTTPException as fault:
                return _answer(fault.status_code, fault.detail)
            except KpiError as fault:
                return _answer(_status(fault), str(fault))

        return spoken


def refusals(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """These statuses as OpenAPI tells of them, each with an example."""
    return {status: _refusal(*_EXAMPLES[status]) for status in statuses}


def _refusal(when: str, sentence: str) -> dict[str, Any]:
    return {"model": Fault, "description": when, "content": {"application/json": {"example": {"error": sentence}}}}


def readable(text: str) -> str:
    """The text as it can be sent: half of a surrogate pair becomes a question mark."""
    return text.encode("utf-8", "replace").decode("utf-8")


async def no_such_place(routes: APIRouter, request: Request, fault: Exception) -> Response:
    """The answer where none of the routes is: a sentence below /api, the usual one elsewhere."""
    if not isinstance(fault, HTTPException):
        raise fault
    if not request.url.path.startswith("/api/"):
        return await http_exception_handler(request, fault)
    if fault.status_code == 405:
        taken = ", ".join(sorted(_methods(routes, request)))
        return _answer(405, f"{request.url.path} takes {taken}, not {request.method}.", {"Allow": taken})
    return _answer(fault.status_code, f"There is nothing at {request.url.path}; /api/docs lists what there is.")


def _methods(routes: APIRouter, request: Request) -> set[str]:
    """The methods of all routes at a place; the framework knows those of the first."""
    here = [route for route in routes.routes if route.matches(request.scope)[0] is not Match.NONE]
    return {method for route in here for method in getattr(route, "methods", None) or ()}


async def apology(request: Request, fault: Exception) -> Response:
    """The answer to a fault of ours: a reference under which the log has its trace."""
    reference = secrets.token_hex(4)
    log.error("request_failed", reference=reference, path=request.url.path, exc_info=fault)
    return _answer(500, f"Sorry, something went wrong on our side. Please try again; reference {reference}.")


def _status(fault: KpiError) -> int:
    return next((status for kind, status in _STATUS.items() if isinstance(fault, kind)), 422)


def _answer(status: int, sentence: str, headers: Mapping[str, str] | None = None) -> JSONResponse:
    challenge = {"WWW-Authenticate": "Bearer"} if status == 401 else {}
    return JSONResponse({"error": readable(sentence)}, status, {**challenge, **(headers or {})})

"""REST: interactions logged by other programs. Every refusal is one sentence, and changes nothing."""

from collections.abc import Callable, Coroutine, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Header, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints
from starlette.exceptions import HTTPException
from starlette.types import Message

from kpi.errors import KpiError, Misfilled, Refused, UnknownWord
from kpi.services.surveys import Surveys
from kpi.services.surveys.words import AlreadyStored, Logged, LogRequest
from kpi.services.tokens import NotRecognised, Tokens

SLACK = "slack"
LARGEST_BODY = 100_000
_STATUS: Mapping[type[KpiError], int] = {NotRecognised: 401, Refused: 403, UnknownWord: 404, AlreadyStored: 409}

Key = Annotated[str, StringConstraints(min_length=1, max_length=255, strip_whitespace=True)]
Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class Interaction(BaseModel):
    """An interaction as another program knows it; accounts, contacts and owners by their keys."""

    model_config = ConfigDict(extra="forbid")

    account: Key
    contact: Key | None = None
    kind: Key
    occurred_at: AwareDatetime
    source: Key
    external_id: Key
    owner: Key | None = None
    note: Annotated[str, Field(max_length=3000)] | None = None


class Outcome(BaseModel):
    """What became of it: `survey` is scheduled for `due_at`, or there is none and `reason` says why."""

    interaction: int
    survey: Literal["scheduled", "none"]
    due_at: datetime | None
    reason: str | None
    duplicate: bool


class Fault(BaseModel):
    """What is wrong, in one sentence."""

    error: str


class _Spoken(APIRoute):
    """Turns every refusal into one sentence with its status."""

    def get_route_handler(self) -> Handler:
        handle = super().get_route_handler()

        async def spoken(request: Request) -> Response:
            try:
                return await handle(_bounded(request))
            except RequestValidationError as fault:
                return _fault(422, _sentence(fault))
            except HTTPException as fault:
                return _fault(fault.status_code, fault.detail)
            except KpiError as fault:
                return _fault(
                    next((code for kind, code in _STATUS.items() if isinstance(fault, kind)), 422), str(fault)
                )

        return spoken


def router(surveys: Surveys, tokens: Tokens) -> APIRouter:
    """`POST /api/v1/interactions`: 201 when stored, 200 when its source and external_id were stored before."""
    faults: dict[int | str, dict[str, Any]] = {code: {"model": Fault} for code in (401, 403, 404, 409, 422)}
    routes = APIRouter(prefix="/api/v1", route_class=_Spoken, tags=["interactions"])

    def writer(authorization: Annotated[str | None, Header()] = None) -> str:
        return tokens.check(authorization, "write")

    @routes.post("/interactions", status_code=201, responses={200: {"model": Outcome}, **faults})
    def log(given: Interaction, token: Annotated[str, Depends(writer)], response: Response) -> Outcome:
        logged = surveys.log(_request(given, token))
        response.status_code = 200 if logged.duplicate else 201
        return _outcome(logged)

    return routes


def _bounded(request: Request) -> Request:
    """The request, its body read no further than is allowed: it is read before anybody knows who sends it."""
    read = 0

    async def receive() -> Message:
        nonlocal read
        message = await request.receive()
        read += len(message.get("body", b""))
        if read > LARGEST_BODY:
            raise HTTPException(413, f"The body is larger than {LARGEST_BODY:,} bytes.")
        return message

    return Request(request.scope, receive)


def _request(given: Interaction, token: str) -> LogRequest:
    if given.source == SLACK:
        raise KpiError(f"source must not be “{SLACK}”; that is how interactions logged in Slack are marked.")
    values = given.model_dump() | {"occurred_at": _utc(given.occurred_at)}
    return LogRequest(**values, logged_by=f"api:{token}")


def _utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError as fault:
        raise Misfilled("occurred_at", "occurred_at lies outside the calendar; please check the year.") from fault


def _outcome(logged: Logged) -> Outcome:
    return Outcome(
        interaction=logged.interaction_id,
        survey="scheduled" if logged.due_at else "none",
        due_at=logged.due_at,
        reason=logged.reason,
        duplicate=logged.duplicate,
    )


def _sentence(fault: RequestValidationError) -> str:
    first = fault.errors()[0]
    place = ".".join(str(part) for part in first["loc"] if part != "body")
    if first["type"] == "json_invalid":
        return "The body is not valid JSON."
    if first["type"] == "timezone_aware":
        return f"{place} needs a time zone, as in 2026-11-22T15:00:00+01:00."
    if first["type"] == "missing":
        return f"{place} is missing." if place else "The body is missing; send a JSON object."
    return f"{place}: {first['msg'][:1].lower()}{first['msg'][1:]}." if place else f"{first['msg']}."


def _fault(status: int, sentence: str) -> JSONResponse:
    return JSONResponse({"error": sentence}, status_code=status)

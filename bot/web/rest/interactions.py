"""`POST /api/v1/interactions`: each stored once, by its source and external_id, and a question may follow it."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from bot.web.rest.bodies import Reading, Sent, rows_of
from bot.web.rest.interaction_words import (
    Interaction,
    Kept,
    Outcome,
    Outcomes,
    Reopened,
    Reopening,
    kept,
    outcome,
    refused,
    reopening,
    request,
)
from bot.web.rest.schema import batch_schema, body
from bot.web.rest.spoken import Rejected, refusals
from kpi.errors import KpiError
from kpi.services.surveys import Surveys
from kpi.store.store import Unreachable

LARGEST_SINGLE = 100_000
TAG = {"name": "interactions", "description": "What happened with a client, as it happens: a question may follow."}

_DESCRIPTION = (
    "Each is stored once: the same source and external_id again changes nothing and is a duplicate.\n\n"
    "A single interaction is answered with 201, or 200 for a duplicate; its body may have 100 kB. Rows are logged one "
    "by one, each with an outcome of its own: 200, or 207 when some were rejected.\n\n"
    "Where another entity names an interaction logged here, it is called source:external_id."
)
_ONE = {
    "account": "acme",
    "contact": "carla",
    "kind": "meeting",
    "occurred_at": "2026-09-01T14:00:00+02:00",
    "source": "crm",
    "external_id": "4711",
}
_FATE = {"survey": "scheduled", "due_at": "2026-09-01T15:00:00Z", "reason": None}
_KEPT = {"row": 0, "status": "stored", "interaction": 17, **_FATE}
_REJECTED = {"row": 1, "status": "rejected", "column": None, "reason": "There is no contact “carla”."}


def add(routes: APIRouter, surveys: Surveys, reading: Reading) -> None:
    """One path, for one and for many."""
    one = Interaction.model_json_schema()
    examples = {"one": _ONE, "several": {"rows": [_ONE, {**_ONE, "external_id": "4712"}]}}
    routes.add_api_route(
        "/interactions",
        _log(surveys, reading),
        methods=["POST"],
        status_code=201,
        operation_id="log_interactions",
        summary="Log one interaction, or up to 1,000",
        description=_DESCRIPTION,
        tags=[TAG["name"]],
        response_model=Outcome,
        response_description="Stored",
        responses={**_answers(), **_refused(409)},
        openapi_extra=body({"oneOf": [one, batch_schema(one)]}, examples),
    )


def add_reopening(routes: APIRouter, surveys: Surveys, reading: Reading) -> None:
    """An interaction that another program opens again, as a support case."""
    example = {"source": _ONE["source"], "external_id": _ONE["external_id"]}
    routes.add_api_route(
        "/interactions/reopen",
        _reopen(surveys, reading),
        methods=["POST"],
        operation_id="reopen_interaction",
        summary="Say that an interaction is not over",
        description="A question about it that was not asked yet is cancelled, with the reason. Twice changes nothing.",
        tags=[TAG["name"]],
        response_model=Reopened,
        response_description="Noted",
        responses={200: {"content": {"application/json": {"example": {"changed": True}}}}, **_refused()},
        openapi_extra=body(Reopening.model_json_schema(), {"one": example}),
    )


def _reopen(surveys: Surveys, reading: Reading) -> Callable[..., Response]:
    def reopen(sent: Annotated[Sent, Depends(reading)]) -> Response:
        told = reopening(sent.document())
        return _json(200, Reopened(changed=surveys.reopen(told.source, told.external_id)))

    return reopen


def _log(surveys: Surveys, reading: Reading) -> Callable[..., Response]:
    def log(sent: Annotated[Sent, Depends(reading)]) -> Response:
        document = sent.document()
        if isinstance(document, dict) and "rows" in document:
            told = _log_all(surveys, rows_of(document), sent)
            return _json(207 if told.rejected else 200, told)
        if len(sent.raw) > LARGEST_SINGLE:
            raise HTTPException(413, f"The body is larger than {LARGEST_SINGLE:,} bytes.")
        logged = surveys.log(request(document, sent.by))
        return _json(200 if logged.duplicate else 201, outcome(logged))

    return log


def _log_all(surveys: Surveys, rows: Sequence[Any], sent: Sent) -> Outcomes:
    told: list[Kept | Rejected] = []
    for number, row in enumerate(rows):
        try:
            told.append(kept(number, surveys.log(request(row, sent.by))))
        except Unreachable as fault:
            if not number:
                raise
            went = f"The database went away after {number:,} of {len(rows):,} rows"
            raise Unreachable(f"{went}. Please send them all again: what is stored is not stored twice.") from fault
        except KpiError as fault:
            told.append(refused(number, fault))
    rejected = sum(isinstance(one, Rejected) for one in told)
    return Outcomes(accepted=len(told) - rejected, rejected=rejected, rows=told)


def _refused(*more: int) -> dict[int | str, dict[str, Any]]:
    return refusals(*sorted((401, 403, 404, 413, 415, 422, 503, *more)))


def _json(status: int, told: BaseModel) -> Response:
    return JSONResponse(told.model_dump(mode="json"), status)


def _answers() -> dict[int | str, dict[str, Any]]:
    stored = {"interaction": 17, **_FATE, "duplicate": False}
    many = {"accepted": 1, "rejected": 1, "rows": [_KEPT, _REJECTED]}
    repeated = {"summary": "the same one again", "value": {**stored, "duplicate": True}}
    taken = {"summary": "a batch", "value": {"accepted": 1, "rejected": 0, "rows": [_KEPT]}}
    return {
        201: {"description": "Stored", "content": {"application/json": {"example": stored}}},
        200: {
            "model": Outcome | Outcomes,
            "description": "Stored before, or a batch of which every row was taken",
            "content": {"application/json": {"examples": {"repeated": repeated, "batch": taken}}},
        },
        207: {
            "model": Outcomes,
            "description": "Some rows of a batch were not taken",
            "content": {"application/json": {"example": many}},
        },
    }

"""`GET /api/v1/kpis/KEY`: the same answers as `kpibot kpi KEY --json`."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse

from bot.web.rest.kpi_schema import ANSWER, ANSWER_EXAMPLES, LIST, LIST_EXAMPLE
from bot.web.rest.kpi_words import inquiry, parameters
from bot.web.rest.spoken import refusals
from kpi.errors import Misfilled, UnknownWord
from kpi.metrics.catalog import find
from kpi.services.inquiries import answer, catalog, document
from kpi.services.questions import Question
from kpi.services.reports import Reports

TAG = {"name": "kpis", "description": "What KPIs there are, and what they come to. The token needs the scope read."}
_ASKED = (
    "The KPI by its key or any of its names, with its n, interval, comparable earlier value and change. With `by` one "
    "value for each group, with `trend` one for each period and whether they signal something, with `explain` also the "
    "accounts behind it; one of the three at a time. The documents `kpibot kpi --json` prints."
)


def add(routes: APIRouter, reports: Reports, token: Callable[..., str]) -> None:
    """The list, and one KPI."""
    routes.add_api_route(
        "/kpis",
        _listed(reports, token),
        methods=["GET"],
        operation_id="list_kpis",
        summary="List the KPIs",
        description="Every KPI that is answered when asked for, with how it is named and judged.",
        tags=[TAG["name"]],
        response_model=None,
        responses={**_answered(LIST, {"two KPIs": LIST_EXAMPLE}), **refusals(401, 403, 503)},
    )
    routes.add_api_route(
        "/kpis/{key}",
        _asked(reports, token),
        methods=["GET"],
        operation_id="ask_kpi",
        summary="Ask for a KPI",
        description=_ASKED,
        tags=[TAG["name"]],
        response_model=None,
        responses={**_answered(ANSWER, ANSWER_EXAMPLES), **refusals(401, 403, 404, 422, 503)},
        openapi_extra=parameters(),
    )


def _listed(reports: Reports, token: Callable[..., str]) -> Callable[..., JSONResponse]:
    def listed(_: Annotated[str, Depends(token)]) -> JSONResponse:
        return JSONResponse(catalog(reports))

    return listed


def _asked(reports: Reports, token: Callable[..., str]) -> Callable[..., JSONResponse]:
    def asked(key: str, request: Request, _: Annotated[str, Depends(token)]) -> JSONResponse:
        wanted = inquiry(key, request)
        _check_words(reports, wanted.question)
        return JSONResponse(document(answer(reports, wanted)))

    return asked


def _check_words(reports: Reports, question: Question) -> None:
    """An unknown period or variant is a fault in a parameter, not something that is missing."""
    kpi = find(question.kpi, reports.policy.kpis)
    try:
        kpi.as_variant(question.variant)
        reports.period(question.period or kpi.base.period, reports.instant(question.as_of))
    except UnknownWord as fault:
        raise Misfilled("period", str(fault)) from fault


def _answered(schema: dict[str, Any], examples: dict[str, Any]) -> dict[int | str, dict[str, Any]]:
    """The good answer as OpenAPI tells of it."""
    named = {name.replace(" ", "_"): {"summary": name, "value": value} for name, value in examples.items()}
    return {200: {"description": "Answered", "content": {"application/json": {"schema": schema, "examples": named}}}}

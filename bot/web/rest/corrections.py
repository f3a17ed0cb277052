"""`PATCH` and `DELETE /api/v1/ENTITY?KEY=…`: a wrong row says something else, or goes."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request

from bot.web.rest.bodies import Reading, Sent
from bot.web.rest.correction_words import Fixed, by, fixed, flag, key_of, object_of, parameters
from bot.web.rest.schema import body, row_schema
from bot.web.rest.spoken import refusals
from kpi.records.catalog import ENTITIES
from kpi.records.columns import RECORDED_AT
from kpi.records.entity import Entity
from kpi.services.corrections import Corrections, Row

TAG = {"name": "corrections", "description": "What was stored and is wrong, put right. docs/corrections.md tells how."}
_NAMED = "The row is named by its key columns in the address; as many as tell it from others."
_CORRECTED = {"done": "Corrected in terms: account=acme starts_on=2024-03-01; ends_on.", "dry_run": False,
              "rows": {"terms": 1}}  # fmt: skip
_DELETED = {"done": "Deleted from terms: account=acme starts_on=2024-03-01.", "dry_run": False, "rows": {"terms": 1}}


def add(routes: APIRouter, corrections: Corrections, reading: Reading, token: Callable[..., str]) -> None:
    """Two operations an entity."""
    for entity in ENTITIES:
        routes.add_api_route(
            f"/{entity.name}",
            _patch(corrections, entity, reading),
            methods=["PATCH"],
            operation_id=f"correct_{entity.name}",
            summary=f"Correct a row of {entity.name}",
            description=f"{_NAMED}\n\nColumns that are not in the body stay as they are; the key may change too.",
            tags=[TAG["name"]],
            responses={**answered(_CORRECTED), **refusals(401, 403, 404, 409, 413, 415, 422, 503)},
            openapi_extra={**parameters(entity, "dry_run"), **_changes(entity)},
        )
        routes.add_api_route(
            f"/{entity.name}",
            _delete(corrections, entity, token),
            methods=["DELETE"],
            operation_id=f"delete_{entity.name}",
            summary=f"Delete a row of {entity.name}",
            description=f"{_NAMED}\n\nWhat others refer to is refused (409), unless it goes with everything.",
            tags=[TAG["name"]],
            responses={**answered(_DELETED), **refusals(401, 403, 404, 409, 422, 503)},
            openapi_extra=parameters(entity, "dry_run", "with_everything"),
        )


def answered(example: dict[str, Any]) -> dict[int | str, dict[str, Any]]:
    """The good answer as OpenAPI tells of it."""
    return {200: {"description": "Done", "content": {"application/json": {"example": example}}}}


def _patch(corrections: Corrections, entity: Entity, reading: Reading) -> Callable[..., Fixed]:
    def patch(request: Request, sent: Annotated[Sent, Depends(reading)]) -> Fixed:
        whose = by(request, sent.token)
        return fixed(corrections.correct(Row(entity.name, key_of(request)), object_of(sent), whose), whose)

    return patch


def _delete(corrections: Corrections, entity: Entity, token: Callable[..., str]) -> Callable[..., Fixed]:
    def delete(request: Request, name: Annotated[str, Depends(token)]) -> Fixed:
        whose, everything = by(request, name), flag(request, "with_everything")
        return fixed(corrections.delete(Row(entity.name, key_of(request)), whose, everything=everything), whose)

    return delete


def _changes(entity: Entity) -> dict[str, Any]:
    """A body with any of the columns."""
    row = row_schema(entity)
    schema = {**row, "title": f"Changes to {entity.name}", "required": [], "minProperties": 1}
    shown = [column.name for column in entity.columns if column.example and column != RECORDED_AT]
    name = next((name for name in shown if name not in entity.key), shown[-1])
    example = {name: row["properties"][name]["examples"][0]}
    return body(schema, {"one value": example})

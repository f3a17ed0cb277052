"""`PUT /api/v1/ENTITY`: rows by their key, the good ones written, the others answered with their reason."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel

from bot.web.rest.bodies import Reading, Sent, rows_of
from bot.web.rest.schema import batch_schema, body, example_row, row_schema
from bot.web.rest.spoken import Rejected, readable, refusals
from kpi.records.catalog import ENTITIES
from kpi.records.conversation import INTERACTIONS
from kpi.records.entity import Entity
from kpi.records.rows import Flaw
from kpi.services.intake import Intake

BY_KEY = tuple(entity for entity in ENTITIES if entity != INTERACTIONS)
"""What comes in by PUT. Interactions are logged one by one instead: a question may follow each."""

TAG = {"name": "batches", "description": "What is known of accounts, up to 1,000 rows at a time, each by its key."}
LEFT_OUT = "it is missing; send null where it is empty"
NOT_FILLED_IN = "it is missing; it must be filled in"
_SHOWN = 60
_GOOD = {"accepted": 3, "new": 1, "changed": 1, "unchanged": 1, "rejected": 0, "rows": []}


class Taken(BaseModel):
    """How many rows were taken, as what, and which were not; only those are listed."""

    accepted: int
    new: int
    changed: int
    unchanged: int
    rejected: int
    rows: list[Rejected]


def add(routes: APIRouter, intake: Intake, reading: Reading) -> None:
    """One path an entity."""
    for entity in BY_KEY:
        routes.add_api_route(
            f"/{entity.name}",
            _put(intake, entity, reading),
            methods=["PUT"],
            operation_id=f"put_{entity.name}",
            summary=f"Put {entity.name}",
            description=_description(entity),
            tags=[TAG["name"]],
            responses={**_answers(entity), **refusals(401, 403, 413, 415, 422, 503)},
            openapi_extra=body(batch_schema(row_schema(entity)), {"a row": {"rows": [example_row(entity)]}}),
        )


def _put(intake: Intake, entity: Entity, reading: Reading) -> Callable[..., Taken]:
    def put(sent: Annotated[Sent, Depends(reading)], response: Response) -> Taken:
        taken = _take(intake, entity, sent)
        response.status_code = 207 if taken.rejected else 200
        return taken

    return put


def _take(intake: Intake, entity: Entity, sent: Sent) -> Taken:
    rows = rows_of(sent.document())
    silent = {number: found for number, row in enumerate(rows) if (found := _silent(entity, number, row))}
    taken = intake.put(entity, [{} if number in silent else row for number, row in enumerate(rows)], sent.by)
    rejected = {**_rejected(taken.flaws), **silent}
    return Taken(
        accepted=taken.new + taken.changed + taken.unchanged,
        new=taken.new,
        changed=taken.changed,
        unchanged=taken.unchanged,
        rejected=taken.rejected,
        rows=[rejected[number] for number in sorted(rejected)],
    )


def _silent(entity: Entity, number: int, row: Any) -> Rejected | None:
    """A row that leaves out what must be stated: taken for empty, it would empty what is stored."""
    left_out = [name for name in entity.needed if name not in row] if isinstance(row, dict) else []
    if not left_out:
        return None
    return Rejected(row=number, column=left_out[0], reason=_missing(entity, left_out[0]))


def _missing(entity: Entity, name: str) -> str:
    return NOT_FILLED_IN if entity.column(name).required else LEFT_OUT


def _rejected(flaws: Sequence[Flaw]) -> dict[int, Rejected]:
    """One for each row with flaws; what else is wrong with it follows the first reason."""
    by_row: dict[int, list[Flaw]] = defaultdict(list)
    for flaw in flaws:
        by_row[flaw.line].append(flaw)
    return {number: _reason(number, *found) for number, found in by_row.items()}


def _reason(number: int, first: Flaw, *more: Flaw) -> Rejected:
    reason = readable("; ".join((first.text, *map(_also, more))))
    return Rejected(row=number, column=readable(first.column[:_SHOWN]) or None, reason=reason)


def _also(flaw: Flaw) -> str:
    return f"{flaw.column}: {flaw.text}" if flaw.column else flaw.text


def _description(entity: Entity) -> str:
    """In the words of the entity's own columns."""
    optional = [column.name for column in entity.columns if column.name not in entity.needed]
    return (
        f"{entity.doc}\n\nA row with the same {', '.join(entity.key)} is the same one: sent again it changes nothing. "
        f"A column left out ({', '.join(optional)}) stays as it is stored; null or an empty text empties it. "
        "Rows that cannot be taken are answered with their reason (207), and the others are written."
    )


def _answers(entity: Entity) -> dict[int | str, dict[str, Any]]:
    first = next(column for column in entity.columns if column.required)
    bad = {"row": 2, "status": "rejected", "column": first.name, "reason": _missing(entity, first.name)}
    mixed = {**_GOOD, "accepted": 2, "unchanged": 0, "rejected": 1, "rows": [bad]}
    return {
        200: {"description": "All rows were taken", "content": {"application/json": {"example": _GOOD}}},
        207: {
            "model": Taken,
            "description": "Some rows were not taken",
            "content": {"application/json": {"example": mixed}},
        },
    }

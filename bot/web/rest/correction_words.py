"""What programs say when they put something right, and what they are told."""

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import Request
from pydantic import BaseModel

from bot.web.rest.bodies import Sent
from bot.web.rest.spoken import readable
from kpi.errors import KpiError, Misfilled
from kpi.records.entity import Column, Entity
from kpi.records.kinds import FLAG, Misread
from kpi.services.corrections import By, Done

FLAGS = {
    "dry_run": "Say what it would come to, and change nothing.",
    "with_everything": "Delete an account, contact or survey with all that refers to it.",
}


class Fixed(BaseModel):
    """What was done, or with dry_run would be, in one sentence, and how many rows of what it concerned."""

    done: str
    dry_run: bool
    rows: dict[str, int]


def fixed(done: Done, by: By) -> Fixed:
    """What a program is told of it."""
    rows = {noun: count for noun, count in done.counts.items() if count}
    return Fixed(done=readable(done.sentence), dry_run=by.dry_run, rows=rows)


def by(request: Request, token: str) -> By:
    """Who asks, and whether only to know."""
    return By(f"api:{token}", flag(request, "dry_run"))


def flag(request: Request, name: str) -> bool:
    """A yes or no of the address; no where it says nothing."""
    said = _only(request, name).strip()
    try:
        return bool(said) and FLAG.read(said, ZoneInfo("UTC")) == "true"
    except Misread as fault:
        raise Misfilled(name, f"{name}: {fault.expected}.") from fault


def key_of(request: Request) -> dict[str, str]:
    """The key columns in the address; each may come once."""
    return {name: _only(request, name) for name in request.query_params if name not in FLAGS}


def object_of(sent: Sent) -> dict[str, Any]:
    """The body, which must be an object."""
    document = sent.document()
    if not isinstance(document, dict):
        raise KpiError("The body must be a JSON object.")
    return document


def fields_of(sent: Sent, known: Sequence[str]) -> dict[str, Any]:
    """The body's fields, which must be among these."""
    document = object_of(sent)
    if unknown := document.keys() - set(known):
        raise KpiError(f"“{min(unknown)}” is not known here; there is {', '.join(known)}.")
    return document


def text_of(fields: Mapping[str, Any], name: str) -> str:
    """A field that names something."""
    if not isinstance(fields.get(name), str) or not fields[name].strip():
        raise Misfilled(name, f"{name} must be a key.")
    return str(fields[name])


def parameters(entity: Entity, *flags: str) -> dict[str, Any]:
    """The part of an operation that tells of its address: the key columns, and flags."""
    keys = [_parameter(entity.column(name)) for name in entity.key]
    return {"parameters": keys + [flagged(name) for name in flags]}


def flagged(name: str) -> dict[str, Any]:
    """A flag as OpenAPI tells of it."""
    return {"name": name, "in": "query", "description": FLAGS[name], "schema": {"type": "boolean", "default": False}}


def _parameter(column: Column) -> dict[str, Any]:
    schema = {name: rule for name, rule in column.kind.schema.items() if name != "pattern"}
    told = {"name": column.name, "in": "query", "description": column.doc, "required": column.required}
    return {**told, "schema": schema, **({"example": column.example} if column.example else {})}


def _only(request: Request, name: str) -> str:
    said = request.query_params.getlist(name)
    if len(said) > 1:
        raise Misfilled(name, f"{readable(name)} is in the address twice.")
    return said[0] if said else ""

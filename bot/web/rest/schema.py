"""How OpenAPI tells of an entity: made from its columns, so that both always say the same."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.web.rest.bodies import MOST_ROWS
from kpi.records.columns import RECORDED_AT
from kpi.records.conversation import INTERACTIONS
from kpi.records.entity import Column, Entity

Schema = dict[str, Any]

_FROM_TEXT: Mapping[str, Callable[[str], Any]] = {
    "integer": int,
    "number": float,
    "boolean": lambda text: text == "yes",
    "string": str,
}


def types(column: Column) -> tuple[str, ...]:
    """The JSON types a value of the column may have, besides null."""
    given = column.kind.schema["type"]
    return (given,) if isinstance(given, str) else tuple(given)


def row_schema(entity: Entity) -> Schema:
    """The JSON Schema of one row."""
    return {
        "type": "object",
        "title": entity.name.capitalize(),
        "description": entity.doc,
        "properties": {column.name: _property(column) for column in entity.columns},
        "required": list(entity.needed),
        "additionalProperties": False,
    }


def batch_schema(row: Schema) -> Schema:
    """The JSON Schema of a body with rows of this one."""
    rows = {"type": "array", "minItems": 1, "maxItems": MOST_ROWS, "items": row}
    title = f"Batch of {str(row['title']).lower()}"
    return {
        "type": "object",
        "title": title,
        "properties": {"rows": rows},
        "required": ["rows"],
        "additionalProperties": False,
    }


def example_row(entity: Entity) -> dict[str, Any]:
    """A row as a program could send it as it happens: what has an example, and what must be there."""
    columns = (one for one in entity.columns if one != RECORDED_AT and one.names != INTERACTIONS.name)
    return {column.name: _example(column) for column in columns if column.example or column.name in entity.needed}


def body(schema: Schema, examples: Mapping[str, Any]) -> dict[str, Any]:
    """The part of an operation that describes its JSON body; `examples` by what they show."""
    named = {name.replace(" ", "_"): {"summary": name, "value": value} for name, value in examples.items()}
    content = {"application/json": {"schema": schema, "examples": named}}
    return {"requestBody": {"required": True, "content": content}}


def _property(column: Column) -> Schema:
    found: Schema = {**column.kind.schema, "description": column.doc}
    if column.required:
        return found | ({"minLength": 1} if types(column) == ("string",) else {}) | _examples(column)
    found["type"] = [*types(column), "null"]
    if "enum" in found:
        found["enum"] = [*found["enum"], None]
    return found | _examples(column)


def _examples(column: Column) -> Schema:
    return {"examples": [_example(column)]} if column.example else {}


def _example(column: Column) -> Any:
    return _FROM_TEXT[types(column)[0]](column.example) if column.example else None

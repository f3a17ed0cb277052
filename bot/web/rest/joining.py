"""`POST` for accounts that are one, owners who hand over and people who change sides."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request

from bot.web.rest.bodies import Reading, Sent
from bot.web.rest.correction_words import Fixed, by, fields_of, fixed, flagged, text_of
from bot.web.rest.corrections import TAG, answered
from bot.web.rest.schema import body
from bot.web.rest.spoken import refusals
from kpi.errors import Misfilled
from kpi.records.kinds import KEY
from kpi.services.corrections import By, Corrections, Done

_KEY = {**KEY.schema, "minLength": 1}
_MOVED = {"done": "Carla Costa belongs to Globex GmbH from now on.", "dry_run": False, "rows": {"contacts": 1}}

Act = Callable[[Corrections, str, Sent, By], Done]


def add(routes: APIRouter, corrections: Corrections, reading: Reading) -> None:
    """One operation for each."""
    for path, (act, summary, fields) in _ACTS.items():
        entity, verb = path.split("/")[1], path.rpartition("/")[2]
        routes.add_api_route(
            path,
            _post(corrections, act, reading),
            methods=["POST"],
            operation_id=f"{verb}_{entity}",
            summary=summary,
            description=f"{summary}; docs/corrections.md says what becomes of what. {{key}} is URL-encoded.",
            tags=[TAG["name"]],
            responses={**answered(_MOVED), **refusals(401, 403, 404, 409, 413, 415, 422, 503)},
            openapi_extra={"parameters": [flagged("dry_run")], **_body(summary, fields)},
        )


def _post(corrections: Corrections, act: Act, reading: Reading) -> Callable[..., Fixed]:
    def post(key: str, request: Request, sent: Annotated[Sent, Depends(reading)]) -> Fixed:
        whose = by(request, sent.token)
        return fixed(act(corrections, key, sent, whose), whose)

    return post


def _merge(corrections: Corrections, key: str, sent: Sent, whose: By) -> Done:
    return corrections.merge(key, text_of(fields_of(sent, ["into"]), "into"), whose)


def _assign(corrections: Corrections, key: str, sent: Sent, whose: By) -> Done:
    fields = fields_of(sent, ["owner"])
    if "owner" not in fields:
        raise Misfilled("owner", "owner is missing; send null where nobody is to look after it.")
    owner = None if fields["owner"] is None else text_of(fields, "owner")
    return corrections.assign(key, owner, whose)


def _handover(corrections: Corrections, key: str, sent: Sent, whose: By) -> Done:
    fields = fields_of(sent, ["to", "people"])
    people = fields.get("people", False)
    if not isinstance(people, bool):
        raise Misfilled("people", "people must be true or false.")
    return corrections.handover(key, text_of(fields, "to"), whose, people=people)


def _move(corrections: Corrections, key: str, sent: Sent, whose: By) -> Done:
    return corrections.move(key, text_of(fields_of(sent, ["account"]), "account"), whose)


def _body(title: str, fields: dict[str, tuple[dict[str, Any], Any]]) -> dict[str, Any]:
    properties = {name: schema for name, (schema, _) in fields.items()}
    schema = {"type": "object", "title": title, "properties": properties, "additionalProperties": False,
              "required": [name for name in fields if name != "people"]}  # fmt: skip
    return body(schema, {"usual": {name: example for name, (_, example) in fields.items()}})


_ACTS: dict[str, tuple[Act, str, dict[str, tuple[dict[str, Any], Any]]]] = {
    "/accounts/{key}/merge": (_merge, "Merge an account into another", {"into": (_KEY, "acme")}),
    "/accounts/{key}/assign": (
        _assign,
        "Give an account another owner from now on",
        {"owner": ({**_KEY, "type": ["string", "null"]}, "ben")},
    ),
    "/owners/{key}/handover": (
        _handover,
        "Hand all accounts of an owner to another",
        {"to": (_KEY, "ben"), "people": ({"type": "boolean", "default": False}, True)},
    ),
    "/contacts/{key}/move": (_move, "Move a contact to another account", {"account": (_KEY, "globex")}),
}

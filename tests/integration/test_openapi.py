"""The interface is what /api/openapi.json says: tried with what a machine makes up from it, and read whole."""

import secrets
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from jsonschema_rs import validator_for
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.python import asgi
from sqlalchemy import Engine, create_engine

from kpi.records.catalog import BY_NAME, ENTITIES
from kpi.store.store import Store
from tests.app_client import AppClient
from tests.fakes import FakeNow
from tests.rest import Program, app, programme, workspace_in

load_all_checks()
PROMISES: list[Any] = CHECKS.get_by_names(
    [
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_schema_conformance",
        "response_headers_conformance",
        "unsupported_method",
        "allow_header_conformance",
    ]
)
ROOMS = app(programme(Store(create_engine("postgresql+psycopg://"), 1), FakeNow()))
DOCUMENT = ROOMS.openapi()
LIMITS_TRIED_IN = 8
MOST_ROWS_TRIED = 4


def in_small(part: Any) -> Any:
    """The document with room for a few rows in a batch: what is made up of each matters, not how many."""
    if isinstance(part, list):
        return [in_small(one) for one in part]
    if not isinstance(part, dict):
        return part
    return {name: MOST_ROWS_TRIED if name == "maxItems" else in_small(one) for name, one in part.items()}


described = schemathesis.openapi.from_dict(in_small(DOCUMENT))


@pytest.fixture(scope="module")
def program(shared_engine: Engine) -> Program:
    return Program(workspace_in(shared_engine))


@pytest.fixture(scope="module")
def token(program: Program) -> str:
    return program.tokens.create("all", ["read", "write"])


@pytest.fixture(scope="module")
def session(program: Program) -> Iterator[asgi.ASGIClient]:
    application: Any = program.app
    with asgi.get_client(application) as client:
        yield client


def tried(case: schemathesis.Case[Any]) -> bool:
    """Whether it is this case's turn: of every column's many limits a part, another one in every run."""
    return case.meta is None or case.meta.phase.name != "coverage" or secrets.randbelow(LIMITS_TRIED_IN) == 0


@described.parametrize()
@settings(max_examples=10, suppress_health_check=list(HealthCheck))
def test_whatever_fits_or_misses_the_description_gets_an_answer_it_documents(
    case: schemathesis.Case[Any], program: Program, token: str, session: asgi.ASGIClient
) -> None:
    if tried(case):
        bearer = {"Authorization": f"Bearer {token}"}
        case.call_and_validate(app=program.app, session=session, headers=bearer, checks=PROMISES)


def operations() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every operation of the document, as `PUT /api/v1/owners`."""
    for path, methods in DOCUMENT["paths"].items():
        yield from ((f"{method.upper()} {path}", operation) for method, operation in methods.items())


OPERATIONS = dict(operations())
ASKING = {"GET /api/v1/kpis", "GET /api/v1/kpis/{key}"}
REOPENING = {"POST /api/v1/interactions/reopen"}
TAKING = {name for name, each in OPERATIONS.items() if each["tags"] != ["corrections"]} - ASKING - REOPENING
JOINING = ("accounts/{key}/merge", "accounts/{key}/assign", "owners/{key}/handover", "contacts/{key}/move")


def test_the_document_tells_of_every_entity_and_of_interactions() -> None:
    puts = {f"PUT /api/v1/{entity.name}" for entity in ENTITIES if entity.name != "interactions"}
    assert {*puts, "POST /api/v1/interactions"} == TAKING


def test_kpis_are_listed_and_answered_and_what_may_be_asked_is_described() -> None:
    assert set(OPERATIONS) >= ASKING
    asked = OPERATIONS["GET /api/v1/kpis/{key}"]
    told = {parameter["name"] for parameter in asked["parameters"]}
    assert told == {"key", "period", "account", "segment", "owner", "variant", "as_of", "by", "trend", "explain"}
    assert {"404", "422"} <= set(asked["responses"])


def test_every_entitys_rows_can_be_corrected_and_deleted_and_what_belongs_together_joined() -> None:
    rows = {f"{method} /api/v1/{entity.name}" for entity in ENTITIES for method in ("PATCH", "DELETE")}
    assert set(OPERATIONS) - TAKING - ASKING - REOPENING == {*rows, *(f"POST /api/v1/{path}" for path in JOINING)}


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_operation_says_what_it_is_who_may_and_what_comes_of_it(name: str) -> None:
    operation = OPERATIONS[name]
    assert operation["summary"]
    assert operation["description"]
    assert operation["operationId"]
    assert {tag["name"] for tag in DOCUMENT["tags"]} >= set(operation["tags"])
    assert operation["security"] == [{"token": []}]
    assert DOCUMENT["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    own = {"422", "207"} if name in TAKING else {"422", "404", "409"} if name not in ASKING | REOPENING else set()
    own |= {"422", "404"} if name in REOPENING else set()
    of_body = {"413", "415"} if "requestBody" in operation else set()
    assert {"200", "401", "403", "503"} | own | of_body <= set(operation["responses"])


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_body_and_every_answer_has_an_example_that_fits_its_schema(name: str) -> None:
    operation = OPERATIONS[name]
    sent = {"body": operation["requestBody"]} if "requestBody" in operation else {}
    for status, part in {**sent, **operation["responses"]}.items():
        content = part["content"]["application/json"]
        schema = {**content["schema"], "components": DOCUMENT["components"]}
        examples = (
            [content["example"]] if "example" in content else [one["value"] for one in content["examples"].values()]
        )
        assert examples, status
        for example in examples:
            validator_for(schema).validate(example)


@pytest.mark.parametrize("name", [name for name in OPERATIONS if name.startswith("PUT")])
def test_every_column_is_described_and_no_other_is_taken(name: str) -> None:
    entity = BY_NAME[name.rpartition("/")[2]]
    rows = OPERATIONS[name]["requestBody"]["content"]["application/json"]["schema"]["properties"]["rows"]
    assert (rows["minItems"], rows["maxItems"]) == (1, 1000)
    assert list(rows["items"]["properties"]) == list(entity.names)
    assert rows["items"]["required"] == list(entity.needed)
    assert rows["items"]["additionalProperties"] is False
    assert all(column["description"] and column["type"] for column in rows["items"]["properties"].values())


def test_the_document_and_its_page_are_there_for_everybody(program: Program) -> None:
    client = AppClient(program.app)
    assert client.get("/api/openapi.json").json() == DOCUMENT
    assert "/api/openapi.json" in client.get("/api/docs").text

"""Interactions from other programs: stored once, and every refusal one clear sentence."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient, Response

from bot.web import ingest
from kpi.errors import KpiError
from kpi.services.tokens import Tokens
from kpi.store import tables
from kpi.store.store import Store
from tests.agency import Agency

PATH = "/api/v1/interactions"


@dataclass
class Program:
    """Another program with a token."""

    agency: Agency
    app: FastAPI
    tokens: Tokens
    token: str = field(init=False)

    def __post_init__(self) -> None:
        self.token = self.tokens.create("crm", ["write"])

    def post(self, token: str | None = None, **change: Any) -> Response:
        usual = {"account": "acme", "contact": "carla", "kind": "call", "source": "crm", "external_id": "42"}
        body = {**usual, "occurred_at": self.agency.now().isoformat(), **change}
        given = {name: value for name, value in body.items() if value is not ...}
        return self.send({"Authorization": f"Bearer {token or self.token}"}, json=given)

    def send(self, headers: dict[str, str], **body: Any) -> Response:
        async def sent() -> Response:
            async with AsyncClient(transport=ASGITransport(self.app), base_url="http://kpibot") as client:
                return await client.post(PATH, headers=headers, **body)

        return asyncio.run(sent())

    def nothing_stored(self) -> bool:
        return not any(self.agency.count(table) for table in (tables.interaction, tables.survey, tables.account_day))


@pytest.fixture
def program(tenant: Store) -> Program:
    agency = Agency(tenant)
    tokens = Tokens(tenant, agency.now)
    app = FastAPI()
    app.include_router(ingest.router(agency.surveys, tokens))
    return Program(agency, app, tokens)


def test_an_interaction_is_stored_and_its_question_scheduled(program: Program) -> None:
    answer = program.post(owner="anna", note="from the CRM")
    assert answer.status_code == 201
    stored = program.agency.only(tables.interaction)
    assert answer.json() == {
        "interaction": stored["interaction_id"],
        "survey": "scheduled",
        "due_at": "2026-09-16T13:00:00Z",
        "reason": None,
        "duplicate": False,
    }
    assert (stored["logged_by"], stored["owner_id"], stored["note"]) == ("api:crm", program.agency.anna, "from the CRM")
    assert program.agency.messages("notice") == []


def test_sent_again_it_changes_nothing_and_says_so(program: Program) -> None:
    first, again = program.post(), program.post()
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == {**first.json(), "duplicate": True}
    assert program.agency.only(tables.account_day)["interactions"] == 1


def test_a_question_not_asked_is_explained(program: Program) -> None:
    answer = program.post(account="quiet", contact=None)
    assert (answer.json()["survey"], answer.json()["due_at"]) == ("none", None)
    assert "no channel" in answer.json()["reason"]


def test_an_id_used_for_something_else_is_a_conflict(program: Program) -> None:
    program.post()
    answer = program.post(kind="meeting")
    assert answer.status_code == 409
    assert "already gave another interaction" in answer.json()["error"]


Change = Callable[[Agency], dict[str, Any]]


@pytest.mark.parametrize(
    ("change", "status", "words"),
    [
        (lambda _: {"account": "nope"}, 404, "There is no account “nope”"),
        (lambda _: {"contact": "nope"}, 404, "There is no contact “nope”"),
        (lambda _: {"owner": "nope"}, 404, "There is no owner “nope”"),
        (lambda _: {"account": "globex"}, 422, "not a contact of Globex Ltd"),
        (lambda _: {"kind": "party"}, 422, "not a kind of interaction"),
        (lambda agency: {"occurred_at": (agency.now() + timedelta(hours=1)).isoformat()}, 422, "future"),
        (lambda _: {"occurred_at": "2026-09-16T10:00:00"}, 422, "occurred_at needs a time zone"),
        (lambda _: {"occurred_at": "yesterday"}, 422, "occurred_at: "),
        (lambda _: {"occurred_at": "1026-09-16T10:00:00Z"}, 422, "two years ago"),
        (lambda _: {"occurred_at": "0001-01-01T00:00:00+14:00"}, 422, "outside the calendar"),
        (lambda _: {"occurred_at": "9999-12-31T23:59:59-14:00"}, 422, "outside the calendar"),
        (lambda _: {"external_id": ...}, 422, "external_id is missing."),
        (lambda _: {"external_id": " "}, 422, "external_id: "),
        (lambda _: {"external_id": "a\0b"}, 422, "cannot be stored"),
        (lambda _: {"account": "a\0b"}, 422, "cannot be stored"),
        (lambda _: {"contact": "a\0b"}, 422, "cannot be stored"),
        (lambda _: {"owner": "a\0b"}, 422, "cannot be stored"),
        (lambda _: {"note": "x" * 3001}, 422, "note: "),
        (lambda _: {"colour": "red"}, 422, "colour: extra inputs are not permitted."),
        (lambda _: {"source": "slack"}, 422, "logged in Slack"),
    ],
)
def test_what_cannot_be_stored_is_one_sentence(program: Program, change: Change, status: int, words: str) -> None:
    answer = program.post(**change(program.agency))
    assert answer.status_code == status
    assert list(answer.json()) == ["error"]
    assert words in answer.json()["error"]
    assert program.nothing_stored()


@pytest.mark.parametrize(("body", "words"), [("{", "not valid JSON"), ("", "body is missing"), ("[]", "valid dict")])
def test_a_body_that_is_no_object_is_refused(program: Program, body: str, words: str) -> None:
    headers = {"Authorization": f"Bearer {program.token}", "Content-Type": "application/json"}
    answer = program.send(headers, content=body)
    assert answer.status_code == 422
    assert words in answer.json()["error"]


@pytest.mark.parametrize("body", [b"\xff\xfe", b"[" * 50_000])
def test_a_body_that_cannot_be_read_is_refused_in_the_same_form(program: Program, body: bytes) -> None:
    answer = program.send({"Content-Type": "application/json"}, content=body)
    assert answer.status_code in (400, 422)
    assert list(answer.json()) == ["error"]


def test_a_huge_body_is_refused_before_it_is_read_to_its_end(program: Program) -> None:
    sent: list[int] = []

    async def endless() -> AsyncIterator[bytes]:
        for number in range(1000):
            sent.append(number)
            yield b"x" * 10_000

    answer = program.send({"Content-Type": "application/json"}, content=endless())
    assert (answer.status_code, answer.json()) == (413, {"error": "The body is larger than 100,000 bytes."})
    assert len(sent) < 20


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Basic YTpi"}, {"Authorization": "Bearer "}])
def test_without_a_token_nothing_is_stored(program: Program, headers: dict[str, str]) -> None:
    answer = program.send(headers, json={})
    assert answer.status_code == 401
    assert "kpibot token create" in answer.json()["error"]


def test_an_unknown_or_revoked_token_is_refused(program: Program) -> None:
    assert program.post(token="kpibot_made_up").status_code == 401
    program.agency.set(tables.api_token, revoked_at=program.agency.now())
    assert program.post().status_code == 401
    assert program.nothing_stored()


def test_a_token_that_only_reads_does_not_write(program: Program) -> None:
    answer = program.post(token=program.tokens.create("dashboard", ["read"]))
    assert (answer.status_code, answer.json()) == (403, {"error": "The token “dashboard” lacks the scope write."})


def test_a_token_is_kept_only_as_a_digest_and_its_use_is_noted(program: Program) -> None:
    program.post()
    kept = program.agency.only(tables.api_token)
    assert program.token not in str(kept)
    assert kept["last_used_at"] == program.agency.now()


@pytest.mark.parametrize(
    ("name", "scopes", "words"),
    [("crm", ["read"], "already"), (" ", ["read"], "needs a name"), ("x", [], "scopes"), ("x", ["admin"], "scopes")],
)
def test_a_token_needs_a_name_of_its_own_and_known_scopes(
    program: Program, name: str, scopes: list[str], words: str
) -> None:
    with pytest.raises(KpiError, match=words):
        program.tokens.create(name, scopes)

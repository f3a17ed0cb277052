"""Interactions from other programs: stored once, and every refusal one clear sentence."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from kpi.errors import KpiError
from kpi.store import tables
from kpi.store.store import Store
from tests.agency import Agency
from tests.rest import Program


@pytest.fixture
def program(tenant: Store) -> Program:
    return Program(tenant)


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
        (lambda _: {"source": "csv"}, 422, "imported"),
    ],
)
def test_what_cannot_be_stored_is_one_sentence(program: Program, change: Change, status: int, words: str) -> None:
    answer = program.post(**change(program.agency))
    assert answer.status_code == status
    assert list(answer.json()) == ["error"]
    assert words in answer.json()["error"]
    assert program.nothing_logged()


def test_a_single_interaction_larger_than_any_is_refused(program: Program) -> None:
    answer = program.post(note="x" * 100_000)
    assert (answer.status_code, answer.json()) == (413, {"error": "The body is larger than 100,000 bytes."})


@pytest.mark.parametrize("body", ["[]", '"meeting"', "null", "17"])
def test_a_body_that_is_no_object_is_refused(program: Program, body: str) -> None:
    answer = program.send("POST", "interactions", content=body)
    assert (answer.status_code, answer.json()) == (422, {"error": "An interaction must be a JSON object."})


def test_rows_of_a_batch_each_have_an_outcome_of_their_own(program: Program) -> None:
    kept = program.post().json()
    answer = program.post_rows(
        program.interaction(external_id="43", contact=...),
        program.interaction(),
        program.interaction(external_id="44", account="nope"),
        program.interaction(external_id="45", kind="party"),
        program.interaction(external_id="46", account="quiet", contact=...),
        program.interaction(external_id=..., colour="red"),
        "a call with Carla",
    )
    assert answer.status_code == 207
    told = answer.json()
    assert (told["accepted"], told["rejected"]) == (3, 4)
    assert [row["row"] for row in told["rows"]] == list(range(7))
    assert [row["status"] for row in told["rows"]] == [
        "stored",
        "duplicate",
        *["rejected"] * 2,
        "stored",
        *["rejected"] * 2,
    ]
    assert told["rows"][0]["survey"] == "none"
    assert "asked twice" in told["rows"][0]["reason"]
    assert told["rows"][1] | {"duplicate": False} == {"row": 1, "status": "duplicate", **kept}
    assert told["rows"][2] == {
        "row": 2,
        "status": "rejected",
        "column": None,
        "reason": "There is no account “nope”; `/kpi log` offers the known ones.",
    }
    assert (told["rows"][3]["column"], "not a kind" in told["rows"][3]["reason"]) == ("kind", True)
    assert "no channel" in told["rows"][4]["reason"]
    assert (told["rows"][5]["column"], told["rows"][5]["reason"]) == ("external_id", "external_id is missing.")
    assert (told["rows"][6]["column"], told["rows"][6]["reason"]) == (None, "An interaction must be a JSON object.")
    assert program.agency.count(tables.interaction) == 3


def test_a_batch_sent_again_changes_nothing(program: Program) -> None:
    rows = [program.interaction(external_id=str(number)) for number in range(3)]
    first, again = program.post_rows(*rows), program.post_rows(*rows)
    assert (first.status_code, again.status_code) == (200, 200)
    assert [row["status"] for row in again.json()["rows"]] == ["duplicate"] * 3
    assert [row["interaction"] for row in again.json()["rows"]] == [row["interaction"] for row in first.json()["rows"]]
    assert program.agency.only(tables.account_day)["interactions"] == 3
    assert program.agency.count(tables.survey) == 3


def test_a_batch_holds_up_to_a_thousand_interactions(program: Program) -> None:
    rows = [program.interaction(external_id=str(number), account="quiet", contact=...) for number in range(1001)]
    answer = program.post_rows(*rows)
    assert answer.status_code == 422
    assert answer.json() == {"error": "rows holds 1,001 rows; send 1 to 1,000 at a time."}
    assert program.nothing_logged()
    answer = program.post_rows(*rows[:1000:10])
    assert (answer.status_code, answer.json()["accepted"]) == (200, 100)


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Basic YTpi"}, {"Authorization": "Bearer "}])
def test_without_a_token_nothing_is_stored(program: Program, headers: dict[str, str]) -> None:
    answer = program.send("POST", "interactions", token="", headers=headers, json=program.interaction())
    assert answer.status_code == 401
    assert "kpibot token create" in answer.json()["error"]
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert program.nothing_logged()


def test_an_unknown_or_revoked_token_is_refused(program: Program) -> None:
    assert program.post(token="kpibot_made_up").status_code == 401
    program.agency.set(tables.api_token, revoked_at=program.agency.now())
    assert program.post().status_code == 401
    assert program.nothing_logged()


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

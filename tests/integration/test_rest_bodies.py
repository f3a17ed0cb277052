"""Whatever another program sends, it gets one sentence that says what is wrong, and nothing is changed."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from sqlalchemy import NullPool, create_engine, make_url

from kpi.store import tables
from kpi.store.store import Store, open_store
from tests.rest import Program

BELIEVED = {"owner": "bella", "name": "Bella Braun"}


@pytest.fixture
def program(tenant: Store) -> Program:
    return Program(tenant)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "The body is missing; send a JSON object."),
        (b"{", "The body is not valid JSON: Expecting property name enclosed in double quotes at line 1, column 2."),
        (b'{"rows": [{"owner": NaN}]}', "The body is not valid JSON: NaN is no number in it."),
        (b'{"rows": [-1e999]}', "The body has a number larger than any, -1e999."),
        (b"9" * 5000, f"The body has a number of more than 100 digits, {'9' * 60}…."),
        (b'{"rows": [-Infinity]}', "The body is not valid JSON: -Infinity is no number in it."),
        (b'{"rows": [{"owner": "a", "name": "A", "owner": "b"}]}', "One object of the body has “owner” twice."),
        (b'{"rows": [], "rows": []}', "One object of the body has “rows” twice."),
        (b"\xff\xfe{}", "The body is not valid UTF-8."),
        (b'{"rows": [{"owner": "\xe9"}]}', "The body is not valid UTF-8."),
        (b"[" * 200_000, "The body is nested too deeply."),
        (b'{"a":' * 100_000, "The body is nested too deeply."),
        (b"[]", 'The body must be an object like {"rows": [ … ]}.'),
        (b"17", 'The body must be an object like {"rows": [ … ]}.'),
        (b"{}", "rows is missing."),
        (b'{"rows": null}', "rows is missing."),
        (b'{"rows": {"owner": "a"}}', "rows must be a list of objects."),
        (b'{"rows": []}', "rows holds 0 rows; send 1 to 1,000 at a time."),
        (b'{"rows": [{}], "dry_run": true}', "“dry_run” is not known here; the body is an object with rows alone."),
    ],
)
def test_a_body_that_is_no_batch_is_refused_whole(program: Program, body: bytes, words: str) -> None:
    answer = program.raw("owners", body)
    assert (answer.status_code, answer.json()) == (422, {"error": words})
    assert program.agency.only(tables.owner)["key"] == "anna"


def test_a_thousand_rows_are_a_batch_and_one_more_is_not(program: Program) -> None:
    rows = [{"owner": f"o{number}", "name": "Somebody"} for number in range(1001)]
    refused = program.put("owners", *rows)
    assert (refused.status_code, refused.json()["error"]) == (422, "rows holds 1,001 rows; send 1 to 1,000 at a time.")
    assert program.put("owners", *rows[:1000]).json()["new"] == 1000


@pytest.mark.parametrize("kind", ["text/csv", "application/x-www-form-urlencoded", "multipart/form-data", "nonsense"])
def test_what_does_not_call_itself_json_is_refused(program: Program, kind: str) -> None:
    answer = program.raw("owners", json.dumps({"rows": [BELIEVED]}).encode(), kind)
    assert answer.status_code == 415
    assert answer.json() == {"error": "Send JSON, with the header Content-Type: application/json."}


@pytest.mark.parametrize(
    "kind", ["application/json; charset=utf-8", "Application/JSON", "application/merge-patch+json"]
)
def test_json_may_come_under_its_other_names_and_with_a_byte_order_mark(program: Program, kind: str) -> None:
    body = json.dumps({"rows": [BELIEVED]}).encode("utf-8-sig")
    assert program.raw("owners", body, kind).json()["new"] == 1


class Endless:
    """A body of many parts, and how many of them were read."""

    def __init__(self, parts: int) -> None:
        self.parts = parts
        self.read = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for _ in range(self.parts):
            self.read += 1
            yield b" " * 100_000


def test_a_body_larger_than_any_batch_is_not_read_to_its_end(program: Program) -> None:
    body = Endless(1000)
    answer = program.send("PUT", "owners", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 413
    assert answer.json() == {"error": "The body is larger than 4,000,000 bytes; send fewer rows at a time."}
    assert body.read < 45


def test_without_a_good_token_nothing_of_a_body_is_read(program: Program) -> None:
    for token, status in (("", 401), ("kpibot_made_up", 401), (program.tokens.create("dashboard", ["read"]), 403)):
        body = Endless(1000)
        assert program.send("PUT", "owners", token=token, content=body).status_code == status
        assert body.read == 0


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        ("a text", None, "this is no object"),
        (None, None, "this is no object"),
        ([["owner", "bella"]], None, "this is no object"),
        ({**BELIEVED, "colour": "red"}, "colour", "there is no such column; expected owner, name, email, "),
        ({**BELIEVED, "\ud800": "red"}, "?", "there is no such column"),
        ({**BELIEVED, "n" * 100_000: 1}, "n" * 60, "there is no such column"),
        ({**BELIEVED, "email": ["a@b.example"]}, "email", "expected a text, a number, true, false or null"),
        ({**BELIEVED, "email": {"at": {"deep": [[[[]]]]}}}, "email", "expected a text"),
        ({**BELIEVED, "email": 17}, "email", "“17” cannot be taken; expected an e-mail address"),
        ({**BELIEVED, "email": True}, "email", "“true” cannot be taken; expected an e-mail address"),
        ({**BELIEVED, "name": "x" * 3_000_000}, "name", "expected at most 255 characters"),
        ({**BELIEVED, "name": "a\0b"}, "name", "cannot be taken"),
        ({**BELIEVED, "name": "a\ud800b"}, "name", "cannot be taken"),
        ({**BELIEVED, "owner": "\ud800"}, "owner", "cannot be taken"),
        ({**BELIEVED, "email": "\ud800@agency.example"}, "email", "cannot be taken"),
        ({**BELIEVED, "manager": "a\ud800b"}, "manager", "cannot be taken"),
        ({**BELIEVED, "name": "  "}, "name", "must be filled in"),
        ({**BELIEVED, "name": None}, "name", "must be filled in"),
        ({**BELIEVED, "name": "", "email": "nowhere"}, "name", "; email: “nowhere” cannot be taken"),
        ({"owner": "bella"}, "name", "it is missing; it must be filled in"),
        ({}, "owner", "it is missing"),
    ],
)
def test_a_row_that_cannot_be_taken_is_told_why_and_the_others_are_written(
    program: Program, row: Any, column: str | None, words: str
) -> None:
    answer = program.put("owners", {"owner": "carl", "name": "Carl"}, row, BELIEVED | {"owner": "dora"})
    assert answer.status_code == 207
    told = answer.json()
    assert (told["accepted"], told["rejected"]) == (2, 1)
    (rejected,) = told["rows"]
    assert (rejected["row"], rejected["status"]) == (1, "rejected")
    assert rejected["column"] == column
    assert words in rejected["reason"]
    assert len(rejected["reason"]) < 1000
    assert [owner["key"] for owner in program.agency.rows(tables.owner)] == ["anna", "carl", "dora"]


@pytest.mark.parametrize(
    ("value", "good"),
    [
        ("17", True),
        ("17.0", True),
        ("1.7e1", True),
        ("-0.5", True),
        ('"17"', True),
        ('"inf"', False),
        ('"1e999"', False),
        ("true", False),
        ("[17]", False),
    ],
)
def test_a_number_is_a_number_that_can_be_kept(program: Program, value: str, *, good: bool) -> None:
    row = f'{{"account": "acme", "day": "2026-09-02", "metric": "logins", "value": {value}}}'
    answer = program.raw("usage", f'{{"rows": [{row}]}}'.encode())
    told = answer.json()
    assert (answer.status_code, told["new"], told["rejected"]) == ((200, 1, 0) if good else (207, 0, 1))
    assert good or told["rows"][0]["column"] == "value"


def test_a_whole_number_may_be_written_as_programs_do(program: Program) -> None:
    for number, value in enumerate(("4", "4.0", "40e-1")):
        row = f'{{"account": "acme", "day": "2026-09-0{number + 1}", "from_client": {value}, "from_us": 0}}'
        assert program.raw("messages", f'{{"rows": [{row}]}}'.encode()).json()["new"] == 1
    half = {"account": "acme", "day": "2026-09-05", "from_client": 4.5, "from_us": 0}
    assert program.put("messages", half).json()["rows"][0]["column"] == "from_client"


def test_where_there_is_nothing_a_sentence_says_so(program: Program) -> None:
    answer = program.send("PUT", "owner", json={"rows": [BELIEVED]})
    assert answer.status_code == 404
    assert answer.json() == {"error": "There is nothing at /api/v1/owner; /api/docs lists what there is."}


def test_a_method_a_path_does_not_take_is_told_which_it_does(program: Program) -> None:
    answer = program.send("PUT", "interactions", json={"rows": [program.interaction()]})
    assert (answer.status_code, answer.headers["Allow"]) == (405, "DELETE, PATCH, POST")
    assert answer.json() == {"error": "/api/v1/interactions takes DELETE, PATCH, POST, not PUT."}


class Leaving:
    """Connects to a database until it goes away."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        self.left = 1_000

    def __call__(self) -> psycopg.Connection[Any]:
        self.left -= 1
        if self.left < 0:
            raise psycopg.OperationalError("the server is gone")
        return psycopg.connect(self.url)


@pytest.fixture
def leaving(migrated_url: str) -> Leaving:
    return Leaving(migrated_url)


@pytest.fixture
def abandoned(leaving: Leaving) -> Program:
    engine = create_engine("postgresql+psycopg://", creator=leaving, poolclass=NullPool)
    return Program(open_store(engine, datetime(2026, 1, 1, tzinfo=UTC)))


@pytest.mark.parametrize("connections", [0, 1])
def test_without_a_database_a_program_is_asked_to_try_again(
    abandoned: Program, leaving: Leaving, connections: int
) -> None:
    leaving.left = connections
    away = {"error": "The database cannot be reached just now; nothing was changed. Please try again."}
    answer = abandoned.put("owners", BELIEVED)
    assert (answer.status_code, answer.json()) == (503, away)
    leaving.left = connections
    answer = abandoned.post_rows(abandoned.interaction())
    assert (answer.status_code, answer.json()) == (503, away)


def test_a_database_that_goes_away_within_a_batch_loses_and_doubles_nothing(
    abandoned: Program, leaving: Leaving
) -> None:
    rows = [abandoned.interaction(external_id=str(number)) for number in range(4)]
    leaving.left = 3  # for the token and two rows
    answer = abandoned.post_rows(*rows)
    assert answer.status_code == 503
    assert answer.json()["error"].startswith("The database went away after 2 of 4 rows. Please send them all again")
    leaving.left = 1_000
    assert [row["status"] for row in abandoned.post_rows(*rows).json()["rows"]] == ["duplicate"] * 2 + ["stored"] * 2
    assert abandoned.agency.count(tables.interaction) == 4

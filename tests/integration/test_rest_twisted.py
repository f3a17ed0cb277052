"""Whatever a program sends to any operation of the interface, with a token that may do everything: it gets an answer
it can read, and nothing fails behind it."""

import json
import re
from typing import Any
from urllib.parse import quote

import pytest
from httpx import Response
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine
from structlog.testing import capture_logs

from tests.fuzzing import examples, look
from tests.integration.test_openapi import OPERATIONS
from tests.rest import Program, workspace_in
from tests.twisting import CHANGES, Change, twisted

KEYS = st.sampled_from(("acme", "anna", "carla", "csat", "nobody", "%00", "%ff", "..", "%2F", "a" * 3000, "%ED%A0%80"))
WORDS = st.sampled_from(
    (
        "last month",
        "2026-Q3",
        "9999",
        "-1",
        "",
        "\0",
        "a" * 5000,
        "\u0663",
        "account",
        "2026-02-30T25:00",
        "true",
        "1e9",
    )
) | st.text(max_size=8)
NAMES = st.sampled_from(("period", "account", "segment", "owner", "variant", "as_of", "by", "trend", "explain", "x"))
HEADERS = st.fixed_dictionaries(
    {},
    optional={
        "Content-Type": st.sampled_from(
            ("application/json", "text/plain", "application/json; charset=utf-16", "", "/")
        ),
        "Content-Encoding": st.sampled_from(("gzip", "br", "x")),
        "Accept": st.just("text/html"),
        "Authorization": st.sampled_from(("Bearer", "Bearer a b", "Basic eDp4", "Bearer \xe9", "bearer " + "x" * 5000)),
        "X-Request-ID": st.just("\xff"),
    },
)


@pytest.fixture(scope="module")
def program(shared_engine: Engine) -> Program:
    """One for all examples; its token may read and write."""
    made = Program(workspace_in(shared_engine))
    made.token = made.tokens.create("all", ["read", "write"])
    return made


def body_of(name: str) -> Any:
    """The body the description shows for an operation, None where it takes none."""
    described = OPERATIONS[name].get("requestBody")
    if described is None:
        return None
    content = described["content"]["application/json"]
    return content["example"] if "example" in content else next(iter(content["examples"].values()))["value"]


def sent(program: Program, name: str, key: str, **more: Any) -> Response:
    """One call of an operation, which is answered in words and without a fault of ours."""
    method, _, path = name.partition(" ")
    with capture_logs() as logged:
        answer = program.send(method, re.sub(r"\{\w+\}", key, path.removeprefix("/api/v1/")), **more)
    assert answer.status_code < 500, answer.text
    assert [line for line in logged if line.get("exc_info")] == []
    assert answer.status_code < 400 or list(answer.json()) == ["error"], answer.text
    return answer


@examples(200, 4000)
def test_no_body_with_anything_in_the_place_of_anything_makes_us_stumble(program: Program, count: int) -> None:
    @given(st.sampled_from([name for name in OPERATIONS if body_of(name) is not None]), KEYS, CHANGES)
    def holds(name: str, key: str, changes: list[Change]) -> None:
        content = json.dumps(twisted(body_of(name), changes)).encode()
        sent(program, name, key, content=content, headers={"Content-Type": "application/json"})

    look(holds, count)


@examples(200, 4000)
def test_no_bytes_and_no_headers_make_us_stumble(program: Program, count: int) -> None:
    parts = st.sampled_from(
        (b'{"rows": [', b"]}", b'{"', b'"key"', b":", b",", b"\xff", b"\\ud800", b"9" * 5000, b"NaN")
    )
    bodies = st.lists(parts | st.binary(max_size=6), max_size=10).map(b"".join) | st.just(b"[" * 100_000)

    @given(st.sampled_from(list(OPERATIONS)), KEYS, bodies, HEADERS)
    def holds(name: str, key: str, body: bytes, headers: dict[str, str]) -> None:
        raw = {header: value.encode("latin-1") for header, value in headers.items()}
        sent(program, name, key, content=body, headers=raw)

    look(holds, count)


@examples(100, 4000)
def test_no_question_makes_us_stumble(program: Program, count: int) -> None:
    asking = [name for name in OPERATIONS if name.startswith("GET")]

    @given(st.sampled_from(asking), KEYS, st.lists(st.tuples(NAMES, WORDS), max_size=5))
    def holds(name: str, key: str, asked: list[tuple[str, str]]) -> None:
        query = "&".join(f"{word}={quote(value, errors='replace')}" for word, value in asked)
        sent(program, f"{name}?{query}", key)

    look(holds, count)

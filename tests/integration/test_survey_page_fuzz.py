"""Whatever a machine makes up and sends to the page gets a page, and nothing is stored that nobody said."""

import re
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from tests.doorstep import FORM, Doorstep
from tests.rest import workspace_in

FUZZ = settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
NAMES = st.sampled_from(["score", "comment", "tag", "wish", "done", "", "x"])
VALUES = st.sampled_from(["0", "6", "-1", "speed", "stop!", "\0", "١"]) | st.text(max_size=30)
HEADERS = st.dictionaries(
    st.sampled_from(["Accept-Language", "Content-Type", "X-Forwarded-For", "Host", "Accept", "Cookie", "Origin"]),
    st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40),
)


@pytest.fixture(scope="module")
def patient(shared_engine: Engine) -> Doorstep:
    """One for all examples of a property."""
    return Doorstep(workspace_in(shared_engine))


@FUZZ
@given(path=st.text(max_size=60), headers=HEADERS, method=st.sampled_from(["GET", "HEAD", "POST"]))
@example(path="%", headers={}, method="GET")
@example(path="../../healthz", headers={}, method="GET")
@example(path="%00/%ff", headers={"Host": ""}, method="POST")
def test_no_path_makes_us_stumble(patient: Doorstep, path: str, headers: dict[str, str], method: str) -> None:
    before = patient.stored()
    path = re.sub(r"[\x00-\x20\x7f?#]", "_", path.encode("utf-8", "replace").decode())
    assert patient.send(method, path, headers=headers).status_code < 500
    assert patient.stored() == before


@FUZZ
@given(
    path=st.sampled_from(["answer", "comment", "wish"]),
    fields=st.lists(st.tuples(NAMES, VALUES), max_size=6),
    headers=HEADERS,
)
@example(path="comment", fields=[("comment", "0"), ("comment", "0")], headers={})
def test_no_form_makes_us_stumble_or_stores_what_was_not_meant(
    patient: Doorstep, path: str, fields: list[tuple[str, str]], headers: dict[str, str]
) -> None:
    before, good = patient.stored(), [value for name, value in fields if name == "score" and value in {*"12345"}]
    body = urlencode(fields, errors="replace").encode()
    answer = patient.send("POST", f"{patient.token}/{path}", content=body, headers={"Content-Type": FORM, **headers})
    assert answer.status_code in (303, 422) or headers.get("Content-Type")
    if not good and path == "answer":
        assert patient.stored() == before
    for row in patient.replies():
        assert row["score"] in range(1, 6)


@FUZZ
@given(
    path=st.sampled_from(["answer", "comment", "wish"]), body=st.binary(max_size=200), kind=st.sampled_from(["", FORM])
)
def test_no_bytes_make_us_stumble(patient: Doorstep, path: str, body: bytes, kind: str) -> None:
    sent: dict[str, Any] = {"content": body, "headers": {"Content-Type": kind} if kind else {}}
    assert patient.send("POST", f"{patient.token}/{path}", **sent).status_code in (303, 413, 422)

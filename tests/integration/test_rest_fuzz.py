"""Whatever a machine makes up, and sends as a batch or an interaction, gets an answer a program can read."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from bot.web.rest.batches import BY_KEY
from bot.web.rest.schema import example_row
from kpi.records.catalog import BY_NAME
from tests.rest import Program, workspace_in

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=40),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(), max_size=20), inner, max_size=4)
    ),
    max_leaves=12,
)
WORDS = (
    *(
        "",
        " ",
        "acme",
        "anna",
        "carla",
        "EUR",
        "XXX",
        "won",
        "open",
        "project",
        "-1",
        "007",
        "1e400",
        "%s",
        "{}",
        "’; --",
    ),
    *("2026-09-01", "2026-02-30", "0001-01-01", "9999-12-31", "2026-03-29T02:30", "0001-01-01T00:00:00+14:00"),
    *("9999-12-31T23:59:59-14:00", "\0", "\ud800"),
)
TEXTS = st.sampled_from(WORDS) | st.text(st.characters(), max_size=40)
FINITE = st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.none() | st.booleans() | st.integers() | FINITE | TEXTS
PATHS = st.sampled_from(["owners", "terms", "revenue", "replies", "usage", "interactions"])
QUICK = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def patient(shared_engine: Engine) -> Program:
    """One for all examples of a property."""
    return Program(workspace_in(shared_engine))


def sentence(answer: Any) -> bool:
    """Whether it is an answer a person can read."""
    if answer.status_code in (200, 201, 207):
        return True
    return answer.status_code in (404, 409, 413, 415, 422) and list(answer.json()) == ["error"]


@QUICK
@given(path=PATHS, body=st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
@example(path="owners", body=b'{"rows": [{"owner": "\\ud800", "name": "\\udfff\\ud800"}]}')
def test_no_bytes_make_us_stumble(patient: Program, path: str, body: bytes) -> None:
    method = "POST" if path == "interactions" else "PUT"
    assert sentence(patient.send(method, path, content=body, headers={"Content-Type": "application/json"}))


@QUICK
@given(path=PATHS, rows=st.lists(JSON, max_size=4))
def test_no_values_make_us_stumble(patient: Program, path: str, rows: list[Any]) -> None:
    method = "POST" if path == "interactions" else "PUT"
    body = json.dumps({"rows": rows}).encode()
    assert sentence(patient.send(method, path, content=body, headers={"Content-Type": "application/json"}))


@QUICK
@given(data=st.data(), path=st.sampled_from([entity.name for entity in BY_KEY]))
def test_no_values_in_known_columns_make_us_stumble(patient: Program, data: st.DataObject, path: str) -> None:
    columns = dict.fromkeys(BY_NAME[path].names, VALUES)
    usual = example_row(BY_NAME[path])
    changed = st.fixed_dictionaries({}, optional=columns).map(lambda change: {**usual, **change})
    body = json.dumps({"rows": data.draw(st.lists(changed, min_size=1, max_size=4))}).encode()
    answer = patient.raw(path, body)
    assert answer.status_code in (200, 207) or "cannot stand beside what is stored" in answer.json()["error"]

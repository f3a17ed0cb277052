"""KPIs over REST: what the command line answers, word for word."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema_rs import validator_for
from typer.testing import CliRunner

from bot.cli import cli
from bot.web.rest.kpi_schema import ANSWER, LIST
from kpi.metrics.catalog import CATALOG
from kpi.store.store import Store
from tests.asking import at_home
from tests.kpi_programme import asked, reading
from tests.rest import Program

AS_OF = "2026-09-16T09:00:00Z"
KEYS = [kpi.key for kpi in CATALOG]
FORMS = [{}, {"by": "account"}, {"by": "owner"}, {"trend": "2"}, {"explain": "true"}]


@pytest.fixture
def program(store: Store, migrated_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Program:
    at_home(migrated_url, tmp_path, monkeypatch)
    return reading(store)


def printed(key: str, **words: str) -> Any:
    """What the command line answers to the same."""
    options = [
        f"--{name.replace('_', '-')}" + ("" if name == "explain" else f"={value}") for name, value in words.items()
    ]
    return json.loads(CliRunner().invoke(cli, ["kpi", key, "--json", *options]).stdout)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: "".join(form) or "alone")
def test_every_answer_is_the_command_lines_and_as_described(program: Program, form: dict[str, str]) -> None:
    described = validator_for(ANSWER)
    for key in KEYS:
        told = asked(program, key, as_of=AS_OF, **form)
        assert told.status_code == 200, told.text
        assert told.json() == printed(key, as_of=AS_OF, **form)
        described.validate(told.json())


def test_a_scope_a_period_and_a_variant_are_understood_as_on_the_command_line(program: Program) -> None:
    for words in (
        {"period": "2026-08", "account": "Akme GmbH"},
        {"period": "FY2026-Q1", "owner": "arendt"},
        {"variant": "historic", "account": "acme"},
    ):
        key = "clv" if "variant" in words else "churn"
        told = asked(program, key, as_of=AS_OF, **words)
        assert told.json() == printed(key, as_of=AS_OF, **words)
        assert told.json()["scope"]["name"] in ("Acme GmbH", "Anna Arendt")


def test_a_kpi_is_found_by_any_of_its_names(program: Program) -> None:
    assert asked(program, "client satisfaction").json()["key"] == "csat"


def test_the_list_says_what_there_is(program: Program) -> None:
    told = program.send("GET", "kpis").json()
    validator_for(LIST).validate(told)
    assert [kpi["key"] for kpi in told["kpis"]] == KEYS
    assert told == json.loads(CliRunner().invoke(cli, ["kpi", "list", "--json"]).stdout)

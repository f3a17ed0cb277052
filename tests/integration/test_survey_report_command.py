"""`kpibot survey report` as people and programs call it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import cli
from kpi.errors import KpiError
from kpi.store import tables
from kpi.store.store import Store
from tests.asking import at_home
from tests.builders import Portfolio, at


@pytest.fixture
def portfolio(store: Store, migrated_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Portfolio:
    """Acme answered five of seven questions of September, Globex none of two; Carla wants no more."""
    at_home(migrated_url, tmp_path, monkeypatch)
    found = Portfolio(store)
    anna = found.owner("Anna")
    acme, globex = found.account("Acme [GmbH]", owner_id=anna), found.account("Globex")
    over = {"posted_at": at("2026-09-01"), "recorded_at": at("2026-09-01"), "expires_at": at("2026-09-08")}
    for account_id, states in ((acme, ["answered"] * 5 + ["expired"] * 2), (globex, ["expired"] * 2)):
        for state in states:
            found.survey(account_id, state, programme="csat", **over)
    for number in range(5):
        found.reply(acme, 5 if number else 1, at("2026-09-02"))
    found.survey(acme, "suppressed", reason="opted_out", recorded_at=at("2026-09-03"))
    found.row(tables.contact, account_id=acme, key="carla", name="Carla", opted_out_at=at("2026-09-03"))
    return found


def told(*words: str) -> Result:
    return CliRunner().invoke(cli, ["survey", "report", *words])


def test_it_prints_the_whole_a_line_each_and_what_needs_an_eye(portfolio: Portfolio) -> None:
    found = told("--period", "2026-09", "--bounds")
    assert found.exit_code == 0, found.exception
    lines = found.stdout.splitlines()
    assert lines[0] == "Surveys in September 2026: 9 asked: 5 answered, 4 ran out"
    assert lines[1].startswith("Response rate 55.6% (")
    assert lines[2] == "1 held back by the rules."
    table = found.stdout[found.stdout.index("Account") :]
    assert table.index("Acme") < table.index("Globex")
    words = " ".join(found.stdout.split())
    for said in (
        "no rate (n = 2)",
        "1 because the contact asked not to be surveyed",
        "Globex: 2 unanswered, since Sep 1, 2026, never answered",
        "Carla of Acme [GmbH] wants no questions, since Sep 3, 2026",
        "Client satisfaction 80% (n = 5); had the 4 silent all been unhappy 44.4%, all happy 88.9%",
    ):
        assert said in words


def test_json_is_one_document(portfolio: Portfolio) -> None:
    document = json.loads(told("--period", "2026-09", "--by", "programme", "--account", "Acme", "--json").stdout)
    assert list(document) == [
        "period", "scope", "by", "as_of", "whole", "lines", "silent", "wishes", "strangers", "bounds"
    ]  # fmt: skip
    assert (document["scope"], document["by"]) == ({"kind": "account", "name": "Acme [GmbH]"}, "programme")
    whole = document["whole"]
    assert (whole["asked"], whole["answered"], whole["expired"], whole["skipped"]) == (7, 5, 2, 0)
    assert whole["suppressed"] == {"the contact asked not to be surveyed": 1}
    assert (whole["response_rate"]["n"], round(whole["response_rate"]["value"], 1)) == (7, 71.4)
    assert [(line["name"], line["asked"]) for line in document["lines"]] == [("csat", 7), (None, 0)]
    assert document["wishes"] == [
        {"account": "Acme [GmbH]", "contact": "Carla", "no_more": True, "since": "2026-09-03T12:00:00+00:00"}
    ]


def test_what_cannot_be_meant_is_one_line(portfolio: Portfolio) -> None:
    found = told("--by", "segment")
    assert (found.exit_code, found.stderr) == (2, "--by takes account, programme or owner.\n")
    assert isinstance(told("--account", "Nobody").exception, KpiError)
    assert told("--account", "Acme", "--owner", "Anna").exit_code == 2

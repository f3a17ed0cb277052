"""`kpibot survey simulate` as people and programs call it: the rules of today over the meetings of then."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import cli
from bot.clock import utc_now
from kpi.errors import KpiError
from kpi.store import tables
from kpi.store.store import Store
from tests.asking import at_home
from tests.builders import Portfolio

RULES = """
programmes:
  after_contact: {off_for: [key-quiet], when: {all: [{segment: {not: [trial]}}]}}
  relationship: {active: false}
"""


@pytest.fixture
def portfolio(store: Store, migrated_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Portfolio:
    """Acme had three meetings with Carla in two months and an e-mail, Trial and Quiet one meeting each."""
    at_home(migrated_url, tmp_path, monkeypatch)
    (tmp_path / "config/surveys.yaml").write_text(RULES)
    found = Portfolio(store)
    acme = found.account("Acme", channel_id="C1")
    others = (found.account("Trial", channel_id="C2", segment="trial"), found.account("Quiet", channel_id="C3"))
    carla = found.contact(acme, "Carla")
    for account, contact, kind, days in (
        (acme, carla, "meeting", 80),
        (acme, carla, "meeting", 75),
        (acme, carla, "call", 20),
        (acme, None, "email", 20),
        *((other, None, "meeting", 10) for other in others),
    ):
        at = utc_now() - timedelta(days=days)
        told = {"account_id": account, "contact_id": contact, "kind": kind, "occurred_at": at, "recorded_at": at}
        found.row(tables.interaction, **told, logged_by="crm", source="crm", external_id=f"{account}-{kind}-{days}")
    return found


def told(*words: str) -> Result:
    return CliRunner().invoke(cli, ["survey", "simulate", *words])


def test_it_says_who_would_have_been_asked_and_what_each_rule_held_back(portfolio: Portfolio) -> None:
    document = json.loads(told("--json").stdout)
    assert (document["interactions"], document["asked"]) == (6, 2)
    assert document["account"][0] == {"name": "key-acme", "asked": 2,
                                      "suppressed": {"asked_same": 1, "kind_not_asked": 1}}  # fmt: skip
    assert {line["name"]: line["suppressed"] for line in document["account"][1:]} == {
        "key-quiet": {"switched_off": 1},
        "key-trial": {"conditions": 1},
    }
    assert document["contact"][0]["name"] == "Carla"


def test_the_same_for_people(portfolio: Portfolio) -> None:
    found = told("--by", "programme")
    assert found.exit_code == 0, found.exception
    words = " ".join(found.stdout.split())
    assert words.startswith("From 6 interactions of the last 90 days, 2 questions would be asked and 4 held back.")
    assert "1 because they were asked the same not long ago" in words


def test_nothing_is_stored(portfolio: Portfolio) -> None:
    told()
    assert portfolio.rows(tables.survey) == []


@pytest.mark.parametrize(("words", "status"), [(("--by", "weather"), 2), (("--days", "0"), 1), (("--days", "800"), 1)])
def test_what_makes_no_sense_is_one_sentence(portfolio: Portfolio, words: tuple[str, ...], status: int) -> None:
    found = told(*words)
    assert found.exit_code == status
    assert status == 2 or isinstance(found.exception, KpiError)

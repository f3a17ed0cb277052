"""`/kpi surveys` and `/kpi why-not`: whoever may ask about their own accounts hears of no others."""

import json
from typing import Any

import pytest

from bot.blocks.reader import Reader
from bot.desk import Desk
from bot.desk.sources import Sources
from kpi.errors import KpiError
from kpi.model import Actor
from kpi.services.impacts import Impacts
from kpi.services.targets import Targets
from kpi.store import tables
from kpi.store.store import Store
from tests.askers import ANNA, BEN, HELEN, OTTO, Askers
from tests.builders import BERLIN, at, policy, rehearsal

FOREIGN = ("Umbra", "Otto", "secret", "hidden")


@pytest.fixture
def askers(tenant: Store) -> Askers:
    """Every account let two questions run out and has somebody who wants no more."""
    found = Askers(tenant)
    for account in found.portfolio.rows(tables.account):
        whose, name = {"account_id": account["account_id"]}, f"Person of {account['name']}"
        found.portfolio.row(tables.contact, key=name, name=name, opted_out_at=at("2026-09-01"), **whose)
        with tenant.transaction() as tx:
            tx.run(tables.reply.delete().where(tx.mine(tables.reply)))
        for _ in range(2):
            found.portfolio.survey(
                account["account_id"], "expired", posted_at=at("2026-09-01"), expires_at=at("2026-09-08"),
                owner_at_send=account["owner_id"],
            )  # fmt: skip
        found.portfolio.survey(account["account_id"], "scheduled", reason="account_budget", due_at=at("2026-11-01"))
    return found


def said(askers: Askers, who: Actor, text: str) -> str:
    """What the desk answers, or refuses in words."""
    reports = askers.reports
    beside = (Targets(askers.store, policy(), askers.now), Impacts(reports, askers.store), rehearsal(askers.store))
    desk = Desk(Sources(reports, *beside))
    try:
        found: Any = desk.answer(desk.read(text), askers.admit(who), Reader("en", BERLIN)).card
    except KpiError as fault:
        return str(fault)
    return json.dumps(found, ensure_ascii=False)


@pytest.mark.parametrize("text", ["surveys", "surveys by account", "surveys mine by owner", "surveys by programme"])
def test_nothing_they_are_shown_names_another_account_or_owner(askers: Askers, text: str) -> None:
    shown = said(askers, ANNA, text)
    assert "Surveys of owner Anna Arendt in the last 90 days" in shown
    assert "Person of Acme GmbH of Acme GmbH wants no questions" in shown
    assert not [name for name in (*FOREIGN, "Globex", "Ben") if name in shown]


def test_who_may_ask_about_all_is_told_of_all(askers: Askers) -> None:
    shown = said(askers, HELEN, "surveys this year by owner")
    for name in ("Anna Arendt", "Ben Brandt", "Otto Olsen", "without owner", "Umbrella Corp: 2 unanswered"):
        assert name in shown


def test_a_boss_may_ask_for_their_people_and_nobody_else_for_others(askers: Askers) -> None:
    assert "Surveys of owner Ben Brandt" in said(askers, ANNA, "surveys owner Ben")
    assert "Surveys of Globex" in said(askers, BEN, "surveys Globex by programme last 90 days")
    for text in ("surveys Umbra", "surveys owner Otto", "why-not Umbra"):
        assert "You may ask about your own clients only." in said(askers, BEN, text)
    assert "A segment has others' too" in said(askers, BEN, "surveys segment secret")


def test_why_not_tells_what_is_put_off_and_who_wants_no_questions(askers: Askers) -> None:
    shown = said(askers, OTTO, "why-not Umbra")
    assert "CSAT *put off* until Nov 1, 2026, 13:00 CET: the account has had its questions for now" in shown
    assert "Person of Umbra of Umbra wants no questions, since Sep 1, 2026" in shown


def test_another_grouping_is_refused_with_those_there_are(askers: Askers) -> None:
    assert said(askers, HELEN, "surveys by segment") == (
        "How asking went is told by account, by programme or by owner."
    )


def test_a_simulation_is_for_those_who_may_see_all(askers: Askers) -> None:
    assert "only who may see all of them" in said(askers, ANNA, "simulate 30 days")
    assert "0 questions would be asked" in said(askers, HELEN, "simulate 30 days by programme")

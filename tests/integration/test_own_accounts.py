"""Whoever may ask about their own accounts learns nothing of anybody else's, however they ask."""

import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from sqlalchemy import Engine, func, select

from kpi.errors import KpiError, Refused, UnknownWord
from kpi.metrics.catalog import CATALOG
from kpi.model import Actor, Scope
from kpi.services.access import Admitted, narrowed, own_scope, visible
from kpi.services.inquiries import Inquiry, answer, document
from kpi.services.questions import Question
from kpi.services.reports import Reports
from kpi.store import admission, tables
from kpi.store.store import Store
from tests.askers import ANNA, BEN, HELEN, NORA, OTTO, Askers
from tests.sample_portfolio import sample_reports

FOREIGN = ("Umbra", "Umbrella Corp", "Otto Olsen", "secret", "hidden")
WAYS: tuple[dict[str, Any], ...] = ({}, {"by": "account"}, {"by": "segment"}, {"trend": 3}, {"explain": True})


@pytest.fixture
def askers(tenant: Store) -> Askers:
    return Askers(tenant)


def told(askers: Askers, who: Actor, scope: Scope | None = None, **way: Any) -> Any:
    """What somebody reads who asks for CSAT: the document, or the words of the refusal."""
    admission = askers.admit(who)
    forgiving = bool(way.pop("forgiving", False))
    try:
        question = Question("csat", scope=admission.scope(scope), owners=admission.owners, forgiving=forgiving)
        return document(answer(askers.reports, Inquiry(question, **way)))
    except KpiError as fault:
        return str(fault)


def test_a_question_about_nobody_in_particular_is_answered_for_their_own_accounts(askers: Askers) -> None:
    mine = told(askers, ANNA)
    assert (mine["scope"]["kind"], mine["scope"]["name"], mine["n"]) == ("owner", "Anna Arendt", 12)
    assert told(askers, HELEN)["n"] == 30
    assert told(askers, BEN)["scope"]["name"] == "Ben Brandt"


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_nothing_they_are_shown_names_another_account_owner_or_segment(askers: Askers, way: dict[str, Any]) -> None:
    shown = json.dumps(told(askers, ANNA, **way), default=str)
    assert "Anna Arendt" in shown or "Acme" in shown
    assert not [name for name in (*FOREIGN, "Globex", "Ben") if name in shown]


def test_a_breakdown_holds_their_own_accounts_and_segments_and_no_other_line(askers: Askers) -> None:
    by_account, by_segment = told(askers, ANNA, by="account"), told(askers, ANNA, by="segment")
    assert {value["scope"]["name"] for value in by_account["values"]} == {"Acme GmbH", "Initech"}
    assert {value["scope"]["name"]: value["n"] for value in by_segment["values"]} == {"large": 6, "small": 6}
    assert told(askers, ANNA, by="owner") == "One owner cannot be broken down by owner."


def test_a_boss_asks_for_each_of_their_people_and_those_peoples_accounts_by_name(askers: Askers) -> None:
    assert told(askers, ANNA, Scope("owner", "Ben"))["n"] == 6
    assert told(askers, ANNA, Scope("account", "globex"))["scope"]["name"] == "Globex"
    assert "no" in told(askers, BEN, Scope("owner", "Anna"))
    assert "neither" in told(askers, BEN, Scope("account", "Acme GmbH"))


@pytest.mark.parametrize("kind", ["account", "owner"])
@pytest.mark.parametrize("forgiving", [False, True])
@pytest.mark.parametrize(
    "name", ["Umbra", "umbra", "KEY-Umbra", "Umb", "Umbrela", "Umbrella Corp", "Otto Olsen", "otto olsen", "Oto"]
)
def test_a_name_of_others_is_answered_like_a_name_that_does_not_exist(
    askers: Askers, kind: str, forgiving: bool, name: str
) -> None:
    said = told(askers, ANNA, Scope(kind, name), forgiving=forgiving)
    assert isinstance(said, str)
    assert said.endswith("You may ask about your own clients only.")
    assert not [foreign for foreign in FOREIGN if foreign in said.replace(f"“{name}”", "")]
    with askers.store.transaction() as tx:
        for table in (tables.account, tables.owner):
            foreign = (tx.mine(table), table.c.name.in_(FOREIGN))
            tx.run(table.update().where(*foreign).values(name="Z" + func.md5(table.c.name), key=func.md5(table.c.key)))
    assert told(askers, ANNA, Scope(kind, name), forgiving=forgiving) == said, "now there is nobody of that name"


@pytest.mark.parametrize("name", ["large", "secret", "there is none"])
def test_a_segment_is_refused_whether_or_not_it_exists(askers: Askers, name: str) -> None:
    said = told(askers, ANNA, Scope("segment", name))
    assert said == "You may ask about your own clients only. A segment has others' too."
    assert told(askers, HELEN, Scope("segment", "large"))["n"] == 12


def test_the_nearest_names_are_looked_for_among_their_own(askers: Askers) -> None:
    assert "Did you mean Initech?" in told(askers, ANNA, Scope("account", "Inittech"))
    assert "could be Umbra or Umbrella Corp" in told(askers, HELEN, Scope("account", "umbr"))
    assert "Umbrella" not in told(askers, OTTO, Scope("account", "umbrel"))
    assert told(askers, OTTO, Scope("account", "umbr"))["scope"]["name"] == "Umbra"


def test_an_id_from_somebody_elses_card_opens_nothing(askers: Askers) -> None:
    (acme, *_, umbra, _) = askers.portfolio.rows(tables.account)
    mine, others = Scope("account", "renamed", acme["account_id"]), Scope("account", "Umbra", umbra["account_id"])
    assert told(askers, ANNA, mine)["scope"]["name"] == "Acme GmbH"
    assert told(askers, HELEN, others)["scope"]["name"] == "Umbra"
    assert told(askers, ANNA, others) == told(askers, ANNA, replace(others, id=0))
    forged = Scope("account", None, umbra["account_id"])
    assert told(askers, ANNA, forged) == "You may ask about your own clients only."


def test_a_question_without_a_scope_that_was_not_narrowed_is_refused(askers: Askers) -> None:
    owners = askers.admit(ANNA).owners
    with pytest.raises(Refused):
        askers.reports.answer(Question("csat", owners=owners))
    with pytest.raises(UnknownWord):
        askers.reports.answer(Question("csat", scope=Scope("segment", "large"), owners=owners))


def test_narrowing_leaves_what_somebody_may_ask_as_it_is() -> None:
    everybody, anna = Admitted("member"), admission.Owned(1, "Anna", has_accounts=True, is_self=True)
    for scope in (None, Scope(), Scope("segment", "large"), Scope("account", "Acme")):
        assert narrowed(scope, everybody) == scope
    own = Admitted("owner", (anna,))
    assert narrowed(None, own) == narrowed(Scope(), own) == Scope("owner", "Anna", 1)
    assert narrowed(Scope("account", "Acme"), own) == Scope("account", "Acme")


def test_of_a_list_of_scopes_they_see_their_own_accounts_and_people(askers: Askers) -> None:
    accounts, owners = askers.portfolio.rows(tables.account), askers.portfolio.rows(tables.owner)
    found = [
        Scope(),
        Scope("segment", "large", "large"),
        *(Scope("account", row["name"], row["account_id"]) for row in accounts),
        *(Scope("owner", row["name"], row["owner_id"]) for row in owners),
    ]
    with askers.store.transaction() as tx:
        hers = visible(tx, found, askers.admit(ANNA).access)
        assert [scope.name for scope in hers] == ["Acme GmbH", "Initech", "Globex", "Anna Arendt", "Ben Brandt"]
        assert visible(tx, found, askers.admit(HELEN).access) == found


def test_mine_is_the_accounts_one_owns_and_says_so_when_there_are_none(askers: Askers) -> None:
    askers.owner("Nora Nielsen", NORA)
    askers.portfolio.row(tables.owner, key="zoe", name="Zoe", slack_user_id="U0ZOE")
    with askers.store.transaction() as tx:
        assert own_scope(tx, ANNA.user_id).name == "Anna Arendt"
        with pytest.raises(KpiError, match=r"No client is yours here: no owner of accounts has your Slack user id\."):
            own_scope(tx, HELEN.user_id)
        with pytest.raises(KpiError, match=r"^No client is yours at present\.$"):
            own_scope(tx, NORA.user_id)
        ben = select(tables.owner.c.owner_id).where(tx.mine(tables.owner), tables.owner.c.slack_user_id == BEN.user_id)
        nora = tables.owner.c.slack_user_id == NORA.user_id
        boss = tx.value(select(tables.owner.c.owner_id).where(tx.mine(tables.owner), nora))
        tx.run(tables.owner.update().where(tables.owner.c.owner_id == tx.value(ben)).values(manager_id=boss))
        with pytest.raises(
            KpiError, match=r"No client is yours at present\. Ask for one of your team: owner “Ben Brandt”"
        ):
            own_scope(tx, NORA.user_id)


@pytest.fixture(scope="module")
def sample(shared_engine: Engine) -> Iterator[Reports]:
    with sample_reports(shared_engine) as reports:
        yield reports


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_no_kpi_of_a_sample_portfolio_names_an_account_of_others(sample: Reports, way: dict[str, Any]) -> None:
    with sample.store.transaction() as tx:
        accounts = tx.rows(select(tables.account).where(tx.mine(tables.account)))
        owner = tx.rows(select(tables.owner).where(tx.mine(tables.owner)))[0]
        replies = tx.rows(
            select(tables.reply).where(tx.mine(tables.reply), tables.reply.c.owner_id == owner["owner_id"])
        )
        surveys = tx.rows(
            select(tables.survey).where(tx.mine(tables.survey), tables.survey.c.owner_at_send == owner["owner_id"])
        )
    once_theirs = {row["account_id"] for row in (*replies, *surveys)}
    own = {owner["owner_id"]}
    others = [row["name"] for row in accounts if row["owner_id"] not in own and row["account_id"] not in once_theirs]
    assert len(others) > 5
    asked = 0
    for kpi, period in product(CATALOG, ("last 12 months", "2026-Q2")):
        scope = Scope("owner", owner["name"], owner["owner_id"])
        question = Question(kpi.key, period, scope, owners=frozenset(own))
        try:
            shown = json.dumps(document(answer(sample, Inquiry(question, **way))), default=str, ensure_ascii=False)
        except KpiError:
            continue
        asked += 1
        assert not [name for name in others if json.dumps(name, ensure_ascii=False) in shown], kpi.key
    assert asked > 20

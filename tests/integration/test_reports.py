"""Asking for a KPI over a real database."""

import pytest

from kpi.errors import KpiError, UnknownWord
from kpi.model import KpiValue, Scope, Status
from kpi.services.questions import Question
from kpi.services.reports import Reports
from kpi.store.store import Store
from tests.builders import Portfolio, at, policy
from tests.fakes import FakeNow

NOW = FakeNow(at("2026-10-05"))


@pytest.fixture
def portfolio(store: Store) -> Portfolio:
    return Portfolio(store)


@pytest.fixture
def reports(store: Store) -> Reports:
    return Reports(store, policy(), NOW)


def ask(reports: Reports, text: str) -> KpiValue:
    asked = reports.read(text)
    assert asked.question
    return reports.answer(asked.question)


def test_a_kpi_asked_by_name_carries_its_value_n_interval_and_change(reports: Reports, portfolio: Portfolio) -> None:
    portfolio.answers([5] * 9 + [1], "2026-05-10")
    portfolio.answers([5] * 6 + [1] * 4, "2026-08-10")
    value = ask(reports, "satisfaction 2026-Q3")
    assert (value.key, value.value, value.n, value.accounts) == ("csat", 60.0, 10, 10)
    assert value.previous
    assert value.previous.value == 90.0
    assert value.interval
    assert value.interval.low < 60 < value.interval.high
    assert value.change
    assert value.change.delta == pytest.approx(-30)
    assert value.target
    assert value.target.met is None, "ten answers are too few to tell"


def test_an_account_is_found_by_name_key_or_the_only_beginning(reports: Reports, portfolio: Portfolio) -> None:
    acme = portfolio.account("Acme GmbH", key="acme-1")
    portfolio.account("Globex")
    for score in (5, 5, 5, 4, 1):
        portfolio.reply(acme, score, at("2026-09-01"))
    for words in ("csat acme gmbh", "csat ACME-1 last 90 days", 'csat "Acme"', "acme csat"):
        value = ask(reports, words)
        assert (value.scope.name, value.value) == ("Acme GmbH", 80.0), words


def test_a_likeness_is_suggested_and_never_taken(reports: Reports, portfolio: Portfolio) -> None:
    portfolio.account("Acme GmbH")
    with pytest.raises(
        UnknownWord,
        match=r"“Akme” is neither an account, a segment, an owner nor a period I know\. Did you mean Acme GmbH",
    ):
        ask(reports, "csat Akme")
    with pytest.raises(UnknownWord, match="Did you mean last quarter"):
        ask(reports, "csat last quartr")
    with pytest.raises(UnknownWord, match="csat"):
        ask(reports, "cast")


def test_two_accounts_that_could_be_meant_are_both_named(reports: Reports, portfolio: Portfolio) -> None:
    portfolio.account("Acme North")
    portfolio.account("Acme South")
    with pytest.raises(KpiError, match="“acme” could be Acme North or Acme South"):
        ask(reports, "csat acme")
    portfolio.account("Twin", key="twin-1")
    portfolio.account("Twin", key="twin-2")
    with pytest.raises(KpiError, match="twin-1 or twin-2"):
        ask(reports, "csat twin")


def test_a_segment_and_an_owner_can_be_asked_for(reports: Reports, portfolio: Portfolio) -> None:
    anna = portfolio.owner("Anna Arendt")
    acme = portfolio.account("Acme", segment="enterprise", owner_id=anna)
    other = portfolio.account("Other", segment="small")
    for account, score in ((acme, 5), (other, 1)):
        for _ in range(5):
            portfolio.reply(account, score, at("2026-09-01"))
    assert ask(reports, "csat segment enterprise").value == 100
    assert ask(reports, "csat owner anna").value == 100
    assert ask(reports, "csat").value == 50


def test_churn_without_a_period_covers_the_last_twelve_complete_months(reports: Reports, portfolio: Portfolio) -> None:
    for number in range(10):
        portfolio.term(portfolio.account(f"C{number}"), "2020-01-01", "2026-03-01" if number < 2 else None)
    value = ask(reports, "churn")
    assert (value.period.key, value.value, value.status) == ("last 12 months", 20.0, Status.FULL)
    assert value.details["lost"] == ["C0", "C1"]


def test_the_past_can_be_asked_for_but_not_the_future(reports: Reports, portfolio: Portfolio) -> None:
    portfolio.answers([5] * 5, "2026-09-01")
    past = reports.answer(Question("csat", as_of=at("2026-08-31")))
    assert (past.value, past.status) == (None, Status.UNDEFINED)
    with pytest.raises(KpiError, match="to come"):
        reports.answer(Question("csat", as_of=at("2027-01-01")))


def test_the_json_document_is_the_documented_one(reports: Reports, portfolio: Portfolio) -> None:
    portfolio.answers([5] * 5, "2026-09-01")
    document = reports.json(Question("csat", scope=Scope()))
    assert list(document)[:6] == ["key", "label", "unit", "period", "scope", "value"]
    assert document["scope"] == {"kind": "workspace", "name": None}
    assert document["as_of"] == "2026-10-05T12:00:00Z"


def test_kpis_out_of_use_are_not_listed(store: Store) -> None:
    listed = Reports(store, policy(status="draft"), NOW).listed()
    assert [definition.key for definition in listed] == ["nps", "churn"]

"""Why a KPI is what it is: the accounts behind it, without what small groups said."""

import json
from datetime import date
from typing import Any

import pytest

from bot.blocks.explain_view import explain_view
from bot.blocks.reader import Reader
from kpi.model import Scope
from kpi.services.explanations import explain
from kpi.services.questions import Question
from kpi.services.reports import Reports
from kpi.store import tables
from kpi.store.store import Store
from tests.builders import BERLIN, Portfolio, at, policy
from tests.fakes import FakeNow
from tests.sample_portfolio import shipped
from tests.unit.test_console import shown

NOW = FakeNow(at("2026-10-05"))
EUROS = Reader("en", BERLIN, "EUR")


@pytest.fixture
def portfolio(store: Store) -> Portfolio:
    return Portfolio(store)


@pytest.fixture
def reports(store: Store) -> Reports:
    return Reports(store, policy(), NOW)


def lists(reports: Reports, question: Question) -> dict[str, Any]:
    return {listed["name"]: listed for listed in explain(reports, question).document()["explain"]["lists"]}


def test_the_numerator_and_the_denominator_of_churn_are_accounts_by_name(
    reports: Reports, portfolio: Portfolio
) -> None:
    for number in range(30):
        portfolio.term(portfolio.account(f"C{number:02}"), "2020-01-01", "2026-09-10" if number < 2 else None)
    found = lists(reports, Question("churn", "2026-09"))
    assert [row["account"] for row in found["lost"]["rows"]] == ["C00", "C01"]
    assert (found["kept"]["count"], found["kept"]["more"]) == (28, 8)
    assert found["kept"]["rows"][0] == {"account": "C02"}
    said = shown(explain_view(explain(reports, Question("churn", "2026-09")), EUROS))
    assert "and 8 more" in said


def test_scores_are_told_by_account_and_never_of_fewer_than_five_answers(
    reports: Reports, portfolio: Portfolio
) -> None:
    for name, scores in (("Acme", [5, 5, 4, 1, 5]), ("Birch", [3] * 4), ("Corvo", [2] * 3)):
        account = portfolio.account(name)
        for score in scores:
            portfolio.reply(account, score, at("2026-09-01"), respondent=f"Petra {name} {score}")
    document = explain(reports, Question("csat")).document()
    (scores,) = document["explain"]["lists"]
    assert scores["rows"] == [
        {"account": "Acme", "in_all": 5, "of_each": {"5": 3, "4": 1, "1": 1}},
        {"account": "2 more accounts together", "in_all": 7, "of_each": {"3": 4, "2": 3}},
    ]
    assert "Petra" not in json.dumps(document)
    few = explain(reports, Question("csat", scope=Scope("account", "Birch"))).document()
    assert (few["status"], few["explain"]["lists"]) == ("insufficient", [])


def test_more_answers_than_five_may_be_asked_for_before_they_are_told(store: Store, portfolio: Portfolio) -> None:
    for name, count in (("Acme", 9), ("Birch", 7), ("Corvo", 8)):
        account = portfolio.account(name)
        for _ in range(count):
            portfolio.reply(account, 5, at("2026-09-01"))
    told = lists(Reports(store, policy(min_n=8), NOW), Question("csat"))["scores"]["rows"]
    assert [row["account"] for row in told] == ["Acme", "2 more accounts together"]


def test_the_longest_open_waits_come_first(store: Store, portfolio: Portfolio) -> None:
    acme = portfolio.account("Acme")
    for number, (opened, answered) in enumerate(
        [("2026-09-01", None), ("2026-09-20", None), *[("2026-09-10", at("2026-09-10", 13))] * 5]
    ):
        portfolio.row(
            tables.episode, account_id=acme, key=f"e{number}", opened_at=at(opened),
            first_response_at=answered, recorded_at=at(opened), response_recorded_at=answered,
        )  # fmt: skip
    found = lists(Reports(store, shipped(), NOW), Question("response_time"))
    waiting = [row["business_hours"] for row in found["still_waiting"]["rows"]]
    assert (len(waiting), waiting[0] > waiting[1] > 8) == (2, True)
    assert found["answered"]["count"] == 5


def test_what_is_not_counted_what_the_words_mean_and_how_new_the_facts_are_is_said(
    reports: Reports, portfolio: Portfolio
) -> None:
    acme = portfolio.account("Acme", recorded_at=at("2026-01-02"))
    portfolio.term(acme, "2024-01-01", recorded_at=at("2026-01-03"))
    late = portfolio.account("Late", observed_from=date(2026, 9, 20))
    portfolio.term(late, "2024-01-01", "2026-09-25", end_recorded_at=at("2026-09-26"))
    told = explain(reports, Question("churn", "2026-09")).document()["explain"]
    assert told["exclusions"] == ["1 account with a term on 1 September 2026, observed only later"]
    assert told["period"] == (
        "From 1 September 2026 to 30 September 2026 (Europe/Berlin): the clients of the first day, "
        "and who of them is still one on the day after the last."
    )
    assert told["as_of"] == (
        "As known on 5 October 2026, 14:00 CEST: what happened or was recorded later does not count."
    )
    assert told["freshness"] == {
        "accounts": {"occurred": None, "recorded": "2026-01-02T12:00:00Z"},
        "terms": {"occurred": "2026-09-25", "recorded": "2026-09-26T12:00:00Z"},
    }
    assert told["good"] is None
    earlier = explain(reports, Question("churn", "2026-09", as_of=at("2026-09-21"))).document()["explain"]
    assert earlier["freshness"]["terms"] == {"occurred": "2024-01-01", "recorded": "2026-01-03T12:00:00Z"}
    assert "so far of a period that ends before 1 October 2026" in earlier["period"]


def test_a_good_value_is_told_only_where_a_target_says_what_is_good(store: Store, portfolio: Portfolio) -> None:
    portfolio.answers([5] * 9, "2026-09-01")
    csat, nps = (explain(Reports(store, shipped(), NOW), Question(key)) for key in ("csat", "nps"))
    assert csat.document()["explain"]["good"] == {"at_least": 80}
    assert "At least 80%, the target in force." in shown(explain_view(csat, EUROS))
    assert nps.document()["explain"]["good"] is None
    assert "good value" not in shown(explain_view(nps, EUROS))

"""A KPI by segment, owner or account: what asking for each alone would give, the worst first."""

import pytest

from kpi.errors import KpiError, UnknownWord
from kpi.metrics.catalog import CATALOG
from kpi.metrics.document import to_json
from kpi.model import KpiValue, Scope, Status
from kpi.services.breakdowns import breakdown
from kpi.services.inquiries import Inquiry, answer
from kpi.services.questions import Question
from kpi.services.reports import Reports
from kpi.services.targets import Targets, TargetWish
from kpi.store.store import Store
from tests.builders import Portfolio, at, policy
from tests.fakes import FakeNow

NOW = FakeNow(at("2026-10-05"))
WAYS = [(kpi.key, way) for kpi in CATALOG for way in kpi.variants or [None]]
PERIODS = ["last 90 days", "2026-Q2", "last 12 months", "2026-08", "this quarter"]


@pytest.fixture
def portfolio(store: Store) -> Portfolio:
    return Portfolio(store)


@pytest.fixture
def reports(store: Store) -> Reports:
    return Reports(store, policy(), NOW)


def named(values: tuple[KpiValue, ...]) -> list[str | None]:
    return [value.scope.name for value in values]


def test_accounts_of_no_segment_and_of_nobody_have_a_line_of_their_own(reports: Reports, portfolio: Portfolio) -> None:
    anna = portfolio.owner("Anna")
    for name, more in (("Acme", {"segment": "large", "owner_id": anna}), ("Birch", {}), ("Corvo", {})):
        portfolio.term(portfolio.account(name, **more), "2024-01-01")
    by_segment, by_owner = (breakdown(reports, Question("churn"), by).values for by in ("segment", "owner"))
    assert [(value.scope.name, value.n) for value in by_segment] == [("large", 1), (None, 2)]
    assert [(value.scope.name, value.n) for value in by_owner] == [("Anna", 1), (None, 2)]
    assert to_json(by_owner[1])["scope"] == {"kind": "owner", "name": None}


def test_an_answer_counts_for_the_owner_of_its_day(reports: Reports, portfolio: Portfolio) -> None:
    anna, ben = portfolio.owner("Anna"), portfolio.owner("Ben")
    acme = portfolio.account("Acme", owner_id=ben)
    for score in (5, 5, 5, 5, 1):
        portfolio.reply(acme, score, at("2026-09-01"), owner_id=anna)
    found = breakdown(reports, Question("csat"), "owner")
    assert [(value.scope.name, value.n, value.value) for value in found.values] == [("Anna", 5, 80.0), ("Ben", 0, None)]
    hers = breakdown(reports, Question("csat", scope=Scope("owner", "Anna")), "account")
    assert [(value.scope.name, value.n) for value in hers.values] == [("Acme", 5)], "though it is Ben's now"


def test_fewer_than_five_answers_of_a_group_are_told_in_number_alone(reports: Reports, portfolio: Portfolio) -> None:
    for name, scores in (("Acme", [1] * 4), ("Birch", [5] * 5), ("Corvo", [3] * 3)):
        account = portfolio.account(name)
        for score in scores:
            portfolio.reply(account, score, at("2026-09-01"))
    birch, *others = breakdown(reports, Question("csat"), "account").values
    assert (birch.scope.name, birch.value) == ("Birch", 100.0)
    for other, n in zip(others, (4, 3), strict=True):
        assert (other.value, other.n, other.status, other.numerator) == (None, n, Status.INSUFFICIENT, None)


def test_nobodys_answers_can_be_had_by_taking_the_other_groups_from_the_whole(
    reports: Reports, portfolio: Portfolio
) -> None:
    for name, scores in (("Acme", [1] * 4), ("Birch", [5] * 5), ("Corvo", [4] * 6)):
        account = portfolio.account(name)
        for score in scores:
            portfolio.reply(account, score, at("2026-09-01"))
    corvo, *others = breakdown(reports, Question("csat"), "account").values
    assert (corvo.scope.name, corvo.value) == ("Corvo", 100.0)
    assert [(other.scope.name, other.n, other.value, other.numerator) for other in others] == [
        ("Acme", 4, None, None),
        ("Birch", 5, None, None),
    ]
    assert others[1].reason == "Withheld, because a smaller group could be worked out from the whole without it."


def test_accounts_are_those_active_in_the_period_or_with_facts_then(reports: Reports, portfolio: Portfolio) -> None:
    portfolio.term(portfolio.account("Active"), "2026-01-01", "2026-08-01")
    portfolio.term(portfolio.account("Long gone"), "2020-01-01", "2021-01-01")
    portfolio.term(portfolio.account("To come"), "2027-01-01")
    portfolio.reply(portfolio.account("Answering"), 5, at("2026-09-01"))
    portfolio.reply(portfolio.account("Answered once"), 5, at("2025-09-01"))
    assert named(breakdown(reports, Question("csat", "2026-Q3"), "account").values) == ["Active", "Answering"]
    assert named(breakdown(reports, Question("churn", "2026-Q3"), "account").values) == ["Active"]


def test_a_target_of_a_groups_own_judges_it_and_the_workspaces_the_others(
    reports: Reports, portfolio: Portfolio, store: Store
) -> None:
    for name in ("Acme", "Birch"):
        portfolio.term(portfolio.account(name), "2024-01-01")
    targets = Targets(store, policy(), NOW)
    targets.set(TargetWish("churn", 5), "a test")
    targets.set(TargetWish("churn", 2, Scope("account", "Acme")), "a test")
    found = {
        value.scope.name: value.target
        for value in breakdown(reports, Question("churn", "this month"), "account").values
    }
    assert {name: target and target.value for name, target in found.items()} == {"Acme": 2, "Birch": 5}


def test_as_a_document_it_has_the_key_the_kind_and_the_values(reports: Reports, portfolio: Portfolio) -> None:
    portfolio.term(portfolio.account("Acme"), "2024-01-01")
    document = breakdown(reports, Question("churn"), "account").document()
    assert list(document) == ["key", "scope", "by", "values"]
    assert (document["key"], document["by"], len(document["values"])) == ("churn", "account", 1)


def test_what_cannot_be_broken_down_is_refused(reports: Reports, portfolio: Portfolio) -> None:
    portfolio.account("Acme")
    for inquiry, why in (
        (Inquiry(Question("churn"), by="colour"), "by segment, owner or account, not by “colour”"),
        (Inquiry(Question("churn", scope=Scope("account", "Acme")), by="account"), "One account cannot"),
        (Inquiry(Question("churn"), by="owner", trend=3), "one of by, trend and explain"),
    ):
        with pytest.raises(KpiError, match=why):
            answer(reports, inquiry)
    with pytest.raises(UnknownWord):
        breakdown(reports, Question("churn", scope=Scope("account", "Zzz")), "owner")

"""What is suggested where a word names nothing, or several are called by it."""

import pytest

from kpi.errors import KpiError
from kpi.services.phrases.hints import meant
from kpi.services.phrases.wording import spoken, worded
from kpi.services.reports import Reports
from kpi.store.store import Store
from tests.builders import Portfolio, at, policy
from tests.fakes import FakeNow


@pytest.fixture
def reports(store: Store) -> Reports:
    portfolio = Portfolio(store)
    for name in ("Acme GmbH", "Northwind North", "Northwind South"):
        portfolio.account(name, segment="Enterprise" if name == "Acme GmbH" else "Small")
    portfolio.owner("Norma North")
    return Reports(store, policy(), FakeNow(at("2026-10-05")))


def suggested(reports: Reports, text: str) -> list[str]:
    request = reports.read(text)
    assert request.question
    with pytest.raises(KpiError) as fault:
        reports.answer(request.question)
    return [spoken(one) for one in meant(request, fault.value, reports.vocabulary)]


@pytest.mark.parametrize(
    ("text", "suggestions"),
    [
        ("cast last quarter", ["csat last quarter"]),
        ("chrun by segment", ["by segment churn"]),
        ("trend chrun 12m", ["trend churn last month 12 periods"]),
        ("csat last quartr", ["csat last quarter"]),
        ("csat trnd", ["trend csat"]),
        ("explain csat Akme", ["explain csat Acme GmbH"]),
        ("csat northwind", ["csat Northwind North", "csat Northwind South"]),
        ("csat segment enterprize", []),
    ],
)
def test_the_same_request_with_the_word_mended(reports: Reports, text: str, suggestions: list[str]) -> None:
    if not suggestions:
        question = reports.read(text).question
        assert question
        assert reports.answer(question).scope.name == "Enterprise"
        return
    found = suggested(reports, text)
    assert found[: len(suggestions)] == suggestions


def test_a_suggestion_can_be_read_again_and_finds_what_it_names(reports: Reports) -> None:
    request = reports.read("csat northwind")
    assert request.question
    with pytest.raises(KpiError) as fault:
        reports.answer(request.question)
    names = []
    for one in meant(request, fault.value, reports.vocabulary):
        again = reports.read(worded(one)).question
        assert again
        names.append(reports.answer(again).scope.name)
    assert names == ["Northwind North", "Northwind South"]


def test_where_nothing_is_near_nothing_is_suggested(reports: Reports) -> None:
    assert suggested(reports, 'csat "Xylophone Quartz"') == []

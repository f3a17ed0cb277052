"""A question is worded anew: what is stored with a survey decides which answers are compared, however one asks."""

from datetime import timedelta

import pytest

from kpi.metrics.document import to_json
from kpi.services.breakdowns import breakdown
from kpi.services.comparisons import compare
from kpi.services.questions import Question
from kpi.services.reports import Reports
from kpi.services.trends import trend
from kpi.store.store import Store
from tests.builders import Portfolio, at, policy
from tests.fakes import FakeNow

NOW = FakeNow(at("2026-10-05"))
CHANGED = "the question's wording changed (series 1 → 2): not compared with {}"


@pytest.fixture
def portfolio(store: Store) -> Portfolio:
    return Portfolio(store)


@pytest.fixture
def reports(store: Store) -> Reports:
    return Reports(store, policy(), NOW)


def asked(portfolio: Portfolio, account: int, score: int, day: str, **more: object) -> None:
    """A survey posted on a day, answered on the day after unless said otherwise."""
    answered = more.pop("answered_at", at(day) + timedelta(days=1))
    survey = portfolio.survey(account, "answered", posted_at=at(day), **more)
    portfolio.reply(account, score, answered, survey_id=survey)  # type: ignore[arg-type]


@pytest.fixture
def accounts(portfolio: Portfolio) -> list[int]:
    return [portfolio.account(f"Client {number}", segment="large" if number else "small") for number in range(6)]


def test_a_new_wording_begins_a_series_that_is_compared_with_itself_alone(
    reports: Reports, portfolio: Portfolio, accounts: list[int]
) -> None:
    for account in accounts:
        asked(portfolio, account, 5, "2026-06-10")
        portfolio.reply(account, 5, at("2026-06-20"))  # imported: of no survey, so of series 1
        asked(portfolio, account, 1, "2026-07-10")
        asked(portfolio, account, 4, "2026-08-10", series=2)
        asked(portfolio, account, 5, "2026-09-10", series=2)

    july, august, september = (reports.answer(Question("csat", f"2026-0{month}")) for month in (7, 8, 9))
    assert july.change
    assert (july.change.delta, july.exclusions) == (-100.0, ())
    assert (august.value, august.n, august.change) == (100.0, 6, None)
    assert august.exclusions == (CHANGED.format("2026-07"),)
    assert september.change
    assert (september.change.delta, september.exclusions) == (0.0, ())

    quarter = reports.answer(Question("csat", "2026-Q3"))
    left_out = "6 answers to an earlier wording of the question (series 1)"
    assert (quarter.value, quarter.n, quarter.change) == (100.0, 12, None)
    assert quarter.exclusions == (left_out, CHANGED.format("2026-Q2"))

    course = trend(reports, Question("csat", "2026-09"), 4)
    assert [value.exclusions for value in course.values] == [(), (), (CHANGED.format("2026-07"),), ()]
    assert course.signals.points == 2

    beside = compare(reports, Question("csat", "2026-06"), "2026-09")
    assert (beside.later.change, beside.later.exclusions) == (None, (CHANGED.format("2026-06"),))
    assert (beside.earlier.value, beside.earlier.exclusions) == (100.0, ())


def test_an_answer_is_of_the_series_its_survey_was_asked_in_however_late_it_comes(
    reports: Reports, portfolio: Portfolio, accounts: list[int]
) -> None:
    for account in accounts:
        asked(portfolio, account, 4, "2026-08-30", series=2, answered_at=at("2026-09-02"))
        asked(portfolio, account, 1, "2026-08-29", answered_at=at("2026-09-03"))
    found = reports.answer(Question("csat", "2026-09"))
    assert (found.value, found.n) == (100.0, 6)
    assert found.exclusions == ("6 answers to an earlier wording of the question (series 1)",)


def test_a_new_series_leaves_what_was_known_before_it_as_it_was(
    reports: Reports, portfolio: Portfolio, accounts: list[int]
) -> None:
    for account in accounts:
        asked(portfolio, account, 5, "2026-06-10")
        asked(portfolio, account, 4, "2026-07-10")
    then = Question("csat", "2026-Q3", as_of=at("2026-08-01"))
    before = to_json(reports.answer(then))
    for account in accounts:
        asked(portfolio, account, 1, "2026-08-10", series=2)
    assert to_json(reports.answer(then)) == before
    assert reports.answer(Question("csat", "2026-Q3")).value == 0.0


def test_a_group_that_was_asked_in_the_old_words_only_says_so(
    reports: Reports, portfolio: Portfolio, accounts: list[int]
) -> None:
    for _ in range(5):
        asked(portfolio, accounts[0], 5, "2026-09-01")
        asked(portfolio, accounts[1], 1, "2026-09-02", series=2)
    found = breakdown(reports, Question("csat", "2026-09"), "segment")
    assert [(value.scope.name, value.value, value.exclusions) for value in found.values] == [
        ("large", 0.0, ()),
        ("small", 100.0, (CHANGED.format("the others"),)),
    ]

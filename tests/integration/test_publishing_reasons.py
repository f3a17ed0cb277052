"""A revision says in one sentence what changed and why."""

from datetime import date

import pytest

from kpi.model import Scope
from kpi.services.questions import Question
from kpi.services.targets import Targets, TargetWish
from kpi.store.store import Store
from tests.builders import at
from tests.press import LATE, SEPTEMBER, Press, known, two_days_later, why


@pytest.fixture
def press(tenant: Store) -> Press:
    return two_days_later(tenant)


def test_answers_recorded_late_are_counted_with_the_figures_before_and_after(press: Press) -> None:
    press.answers("late", [1, 1], "2026-09-20", **LATE)
    assert why(press) == "80 → 57.1 %, n 5 → 7; 2 answers of September 2026 recorded after 1 October 2026"


def test_an_answer_changed_since_is_one(press: Press) -> None:
    said = {"survey": "s-1", "account": "first-0", "instrument": "csat", "contact": "carla"}
    press.books.put("contacts", {"contact": "carla", "account": "first-0"})
    press.books.put("surveys", {**said, "posted_at": "2026-09-20T10:00:00Z", "state": "answered"})
    press.books.put("replies", {**said, "reply": "r-1", "score": 1, "answered_at": "2026-09-20T11:00:00Z"})
    press.only("csat", definition_version=2)
    press.publish()
    press.now.move(days=1)
    press.books.put("replies", {**said, "reply": "r-2", "score": 5, "answered_at": press.now().isoformat()})
    assert why(press) == "66.7 → 83.3 %; 1 answer of September 2026 changed"


def test_a_fact_of_another_period_revises_nothing(press: Press) -> None:
    press.answers("august", [1], "2026-08-20", **LATE)
    press.answers("october", [1], "2026-10-02", **LATE)
    assert why(press) is None


def test_the_end_of_a_term_that_became_known_is_one(press: Press) -> None:
    for number in range(3):
        press.books.accounts(f"client-{number}")
        press.books.term(f"client-{number}", "2024-01-01", **known(at("2024-01-01")))
    press.only_shipped("churn", cadence=("monthly",))
    press.publish()
    press.now.move(days=1)
    end = {"end_recorded_at": press.now().isoformat()}
    press.books.term("client-0", "2024-01-01", "2026-09-20", **known(at("2024-01-01")), **end)
    press.books.term("client-1", "2024-01-01", "2026-12-01", **known(at("2024-01-01")), **end)
    press.now.move(hours=1)
    assert press.reasons() == {("churn", "2026-09"): "0 → 33.3 %; the end of 1 term became known"}


def test_a_target_set_later_is_no_revision(press: Press) -> None:
    Targets(press.store, press.policy, press.now).set(TargetWish("csat", 90, since=date(2026, 9, 1)), "a test")
    assert why(press) is None
    assert press.replayed() == []


def test_a_revision_of_a_revision_compares_with_the_one_before(press: Press) -> None:
    press.answers("late", [1, 1], "2026-09-20", **LATE)
    why(press)
    press.now.move(days=1)
    press.answers("later", [5], "2026-09-21", **known(press.now()))
    assert why(press) == "57.1 → 62.5 %, n 7 → 8; 1 answer of September 2026 recorded after 3 October 2026"
    assert [row["revision"] for row in press.of(*SEPTEMBER)] == [0, 1, 2]
    assert press.replayed() == []


def test_periods_that_ended_more_than_thirteen_months_ago_are_left_alone(press: Press) -> None:
    press.now.at = at("2027-12-02")
    press.answers("late", [1, 1], "2026-09-20", **known(at("2027-11-20")))
    assert why(press) is None
    press.now.at = at("2027-10-30")
    press.answers("sooner", [1, 1], "2026-09-20", **LATE)
    assert str(why(press)).startswith("80 → 57.1 %, n 5 → 7")


def test_people_who_ask_are_told_of_the_last_revision_unless_they_ask_as_of_before_it(press: Press) -> None:
    def note(**more: object) -> str | None:
        return press.publishing.note(press.publishing.reports.answer(Question("csat", "2026-09", **more)))  # type: ignore[arg-type]

    assert note() is None
    press.answers("late", [1, 1], "2026-09-20", **LATE)
    said = why(press)
    assert note() == f"Revised on 3 October 2026: {said}."
    assert note(as_of=at("2026-10-02")) is None
    assert note(scope=Scope("account", "first-0")) is None


def test_whoever_asks_by_another_variant_hears_nothing_of_the_published_one(press: Press) -> None:
    press.only_shipped("clv")
    for number in range(2):
        press.books.accounts(f"client-{number}")
        press.books.term(f"client-{number}", "2024-01-01", "2025-06-01" if number else None)
    money = {"account": "client-0", "starts_on": "2024-01-01", "ends_on": None, "currency": "EUR"}
    press.books.put("revenue", {**money, "amount": 100})
    press.publish()
    press.now.move(days=1)
    press.books.put("revenue", {**money, "revenue": "more", "amount": 50, **known(press.now())})
    said = press.reasons()["clv", "2025"]
    assert said.endswith(" EUR; 1 amount of revenue recorded after 3 October 2026")
    reports = press.publishing.reports
    assert press.publishing.note(reports.answer(Question("clv", "2025"))) == f"Revised on 4 October 2026: {said}."
    assert press.publishing.note(reports.answer(Question("clv", "2025", variant="historic"))) is None

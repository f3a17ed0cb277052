"""What is aimed for: in a scope, from a day on, as it was known at the time."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from kpi.errors import KpiError, UnknownWord
from kpi.metrics.catalog import CATALOG, find
from kpi.model import KpiValue, Scope
from kpi.services import scopes
from kpi.services.questions import Question
from kpi.services.reports import Reports
from kpi.services.targets import Aim, Targets, TargetWish
from kpi.store import tables
from kpi.store.store import Store
from tests.builders import Portfolio, at, policy
from tests.fakes import FakeNow
from tests.portfolio import definition

ACME, SMALL, ANNA = Scope("account", "Acme"), Scope("segment", "small"), Scope("owner", "Anna")
POLICY = policy()


class Goals:
    """A workspace on 5 October 2026 with three accounts, and whoever aims for something."""

    def __init__(self, store: Store) -> None:
        self.now = FakeNow(at("2026-10-05"))
        self.portfolio = Portfolio(store)
        self.targets = Targets(store, POLICY, self.now)
        self.reports = Reports(store, POLICY, self.now)
        anna = self.portfolio.owner("Anna")
        self.acme = self.portfolio.account("Acme", segment="small", owner_id=anna)
        for name in ("Bolt", "Core"):
            self.portfolio.account(name)

    def aim(self, value: float | None, scope: Scope | None = None, since: str | None = None, kpi: str = "csat") -> Aim:
        wish = TargetWish(kpi, value, scope, None if since is None else date.fromisoformat(since))
        act = self.targets.end if value is None else self.targets.set
        return act(wish, "U0ANNA")

    def aimed(self, scope: Scope | None, day: str, as_of: str | None = None, kpi: str = "csat") -> float | None:
        with self.portfolio.store.transaction() as tx:
            found, known = scopes.resolve(tx, scope), at(as_of) if as_of else self.now()
            return self.targets.effective(tx, find(kpi, POLICY.kpis), found, date.fromisoformat(day), known)

    def asked(self, words: str, **more: Any) -> KpiValue:
        question = self.reports.read(words).question
        assert question
        return self.reports.answer(Question(question.kpi, question.period, question.scope, **more))

    def trace(self) -> list[tuple[str, str, str, Any, Any]]:
        with self.portfolio.store.transaction() as tx:
            found = tx.rows(select(tables.audit).where(tx.mine(tables.audit)).order_by(tables.audit.c.audit_id))
        return [(row["actor"], row["action"], row["subject"], row["before"], row["after"]) for row in found]


@pytest.fixture
def goals(tenant: Store) -> Goals:
    return Goals(tenant)


def test_until_somebody_says_otherwise_what_the_file_says_is_aimed_for(goals: Goals) -> None:
    assert goals.aimed(None, "2026-10-05") == 80
    assert goals.aimed(ACME, "1999-01-01") == 80
    assert goals.aimed(None, "2026-10-05", kpi="churn") is None


def test_a_target_holds_from_its_day_on_and_the_days_before_keep_theirs(goals: Goals) -> None:
    goals.aim(85, since="2026-07-01")
    goals.aim(90)
    days = ["2026-06-30", "2026-07-01", "2026-10-04", "2026-10-05", "2030-01-01"]
    assert [goals.aimed(None, day) for day in days] == [80, 85, 85, 90, 90]


def test_todays_day_is_the_one_of_the_workspace(goals: Goals) -> None:
    goals.now.at = at("2026-10-05", 23)  # 01:00 of the sixth in Berlin
    assert goals.aim(85).valid_from == date(2026, 10, 6)


def test_a_scopes_own_target_counts_before_the_workspaces_and_only_for_exactly_that_scope(goals: Goals) -> None:
    goals.aim(85, since="2026-09-01")
    goals.aim(70, SMALL, "2026-01-01")
    goals.aim(60, ANNA, "2026-09-15")
    assert goals.aimed(SMALL, "2026-10-05") == 70, "although the workspace's is newer"
    assert goals.aimed(SMALL, "2025-12-31") == 80
    assert (goals.aimed(ANNA, "2026-09-14"), goals.aimed(ANNA, "2026-09-15")) == (85, 60)
    assert goals.aimed(ACME, "2026-10-05") == 85, "an account's own is none of its segment's or owner's"


def test_a_target_that_ends_leaves_none_whatever_the_workspace_aims_for(goals: Goals) -> None:
    goals.aim(90, ACME, "2026-01-01")
    goals.aim(None, ACME, "2026-08-01")
    assert [goals.aimed(ACME, day) for day in ("2026-07-31", "2026-08-01", "2026-10-05")] == [90, None, None]
    goals.aim(None, since="2026-09-01")
    assert [goals.aimed(None, day) for day in ("2026-08-31", "2026-09-01")] == [80, None], "not the file's any more"
    assert goals.aimed(SMALL, "2026-09-01") is None
    goals.aim(75, ACME)
    assert goals.aimed(ACME, "2026-10-05") == 75


def test_only_what_is_aimed_for_can_end(goals: Goals) -> None:
    with pytest.raises(KpiError, match=r"churn has no target on 5 October 2026; `kpibot target list` shows all\."):
        goals.aim(None, kpi="churn")
    goals.aim(None, ACME)
    with pytest.raises(KpiError, match="csat has no target for Acme on 6 October 2026"):
        goals.aim(None, ACME, "2026-10-06")
    assert len(goals.trace()) == 1


def test_the_same_day_again_replaces_the_target_and_both_are_in_the_trace(goals: Goals) -> None:
    goals.aim(85, ACME)
    goals.now.move(days=1)
    goals.aim(70, ACME, "2026-10-05")
    assert goals.aimed(ACME, "2026-10-05") == 70
    assert [aim.value for aim in goals.targets.listed()] == [80, 70]
    subject = f"target:csat:account:{goals.acme}"
    first, second = ({"value": value, "valid_from": "2026-10-05", "set_by": "U0ANNA"} for value in (85, 70))
    assert goals.trace() == [
        ("U0ANNA", "target.set", subject, None, first),
        ("U0ANNA", "target.set", subject, first, second),
    ]


def test_what_was_replaced_still_judges_what_was_known_before(goals: Goals) -> None:
    goals.aim(85, since="2026-10-01")
    goals.now.at = at("2026-11-01")
    goals.aim(70, since="2026-10-01")
    assert goals.aimed(None, "2026-10-05", as_of="2026-10-31") == 85
    assert goals.aimed(None, "2026-10-05", as_of="2026-11-01") == 70
    assert goals.aimed(None, "2026-10-05", as_of="2026-10-04") == 80, "nobody had said anything yet"


def test_saying_the_same_again_leaves_no_trace(goals: Goals) -> None:
    for _ in range(3):
        goals.aim(85, ACME)
    assert len(goals.trace()) == 1
    assert len(goals.portfolio.rows(tables.target)) == 1


def test_a_kpi_is_judged_by_the_target_of_the_last_day_looked_at(goals: Goals) -> None:
    goals.portfolio.answers([5] * 42 + [1] * 8, "2026-08-10")
    goals.aim(85, since="2026-09-30")
    goals.aim(84, since="2026-10-05")
    goals.aim(99, since="2026-10-06")
    judged = {words: goals.asked(f"csat {words}").target for words in ("2026-08", "2026-Q3", "last 90 days", "2026-H2")}
    assert {words: (target.value, target.met) for words, target in judged.items() if target} == {
        "2026-08": (80, True),
        "2026-Q3": (85, False),
        "last 90 days": (84, True),
        "2026-H2": (84, True),
    }


def test_a_scope_is_judged_by_its_own_target_and_one_that_ended_is_not_mentioned(goals: Goals) -> None:
    for _ in range(10):
        goals.portfolio.reply(goals.acme, 5, at("2026-09-01"))
    goals.aim(90, SMALL)
    goals.aim(None, ACME)
    small, acme = goals.asked("csat segment small"), goals.asked("csat acme")
    assert small.target
    assert small.target.value == 90
    assert (acme.value, acme.target) == (100, None)


def test_a_figure_of_the_past_is_judged_by_what_was_aimed_for_then(goals: Goals) -> None:
    goals.portfolio.answers([5] * 40, "2026-08-10")
    goals.now.move(days=1)
    goals.aim(95, since="2026-01-01")
    then = goals.asked("csat 2026-Q3", as_of=at("2026-10-05")).target
    now = goals.asked("csat 2026-Q3").target
    assert then
    assert now
    assert (then.value, now.value) == (80, 95)


@pytest.mark.parametrize(
    ("kpi", "value", "said"),
    [
        ("csat", 100.1, "A target of csat lies between 0 and 100 percent."),
        ("csat", -1, "A target of csat lies between 0 and 100 percent."),
        ("nps", 101, "A target of nps lies between -100 and 100 points."),
        ("nps", float("nan"), "A target of nps lies between -100 and 100 points."),
        ("client churn", float("inf"), "A target of churn lies between 0 and 100 percent."),
    ],
)
def test_a_target_no_value_can_reach_is_refused_with_the_range(goals: Goals, kpi: str, value: float, said: str) -> None:
    with pytest.raises(KpiError) as refused:
        goals.aim(value, kpi=kpi)
    assert str(refused.value) == said
    assert goals.portfolio.rows(tables.target) == []


def test_money_is_aimed_for_in_major_units_and_growth_may_be_any(tenant: Store) -> None:
    known = {kpi.key: definition(kpi.key, unit=kpi.unit) for kpi in CATALOG}
    targets = Targets(tenant, type(POLICY)(POLICY.workspace, known, POLICY.surveys), FakeNow())
    for key, value in (("clv", 1_500_000.5), ("nrr", 250), ("sales_growth", -12.5), ("response_time", 0)):
        assert targets.set(TargetWish(key, value), "U0ANNA").value == value
    for key, said in (
        ("clv", "lies between 0 and 1,000,000,000,000 EUR"),
        ("nrr", "lies between 0 and 1,000,000,000,000 percent"),
    ):
        with pytest.raises(KpiError, match=f"A target of {key} {said}"):
            targets.set(TargetWish(key, -101), "U0ANNA")


def test_unknown_words_are_told_with_the_nearest_known_ones(goals: Goals) -> None:
    with pytest.raises(UnknownWord, match="Did you mean csat"):
        goals.aim(80, kpi="cast")
    with pytest.raises(UnknownWord, match="“Akme” is neither an account"):
        goals.aim(80, Scope("account", "Akme"))
    with pytest.raises(UnknownWord, match="“big” is neither a segment"):
        goals.aim(None, Scope("segment", "big"))


def test_the_list_tells_which_are_in_force_today(goals: Goals) -> None:
    for value, scope, since in ((85, None, "2026-07-01"), (90, None, "2027-01-01"), (70, ACME, "2026-01-01"),
                                (75, ACME, "2026-02-01")):  # fmt: skip
        goals.aim(value, scope, since)
    goals.aim(None, SMALL)
    told = [(aim.scope.name, aim.value, aim.set_by, aim.in_force) for aim in goals.targets.listed()]
    assert told == [
        (None, 80, "kpis.yaml", False),
        (None, 85, "U0ANNA", True),
        (None, 90, "U0ANNA", False),
        ("Acme", 70, "U0ANNA", False),
        ("Acme", 75, "U0ANNA", True),
        ("small", None, "U0ANNA", True),
    ]


def test_another_workspace_aims_for_itself(goals: Goals) -> None:
    goals.aim(85)
    with goals.portfolio.store.transaction() as tx:
        other = tx.connection.execute(
            tables.workspace.insert().values(name="other", created_at=at("2026-01-01")).returning(
                tables.workspace.c.workspace_id)).scalar_one()  # fmt: skip
    there = Goals(Store(goals.portfolio.store.engine, other))
    assert there.aimed(None, "2026-10-05") == 80
    assert [aim.value for aim in there.targets.listed()] == [80]

"""A change is looked at one month and three months after it, against as many days right before."""

import json
from dataclasses import replace
from datetime import date

import pytest

from kpi.errors import KpiError, UnknownWord
from kpi.metrics.catalog import CATALOG
from kpi.model import Scope
from kpi.policy import Policy
from kpi.store.store import Store
from tests.builders import at, policy
from tests.impact_lab import PORTAL, Lab, sides
from tests.portfolio import definition


@pytest.fixture
def lab(tenant: Store) -> Lab:
    return Lab(tenant)


def test_each_window_is_compared_with_as_many_days_right_before_the_change(lab: Lab) -> None:
    for day, scores in {
        "2026-01-28": [1] * 9,  # 93 days before: in neither
        "2026-01-29": [1] * 5 + [5] * 5,  # the first of 92
        "2026-03-30": [5] * 10,  # the last day that is not in the month before
        "2026-03-31": [1] * 5 + [5] * 5,  # the first of 31
        "2026-04-30": [5] * 10,
        "2026-05-01": [5] * 9 + [1],
        "2026-05-31": [5] * 10,
        "2026-06-01": [1] * 10,
        "2026-07-31": [5] * 10,
        "2026-08-01": [1] * 9,
    }.items():
        lab.portfolio.answers(scores, day)
    month, quarter = lab.check().checks
    assert (month.window.key, quarter.window.key) == ("2026-05-01..2026-05-31", "2026-05-01..2026-07-31")
    assert sides(month) == (75, 95)
    assert sides(quarter) == (75, 72.5)
    assert [check.kpis[0]["previous"]["period"] for check in (month, quarter)] == [
        "2026-03-31..2026-04-30",
        "2026-01-29..2026-04-30",
    ]


def test_a_change_comes_with_its_interval_and_whether_it_is_more_than_noise(lab: Lab) -> None:
    lab.portfolio.answers([5] * 10 + [1] * 30, "2026-04-15")
    lab.portfolio.answers([5] * 36 + [1] * 4, "2026-05-15")
    lab.portfolio.answers([5] * 5 + [1], "2026-06-15")
    month, _ = lab.check().checks
    found = month.kpis[0]["change"]
    assert found["delta"] == pytest.approx(65)
    assert found["low"] > 0
    assert found["beyond_noise"] is True
    nothing = lab.check(replace(PORTAL, day="2026-06-10", what="a banner")).checks[0].kpis[0]["change"]
    assert nothing["beyond_noise"] is False
    assert nothing["low"] < 0 < nothing["high"]


def test_the_document_is_the_promised_one(lab: Lab) -> None:
    lab.portfolio.account("Acme")
    document = lab.check(replace(PORTAL, scope=Scope("account", "acme"))).document()
    assert list(document) == ["what", "changed_on", "scope", "checks"]
    assert (document["what"], document["changed_on"]) == ("new portal", "2026-05-01")
    assert document["scope"] == {"kind": "account", "name": "Acme"}
    month, quarter = document["checks"]
    assert (month["months"], quarter["months"]) == (1, 3)
    assert month["period"] == {
        "key": "2026-05-01..2026-05-31", "start": "2026-05-01", "end": "2026-06-01", "complete": True,
    }  # fmt: skip
    assert (month["complete"], [kpi["scope"]["name"] for kpi in month["kpis"]]) == (True, ["Acme"])
    assert json.loads(json.dumps(document, allow_nan=False)) == document


def test_without_keys_every_active_kpi_is_compared_and_one_without_a_value_says_why(tenant: Store) -> None:
    known = {kpi.key: definition(kpi.key, unit=kpi.unit, better=kpi.better) for kpi in CATALOG}
    known |= {key: replace(known[key], status=status) for key, status in (("ces", "draft"), ("grr", "deprecated"))}
    lab = Lab(tenant, Policy(policy().workspace, known, policy().surveys))
    found = lab.check(replace(PORTAL, keys=()))
    assert found.keys == tuple(kpi.key for kpi in CATALOG if kpi.key not in {"ces", "grr"})
    for check in found.checks:
        assert [document["key"] for document in check.kpis] == list(found.keys)
        assert all(document["reason"] for document in check.kpis if document["value"] is None)
        assert check.problems == ()
    assert lab.said(replace(PORTAL, keys=())) == json.dumps(found.document())


def test_a_window_that_has_not_closed_is_looked_at_to_date(lab: Lab) -> None:
    lab.now.at = at("2026-06-10", 20)
    lab.portfolio.answers([1] * 5, "2026-03-20")  # 42 days before the change, and 41 have passed
    lab.portfolio.answers([5] * 5, "2026-03-21")
    lab.portfolio.answers([5] * 4 + [1], "2026-06-10")
    month, quarter = lab.check().checks
    assert (month.window.complete, quarter.window.complete) == (True, False)
    assert (quarter.window.end, quarter.window.last, quarter.window.elapsed_days) == (
        date(2026, 8, 1), date(2026, 6, 10), 41,
    )  # fmt: skip
    assert sides(quarter) == (100, 80)
    assert quarter.document()["period"] == {
        "key": "2026-05-01..2026-07-31", "start": "2026-05-01", "end": "2026-08-01", "complete": False,
    }  # fmt: skip
    assert quarter.kpis[0]["period"]["complete"] is False
    assert lab.kept() == {"1": ["csat"]}, "nothing is kept of a window that is open"


def test_what_cannot_be_looked_at_is_said_and_leaves_nothing(lab: Lab) -> None:
    for wish, fault in (
        (replace(PORTAL, day="2026-09-02"), "2 September 2026 is to come"),
        (replace(PORTAL, day="2016-08-31"), "more than 10 years back"),
        (replace(PORTAL, day="May"), "“May” is not a day"),
        (replace(PORTAL, what=" "), "Say what changed"),
    ):
        with pytest.raises(KpiError, match=fault):
            lab.check(wish)
    for wish, fault in (
        (replace(PORTAL, keys=("cast",)), "Did you mean csat"),
        (replace(PORTAL, scope=Scope("account", "Acme")), "neither an account"),
    ):
        with pytest.raises(UnknownWord, match=fault):
            lab.check(wish)
    assert lab.markers() == []


def test_a_change_made_today_has_one_day(lab: Lab) -> None:
    lab.portfolio.answers([5] * 5, "2026-09-01")
    lab.now.move(hours=1)
    month, _ = lab.check(replace(PORTAL, day="2026-09-01")).checks
    assert (month.window.elapsed_days, sides(month)) == (1, (None, 100))

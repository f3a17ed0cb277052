"""What a change came to is kept when a window has closed, and is what is shown from then on."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pytest

from kpi.model import Scope
from kpi.policy import Policy
from kpi.services.corrections import By, Corrections
from kpi.services.intake import Intake
from kpi.store import tables
from kpi.store.store import Store
from tests.builders import BERLIN, at, policy
from tests.impact_lab import PORTAL, Lab, sides
from tests.portfolio import definition


@pytest.fixture
def lab(tenant: Store) -> Lab:
    return Lab(tenant)


def test_a_window_closes_at_midnight_in_the_workspaces_zone(lab: Lab) -> None:
    lab.now.at = at("2026-05-31", 21)  # 23:00 in Berlin
    lab.check()
    assert (lab.kept(), lab.states()) == ({}, ["open"])
    lab.now.move(hours=1)
    assert lab.states() == ["due"]
    lab.night()
    assert (lab.kept(), lab.states()) == ({"1": ["csat"]}, ["open"])


def test_what_a_closed_window_came_to_is_kept_once_with_its_instant_and_definition(lab: Lab) -> None:
    lab.now.at = at("2026-05-10")
    lab.portfolio.answers([5] * 9 + [1], "2026-05-05")
    lab.check()
    lab.now.at = at("2026-06-02")
    lab.night()
    (row,) = lab.markers()
    (found,) = row["results"]["1"]
    assert (found["value"], found["as_of"], found["definition_version"]) == (90, "2026-06-02T12:00:00Z", 1)
    lab.portfolio.answers([1] * 40, "2026-05-06")  # come late
    lab.now.at = at("2026-06-20")
    lab.night()
    assert lab.markers() == [row]
    month, quarter = lab.check().checks
    assert month.kpis == (found,)
    assert sides(quarter)[1] == 18, "what is still open knows them"


def test_what_was_shown_of_a_closed_window_is_shown_in_the_same_bytes_for_ever(lab: Lab) -> None:
    lab.portfolio.answers([5, 4, 3, 5, 1, 5, 5], "2026-04-20")
    lab.portfolio.answers([5, 4, 5, 5, 2, 5, 5, 4, 5], "2026-05-20")
    first = lab.said()
    lab.portfolio.answers([1] * 30, "2026-05-21")
    lab.now.move(days=100)
    lab.night()
    assert lab.said() == first
    another = Lab(lab.portfolio.store, policy(label="Smiles", definition_version=2, target=10))
    another.now.at = lab.now.at
    assert another.said() == first
    assert [json.dumps(marker.impact.document()) for marker in another.impacts.listed()] == [first]


def test_the_night_shift_twice_or_late_changes_nothing_more(lab: Lab) -> None:
    lab.now.at = at("2026-05-02")
    lab.check()
    lab.now.at = at("2027-01-01")
    lab.night()
    once = lab.markers()
    assert (lab.kept(), lab.states()) == ({"1": ["csat"], "3": ["csat"]}, ["done"])
    lab.now.move(days=1)
    lab.night()
    assert lab.markers() == once


def test_many_who_ask_and_finish_at_once_keep_one_result(lab: Lab) -> None:
    lab.portfolio.answers([5] * 9, "2026-05-20")
    with ThreadPoolExecutor(6) as pool:
        waiting = [pool.submit(lab.said if number % 2 else lab.night) for number in range(12)]
        said = {each.result() for each in waiting} - {None}
    assert len(said) == 1
    assert lab.kept() == {"1": ["csat"], "3": ["csat"]}


def test_the_same_change_asked_again_is_one_marker_and_may_get_more_kpis(lab: Lab) -> None:
    lab.check()
    lab.now.move(days=1)
    both = lab.check(replace(PORTAL, what=" new  portal", keys=("client churn", "satisfaction", "csat")))
    assert both.keys == ("churn", "csat")
    assert lab.check().keys == ("csat",), "what was asked for is what is shown"
    (row,) = lab.markers()
    assert (row["kpi_keys"], row["created_by"], row["recorded_at"]) == (["csat", "churn"], "U0ANNA", at("2026-09-01"))
    assert [(kpi["key"], kpi["as_of"][:10]) for kpi in row["results"]["1"]] == [
        ("csat", "2026-09-01"),
        ("churn", "2026-09-02"),
    ]


def test_another_day_scope_or_name_is_another_change(lab: Lab) -> None:
    lab.portfolio.account("Acme", segment="small", owner_id=lab.portfolio.owner("Anna"))
    scopes = (Scope("account", "Acme"), Scope("segment", "small"), Scope("owner", "Anna"))
    others = (replace(PORTAL, day="2026-05-02"), replace(PORTAL, what="old portal"))
    for wish in (PORTAL, *others, *(replace(PORTAL, scope=scope) for scope in scopes)):
        lab.check(wish)
    assert len(lab.markers()) == 6
    lab.now.at = at("2027-01-01")
    lab.night()
    listed = lab.impacts.listed()
    assert [marker.impact.changed_on.day for marker in listed] == [2, 1, 1, 1, 1, 1]
    assert {(marker.impact.scope.kind, marker.impact.scope.name) for marker in listed} == {
        ("workspace", None), ("account", "Acme"), ("segment", "small"), ("owner", "Anna"),
    }  # fmt: skip


def test_a_kpi_that_cannot_be_computed_is_told_and_kept_as_soon_as_it_can(tenant: Store) -> None:
    known = {key: definition(key, unit=unit) for key, unit in (("nrr", "percent"), ("csat", "percent"))}
    lab = Lab(tenant, Policy(policy().workspace, known, policy().surveys))
    acme = lab.portfolio.account("Acme")
    lab.portfolio.term(acme, "2020-01-01")
    lab.portfolio.row(tables.revenue, account_id=acme, kind="recurring", starts_on=date(2020, 1, 1),
                      amount_minor=100, currency="USD")  # fmt: skip
    month, _ = lab.check(replace(PORTAL, keys=("nrr", "csat"))).checks
    assert [document["key"] for document in month.kpis] == ["csat"]
    assert month.problems == (
        "nrr: There is no rate for USD in force on 2026-05-31: add one below `rates` in workspace.yaml.",
    )
    lab.night()
    assert (lab.kept(), lab.states()) == ({"1": ["csat"], "3": ["csat"]}, ["due"])
    lab.portfolio.row(tables.revenue, account_id=acme, kind="recurring", starts_on=date(2020, 1, 1),
                      amount_minor=100, currency="EUR")  # fmt: skip
    with tenant.transaction() as tx:
        tx.run(tables.revenue.delete().where(tables.revenue.c.currency == "USD", tx.mine(tables.revenue)))
    lab.night()
    assert (lab.kept(), lab.states()) == ({"1": ["csat", "nrr"], "3": ["csat", "nrr"]}, ["done"])


def test_a_kpi_taken_out_of_use_holds_nobody_up(lab: Lab) -> None:
    lab.now.at = at("2026-05-02")
    lab.check(replace(PORTAL, keys=("csat", "nps")))
    later = Lab(lab.portfolio.store, policy(status="draft"))
    later.night()
    assert later.kept() == {"1": ["nps"], "3": ["nps"]}


def test_when_two_accounts_become_one_so_do_their_changes(lab: Lab) -> None:
    for name in ("Old", "New"):
        lab.portfolio.account(name, key=name.lower())
        lab.check(replace(PORTAL, scope=Scope("account", name)))
    lab.check(replace(PORTAL, scope=Scope("account", "Old"), what="move"))
    Corrections(Intake(lab.portfolio.store, lab.now, BERLIN, "EUR")).merge("old", "new", By("a test"))
    listed = [(marker.impact.what, marker.impact.scope.name) for marker in lab.impacts.listed()]
    assert listed == [("move", "New"), ("new portal", "New")]

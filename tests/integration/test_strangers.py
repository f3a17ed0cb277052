"""Somebody nobody knows answers: kept apart until one of our people says who they are."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from kpi.errors import KpiError
from kpi.model import Person
from kpi.services.surveys.opting import Wish
from kpi.store import tables
from kpi.store.store import Store
from tests.agency import ACME, ANNA, CARLA, CHRIS, GLOBEX, GUEST, HOME, OTTO, Agency, click
from tests.stage import Stage, listening


@pytest.fixture
def stage(tenant: Store) -> Iterator[Stage]:
    with listening() as ears:
        yield Stage(Agency(tenant), ears)


def scores(agency: Agency) -> list[int]:
    return [row["score"] for row in agency.rows(tables.reply)]


def held(agency: Agency) -> list[tuple[str, int, str | None]]:
    return [(row["slack_user_id"], row["score"], row["verdict"]) for row in agency.rows(tables.held_answer)]


def card(agency: Agency) -> dict[str, Any]:
    (notice,) = [row for row in agency.messages("notice") if row["dedupe_key"].startswith("stranger:")]
    assert notice["channel_id"] == "U0ANNA"
    return dict(notice["payload"])


def buttons(payload: dict[str, Any]) -> dict[str, str]:
    found = [each for block in payload["blocks"] for each in block.get("elements", []) if each["type"] == "button"]
    return {each["text"]["text"]: each["value"] for each in found}


@pytest.mark.parametrize("stranger", [OTTO, GUEST])
def test_a_third_organisation_and_an_unknown_guest_wait_and_are_thanked_all_the_same(
    stage: Stage, stranger: Any
) -> None:
    agency = stage.agency
    survey = agency.asked()
    agency.surveys.reply(click(survey, 1, stranger))
    agency.surveys.comment(survey["token"], stranger, "Hm")
    assert (scores(agency), held(agency)) == ([], [(stranger.user_id, 1, None)])
    assert len(agency.messages("thanks")) == 1
    assert agency.survey(survey["survey_id"])["state"] == "posted"
    assert {row["slack_user_id"] for row in agency.rows(tables.contact)} == {"U0CARLA"}


def test_the_organisation_of_a_known_contact_is_known(stage: Stage) -> None:
    stage.agency.surveys.reply(click(stage.agency.asked(), 4, CHRIS))
    assert (scores(stage.agency), held(stage.agency)) == ([4], [])


def test_contacts_are_suggested_by_name_only(stage: Stage) -> None:
    agency = stage.agency
    agency.contact("otto", agency.acme, "Otto Other", email="somebody@else.example")
    agency.contact("mia", agency.acme, "Mia Muster", email="otto@globex.example")
    agency.contact("taken", agency.acme, "Otto Taken", slack_user_id="U0TAKEN")
    agency.surveys.reply(click(agency.asked(), 3, OTTO))
    assert next(iter(buttons(card(agency)))) == "It is Otto Other"
    assert "It is Otto Taken" not in buttons(card(agency))


def test_one_press_makes_them_that_contact_and_counts_what_they_said(stage: Stage) -> None:
    agency = stage.agency
    contact_id = agency.contact("otto", agency.acme, "Otto Other")
    survey = agency.asked()
    agency.surveys.reply(click(survey, 2, OTTO))
    answered_at = agency.now()
    agency.surveys.comment(survey["token"], OTTO, "Too slow")
    agency.now.move(days=9)
    value = buttons(card(agency))["It is Otto Other"]
    assert stage.press_value(f"stranger_map_{contact_id}", value, ANNA) == {}
    assert "1 answer counts now" in stage.ears.next()["text"]
    reply = agency.only(tables.reply)
    assert (reply["score"], reply["comment"], reply["contact_id"]) == (2, "Too slow", contact_id)
    assert (reply["answered_at"], reply["recorded_at"]) == (answered_at, agency.now())
    assert reply["owner_id"] == agency.anna
    assert agency.survey(survey["survey_id"])["state"] == "answered"
    (otto,) = [row for row in agency.rows(tables.contact) if row["contact_id"] == contact_id]
    assert (otto["slack_user_id"], otto["slack_team_id"]) == ("U0OTTO", GLOBEX)


def test_a_new_contact_is_as_good(stage: Stage) -> None:
    agency = stage.agency
    agency.directory.people["U0OTTO"] = Person("U0OTTO", GLOBEX, "Otto Other")
    agency.surveys.reply(click(agency.asked(), 2, OTTO))
    stage.press_value("stranger_new", buttons(card(agency))["A new contact of theirs"], ANNA)
    assert "1 answer counts now" in stage.ears.next()["text"]
    assert scores(agency) == [2]


def test_no_client_of_ours_is_kept_aside_for_good(stage: Stage) -> None:
    agency = stage.agency
    survey = agency.asked()
    agency.surveys.reply(click(survey, 2, OTTO))
    value = buttons(card(agency))["No client of ours"]
    stage.press_value("stranger_discard", value, ANNA)
    assert "counted nowhere" in stage.ears.next()["text"]
    stage.press_value("stranger_discard", value, ANNA)
    assert "nothing was changed" in stage.ears.next()["text"]
    assert (scores(agency), held(agency)) == ([], [("U0OTTO", 2, "discarded")])


def test_clients_cannot_say_who_somebody_is(stage: Stage) -> None:
    agency = stage.agency
    agency.surveys.reply(click(agency.asked(), 2, OTTO))
    for action, label in (("stranger_new", "A new contact of theirs"), ("stranger_discard", "No client of ours")):
        stage.press_value(action, buttons(card(agency))[label], CARLA)
        assert "Only full members" in stage.ears.next()["text"]
    assert held(agency) == [("U0OTTO", 2, None)]


def test_somebody_who_becomes_a_contact_by_any_way_is_counted_at_the_next_tick(stage: Stage) -> None:
    agency = stage.agency
    agency.surveys.reply(click(agency.asked(), 5, OTTO))
    agency.contact("otto", agency.acme, "Otto", slack_user_id="U0OTTO")  # as an import would
    assert agency.surveys.strangers.count_known(agency.now()) == 1
    assert agency.surveys.strangers.count_known(agency.now()) == 0
    assert scores(agency) == [5]


def test_a_second_click_of_a_stranger_changes_the_score_never_the_count(stage: Stage) -> None:
    agency = stage.agency
    survey = agency.asked()
    for score in (1, 5, 5):
        agency.surveys.reply(click(survey, score, OTTO))
    assert held(agency) == [("U0OTTO", 5, None)]
    assert len([row for row in agency.messages("notice") if row["dedupe_key"].startswith("stranger:")]) == 1


def test_a_comment_of_a_stranger_needs_a_score(stage: Stage) -> None:
    survey = stage.agency.asked()
    with pytest.raises(KpiError, match="choose a score first"):
        stage.agency.surveys.comment(survey["token"], OTTO, "let me in")


def test_who_opted_out_before_being_known_stays_opted_out(stage: Stage) -> None:
    agency = stage.agency
    contact_id = agency.contact("otto", agency.acme, "Otto Other")
    survey = agency.asked()
    agency.surveys.reply(click(survey, 2, OTTO))
    agency.surveys.wish(survey["token"], OTTO, Wish.STOP)
    value = json.dumps({"account": agency.acme, "user": "U0OTTO", "team": GLOBEX, "contact": contact_id})
    stage.press_value(f"stranger_map_{contact_id}", value, ANNA)
    assert "counts now" in stage.ears.next()["text"]
    (otto,) = [row for row in agency.rows(tables.contact) if row["slack_user_id"] == "U0OTTO"]
    assert (otto["contact_id"], otto["opted_out_at"]) == (contact_id, agency.now())


def test_an_address_of_another_company_proves_nothing(stage: Stage) -> None:
    agency = stage.agency
    agency.contact("boss", agency.acme, "The boss", email="otto@globex.example")
    agency.surveys.reply(click(agency.asked(), 1, OTTO))
    assert scores(agency) == []
    assert {ACME, HOME}.isdisjoint({row["slack_team_id"] for row in agency.rows(tables.held_answer)})

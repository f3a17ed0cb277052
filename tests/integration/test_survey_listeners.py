"""The survey programme as Slack drives it: real Bolt, real database, acks looked at."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from bot.blocks.limits import faults
from bot.jobs import post_surveys
from bot.tongues import spoken
from kpi.model import Actor
from kpi.store import tables
from kpi.store.store import Record, Store
from tests.agency import ANNA, CARLA, CHRIS, GUEST, NOBODY, Agency
from tests.stage import Stage, listening


@pytest.fixture
def stage(tenant: Store) -> Iterator[Stage]:
    with listening() as ears:
        yield Stage(Agency(tenant), ears)


def words_of(payload: dict[str, Any]) -> str:
    return str(payload)


def question(stage: Stage) -> dict[str, Any]:
    """A question as posted, three hours after Anna logged a meeting through the form."""
    stage.command("log", ANNA)
    stage.submit(stage.windows[-1], ANNA, contact=str(stage.agency.carla))
    stage.agency.now.move(hours=3)
    post_surveys.run(stage.agency.surveys, stage.agency.now)
    stage.agency.post()
    return dict(stage.agency.messages("survey")[-1]["payload"])


def reply(stage: Stage) -> Record:
    return stage.agency.only(tables.reply)


def test_from_the_command_to_the_comment(stage: Stage) -> None:
    message = question(stage)
    assert faults(message) == ()
    assert stage.press(message, "survey_score_4", CARLA) == {}
    assert reply(stage)["score"] == 4
    (thanks,) = stage.agency.messages("thanks")
    stage.press(thanks["payload"], "survey_comment", CARLA)
    ack = stage.submit(stage.windows[-1], CARLA, comment="<!channel> quick & kind")
    assert spoken("en").kept in words_of(ack)
    assert reply(stage)["comment"] == "<!channel> quick & kind"


def test_the_form_knows_the_channels_account_and_confirms_with_a_way_back(stage: Stage) -> None:
    assert stage.command("log", ANNA) == {}
    ack = stage.submit(stage.windows[-1], ANNA, contact=str(stage.agency.carla), note="internal")
    assert ack["response_action"] == "update"
    assert "Carla Client" in words_of(ack)
    assert faults(ack["view"]) == ()
    assert "cancelled" in words_of(stage.submit(ack["view"], ANNA, reason="on holiday"))
    assert stage.agency.only(tables.survey)["state"] == "cancelled"


def test_the_note_stays_inside(stage: Stage) -> None:
    stage.command("log", ANNA)
    stage.submit(stage.windows[-1], ANNA, note="difficult client")
    stage.agency.now.move(hours=3)
    stage.agency.surveys.post_due(stage.agency.now())
    assert "difficult" not in str(stage.agency.messages("survey"))


def test_a_form_sent_twice_is_stored_once(stage: Stage) -> None:
    stage.command("log", ANNA)
    form = stage.windows[-1]
    stage.submit(form, ANNA)
    assert "Already logged" in words_of(stage.submit(form, ANNA))
    assert stage.agency.count(tables.interaction) == 1


def test_a_message_shortcut_asks_in_that_thread(stage: Stage) -> None:
    stage.shortcut("log_interaction_here", ANNA, ts="1790000000.000300", text="hello")
    stage.submit(stage.windows[-1], ANNA)
    interaction = stage.agency.only(tables.interaction)
    assert (interaction["channel_id"], interaction["thread_ts"]) == ("C0ACME", "1790000000.000300")


def test_the_global_shortcut_has_no_account_and_offers_the_contacts_of_the_chosen_one(stage: Stage) -> None:
    stage.shortcut("log_interaction", ANNA)
    form = stage.windows[-1]
    assert "initial_option" not in str(form["blocks"][0])
    assert stage.suggest("log_contact", "", form, ANNA) == []
    assert stage.suggest("log_account", "glo", form, ANNA) == ["Globex Ltd"]
    chosen = {**form, "blocks": [dict(block) for block in form["blocks"]]}
    element = chosen["blocks"][0]["element"]
    chosen["blocks"][0]["element"] = {**element, "initial_option": element["options"][0]}
    assert stage.suggest("log_contact", "carl", chosen, ANNA) == ["Carla Client"]


@pytest.mark.parametrize("by", [CARLA, GUEST])
def test_clients_and_guests_get_a_polite_no_and_see_nothing(stage: Stage, by: Actor) -> None:
    stage.agency.directory.people[by.user_id] = stage.agency.directory.people["U0GUEST"]
    assert "Only full members" in stage.command("log", by)["text"]
    assert stage.suggest("log_account", "", {"blocks": []}, by) == []
    assert stage.windows == []


def test_a_fault_stands_below_its_field_and_the_form_stays(stage: Stage) -> None:
    stage.command("log", ANNA)
    later = int(stage.agency.now().timestamp()) + 3600
    ack = stage.submit(stage.windows[-1], ANNA, occurred_at=later)
    assert ack["response_action"] == "errors"
    assert "future" in ack["errors"]["occurred_at"]
    assert stage.agency.count(tables.interaction) == 0


def test_a_contact_of_another_account_is_pointed_out_at_the_contact(stage: Stage) -> None:
    stage.command("log", ANNA)
    ack = stage.submit(stage.windows[-1], ANNA, account=str(stage.agency.globex), contact=str(stage.agency.carla))
    assert "not a contact of Globex" in ack["errors"]["contact"]


def test_a_form_that_did_not_open_is_said_in_the_ack(stage: Stage) -> None:
    stage.opens = False
    assert "try again" in stage.command("log", ANNA)["text"]


def test_without_accounts_the_person_is_told_so(stage: Stage) -> None:
    with stage.agency.store.transaction() as tx:
        tx.run(tables.contact.delete().where(tx.mine(tables.contact)))
        tx.run(tables.account.delete().where(tx.mine(tables.account)))
    assert "no accounts yet" in stage.command("log", ANNA)["text"]


def test_the_message_of_confirmation_cancels_too(stage: Stage) -> None:
    stage.command("log", ANNA)
    stage.submit(stage.windows[-1], ANNA)
    (notice,) = stage.agency.messages("notice")
    stage.press(notice["payload"], "cancel_survey", ANNA)
    assert "say why" in stage.submit(stage.windows[-1], ANNA, reason=" ")["errors"]["reason"]
    stage.submit(stage.windows[-1], ANNA, reason="on holiday")
    assert stage.agency.only(tables.survey)["reason"] == "on holiday"


def test_two_clients_of_one_account_are_two_answers_and_a_second_press_is_none(stage: Stage) -> None:
    message = question(stage)
    for by, score in ((CARLA, 4), (CARLA, 5), (CHRIS, 2)):
        assert stage.press(message, f"survey_score_{score}", by) == {}
    assert sorted(row["score"] for row in stage.agency.rows(tables.reply)) == [2, 5]


def test_racing_presses_are_all_acked_and_count_once(stage: Stage) -> None:
    message = question(stage)
    with ThreadPoolExecutor(5) as pool:
        acks = list(pool.map(lambda score: stage.press(message, f"survey_score_{score}", CARLA), range(1, 6)))
    assert acks == [{}] * 5
    assert stage.agency.count(tables.reply) == 1


def test_our_own_people_are_told_the_question_is_for_the_client(stage: Stage) -> None:
    stage.press(question(stage), "survey_score_5", ANNA)
    said = stage.ears.next()
    assert "for the client" in said["text"]
    assert (said["response_type"], said["replace_original"]) == ("ephemeral", False)
    assert stage.agency.count(tables.reply) == 0


@pytest.mark.parametrize("value", ["", "made-up", "made-up-token.4", "x" * 3000])
def test_a_forged_press_is_answered_in_words(stage: Stage, value: str) -> None:
    assert stage.press_value("survey_score_4", value, CARLA) == {}
    assert "nothing was stored" in stage.ears.next()["text"]


def test_somebody_slack_cannot_place_is_asked_to_try_again(stage: Stage) -> None:
    stage.press(question(stage), "survey_score_5", NOBODY)
    assert "try again" in stage.ears.next()["text"]


def test_after_a_week_a_press_gets_words(stage: Stage) -> None:
    message = question(stage)
    stage.agency.now.move(days=8)
    post_surveys.run(stage.agency.surveys, stage.agency.now)
    stage.press(message, "survey_score_5", CARLA)
    assert "closed on 23 September 2026" in stage.ears.next()["text"]


def test_a_comment_too_long_stays_in_the_form_with_the_reason_below(stage: Stage) -> None:
    message = question(stage)
    stage.press(message, "survey_score_2", CARLA)
    stage.press(stage.agency.messages("thanks")[-1]["payload"], "survey_comment", CARLA)
    ack = stage.submit(stage.windows[-1], CARLA, comment="x" * 3001)
    assert ack["response_action"] == "errors"
    assert "3,001" in ack["errors"]["comment"]
    assert reply(stage)["comment"] is None


def test_a_comment_form_that_did_not_open_is_said(stage: Stage) -> None:
    stage.press(question(stage), "survey_score_2", CARLA)
    stage.opens = False
    stage.press(stage.agency.messages("thanks")[-1]["payload"], "survey_comment", CARLA)
    assert "try again" in stage.ears.next()["text"]


def test_a_message_in_doubt_is_sent_again_with_one_press_and_only_by_us(stage: Stage) -> None:
    stage.agency.unanswered()
    (message,) = stage.agency.messages("survey")
    for by, words in ((CARLA, "Only full members"), (ANNA, "Sending it again"), (ANNA, "one press is enough")):
        stage.press_value("resend_delivery", str(message["delivery_id"]), by)
        assert words in stage.ears.next()["text"]
    assert len(stage.agency.messages("survey")) == 2

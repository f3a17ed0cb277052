"""The form for logging: complete, within Slack's limits, and read back exactly as it was filled in."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.blocks.limits import faults
from bot.blocks.log_form import (
    cancel_view,
    chosen_account,
    confirmation,
    contact_option,
    filled,
    log_view,
    logged_view,
    reason_given,
)
from bot.blocks.reader import Reader
from kpi.errors import Misfilled
from kpi.model import Account, Contact
from kpi.services.surveys.words import LogForm, Logged
from tests.agency import CSAT_EN

NOW = datetime(2026, 9, 16, 10, 0, tzinfo=UTC)
READER = Reader("en", ZoneInfo("Europe/Berlin"))
ACME, GLOBEX = Account(1, "acme", "Acme GmbH", "C0ACME"), Account(2, "globex", "Globex Ltd")
CARLA = Contact(7, 1, "Carla Client")
KINDS = ("meeting", "call")
FORM = LogForm(ACME, (ACME, GLOBEX), (CARLA,), KINDS, NOW, "C0ACME", "1790000000.000100")
SCHEDULED = Logged(3, ACME, CARLA, 9, NOW, CSAT_EN)


def fields(view: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {block["block_id"]: block["element"] for block in view["blocks"] if block["type"] == "input"}


def sent(view: dict[str, Any], **values: Any) -> dict[str, Any]:
    """The view as Slack sends it back, with these elements' states."""
    usual = {
        "account": {"log_account": {"selected_option": {"value": "1"}}},
        "kind": {"kind": {"selected_option": {"value": "call"}}},
        "occurred_at": {"occurred_at": {"selected_date_time": int(NOW.timestamp())}},
        "contact": {"log_contact": {"selected_option": None}},
        "note": {"note": {"value": None}},
    }
    return {**view, "id": "V1", "state": {"values": usual | values}}


def test_the_channels_account_is_chosen_and_now_is_the_time() -> None:
    form = fields(log_view(FORM))
    assert form["account"]["initial_option"]["value"] == "1"
    assert [option["value"] for option in form["account"]["options"]] == ["1", "2"]
    assert form["occurred_at"]["initial_date_time"] == NOW.timestamp()
    assert form["contact"]["options"] == [contact_option(CARLA)]
    assert faults(log_view(FORM)) == ()


@pytest.mark.parametrize(
    "form",
    [
        LogForm(None, (ACME,), None, KINDS, NOW),
        LogForm(ACME, None, None, KINDS, NOW),
        LogForm(ACME, (ACME,), (), KINDS, NOW),
        LogForm(None, tuple(Account(i, f"a{i}", "x" * 300) for i in range(100)), None, KINDS, NOW),
        LogForm(ACME, (ACME,), tuple(Contact(i, 1, "") for i in range(1, 101)), KINDS, NOW),
    ],
)
def test_whatever_there_is_to_choose_from_slack_takes_the_form(form: LogForm) -> None:
    assert faults(log_view(form)) == ()


def test_more_than_a_menu_holds_is_searched_for() -> None:
    form = fields(log_view(LogForm(None, None, None, KINDS, NOW)))
    assert (form["account"]["type"], form["contact"]["type"]) == ("external_select", "external_select")


def test_the_form_is_read_back_as_filled_in() -> None:
    form = filled(sent(log_view(FORM), note={"note": {"value": "<!channel> went well"}}))
    assert (form.account_id, form.contact_id, form.kind, form.occurred_at) == (1, None, "call", NOW)
    assert (form.note, form.channel_id, form.thread_ts) == ("<!channel> went well", "C0ACME", "1790000000.000100")


def test_the_account_chosen_so_far_steers_the_contacts_offered() -> None:
    view = log_view(FORM)
    assert chosen_account(sent(view, account={"log_account": {"selected_option": {"value": "2"}}})) == 2
    assert chosen_account({**view, "state": {"values": {}}}) == 1
    assert chosen_account(log_view(LogForm(None, None, None, KINDS, NOW))) is None
    assert chosen_account({}) is None


@pytest.mark.parametrize(
    ("field", "state"),
    [
        ("account", {"log_account": {"selected_option": None}}),
        ("account", {"log_account": {"selected_option": {"value": "1; drop"}}}),
        ("contact", {"log_contact": {"selected_option": {"value": "²"}}}),
        ("occurred_at", {"occurred_at": {"selected_date_time": None}}),
        ("occurred_at", {}),
        ("occurred_at", {"occurred_at": {"selected_date_time": 2**40}}),
        ("occurred_at", {"occurred_at": {"selected_date_time": "now"}}),
        ("account", {"log_account": {"selected_option": {"value": "9" * 30}}}),
    ],
)
def test_a_field_that_makes_no_sense_is_named(field: str, state: dict[str, Any]) -> None:
    with pytest.raises(Misfilled) as caught:
        filled(sent(log_view(FORM), **{field: state}))
    assert caught.value.field == field


def test_the_confirmation_says_who_when_and_in_which_words_and_offers_to_cancel() -> None:
    message = confirmation(SCHEDULED, READER)
    for words in ("Acme GmbH", "Carla Client", "Sep 16, 2026, 12:00 CEST", "How satisfied were you?"):
        assert words in message["text"]
    (button,) = message["blocks"][-1]["elements"]
    assert (button["action_id"], button["value"], button["text"]["text"]) == ("cancel_survey", "9", "Cancel survey")
    assert faults(message) == ()


def test_the_form_turns_into_a_confirmation_from_which_the_question_can_be_cancelled() -> None:
    view = logged_view(SCHEDULED, READER)
    sent_back = {**view, "state": {"values": {"reason": {"reason": {"value": "on holiday"}}}}}
    assert reason_given(sent_back) == (9, "on holiday")
    assert faults(view) == faults(cancel_view(9)) == ()


def test_without_a_question_the_confirmation_says_why_and_offers_nothing() -> None:
    logged = Logged(3, ACME, None, 9, reason="the account has no channel to ask in")
    assert "No question follows: the account has no channel" in str(logged_view(logged, READER))
    assert len(confirmation(logged, READER)["blocks"]) == 1
    assert faults(logged_view(logged, READER)) == faults(confirmation(logged, READER)) == ()


def test_without_a_contact_whoever_is_in_the_channel_is_asked() -> None:
    assert "Whoever is in the channel" in confirmation(Logged(3, ACME, None, 9, NOW, CSAT_EN), READER)["text"]


def test_a_repeated_interaction_is_said_to_be_there_already() -> None:
    logged = Logged(3, ACME, None, 9, reason="the survey is posted", duplicate=True)
    assert "Already logged" in confirmation(logged, READER)["text"]


def test_no_name_can_alarm_a_channel() -> None:
    loud = Account(1, "a", "<!channel>" * 40)
    message = confirmation(Logged(3, loud, Contact(1, 1, "<@U0ANNA>"), 9, NOW, CSAT_EN), READER)
    assert "<!" not in str(message)
    assert "<@" not in str(message)
    assert faults(message) == ()

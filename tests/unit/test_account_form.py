"""The form for an account is read back exactly as it was filled in, and tells what a person changed in it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from bot.blocks.account_form import account_view
from bot.blocks.account_sent import filled, people_sought
from bot.blocks.limits import faults
from bot.blocks.people_card import added_words, asked, people_card
from kpi.errors import KpiError
from kpi.services.accounts.words import FIELDS
from sandbox.values import state_values
from tests.cards import EN
from tests.forms import CIRCLE, CROWD, FORMS, FULL, KNOWN, NEW, OPTIONS


def sent(view: Mapping[str, Any], **given: Any) -> dict[str, Any]:
    """The view as Slack sends it back, untouched but for what is given."""
    return {**view, "id": "V1", "state": {"values": state_values(list(view["blocks"]), given)}}


def test_an_untouched_form_changes_nothing() -> None:
    for form in (KNOWN, FULL, NEW):
        assert filled(sent(account_view(form, EN))).changed == frozenset()


def test_what_is_shown_comes_back_as_it_was() -> None:
    form = filled(sent(account_view(KNOWN, EN)))
    assert (form.account_id, form.place, form.picked) == (1, "C0ACME", ())
    assert form.said == KNOWN.shown


def test_each_change_is_seen_and_nothing_else() -> None:
    given = {"name": " Acme Corp ", "zone": "", "ends_on": "2027-01-01", "amount": "10", "contacts": ["U0CHRIS"]}
    form = filled(sent(account_view(KNOWN, EN), **given))
    assert form.changed == {"name", "zone", "ends_on", "amount"}
    assert (form.said["name"], form.said["zone"], form.said["ends_on"]) == ("Acme Corp", "", "2027-01-01")
    assert form.picked == ("U0CHRIS",)


def test_a_text_longer_than_its_field_is_not_taken_for_a_change() -> None:
    assert len(FULL.shown["name"]) > 255
    form = filled(sent(account_view(FULL, EN)))
    assert (len(form.said["name"]), form.changed) == (255, frozenset())


def test_line_ends_of_another_kind_are_no_change() -> None:
    view = account_view(replace(KNOWN, shown={**KNOWN.shown, "reason": "one\ntwo"}), EN)
    assert "reason" not in filled(sent(view, reason="one\r\ntwo")).changed


def test_a_start_is_needed_where_there_is_one_or_a_new_account() -> None:
    for form, needed in ((NEW, True), (KNOWN, True), (replace(KNOWN, has_term=False), False)):
        (field,) = [block for block in account_view(form, EN)["blocks"] if block.get("block_id") == "starts_on"]
        assert field.get("optional", False) is not needed


def test_people_are_sought_in_the_channel_chosen_so_far_else_in_the_accounts_own() -> None:
    view = account_view(replace(KNOWN, shown={**KNOWN.shown, "channel": ""}), EN)
    assert people_sought(sent(view)) == (1, "C0ACME")
    assert people_sought(sent(view, channel="C0OTHER")) == (1, "C0OTHER")
    assert people_sought({}) == (None, None)


def test_every_field_has_a_place_in_the_form() -> None:
    inputs = [block["block_id"] for block in FORMS["account_new"]["blocks"] if block["type"] == "input"]
    assert set(inputs) == {*FIELDS, "contacts"}


def test_people_stand_under_their_headings() -> None:
    assert [group["label"]["text"] for group in OPTIONS] == ["From another organisation", "Guests"]
    assert OPTIONS[1]["options"] == [
        {"text": {"type": "plain_text", "text": "Gina Guest", "emoji": False}, "value": "U0GUEST"}
    ]


def test_the_buttons_name_the_account_and_the_people() -> None:
    card = people_card(CIRCLE)
    each = [asked(block["accessory"]["value"]) for block in card["blocks"] if "accessory" in block]
    assert each == [(1, ("U0CHRIS",)), (1, ("U0GUEST",))]
    (everyone,) = [block for block in card["blocks"] if block["type"] == "actions"]
    assert asked(everyone["elements"][0]["value"]) == (1, ("U0CHRIS", "U0GUEST"))


def test_of_a_crowd_with_long_ids_as_many_are_added_at_once_as_a_button_holds() -> None:
    long = tuple(replace(one, user_id=f"W{number:030}") for number, one in enumerate(CROWD))
    card = people_card(replace(CIRCLE, strangers=long))
    assert faults(card) == ()
    (everyone,) = [block for block in card["blocks"] if block["type"] == "actions"]
    button = everyone["elements"][0]
    assert button["text"]["text"] == f"Add all {len(asked(button['value'])[1])}"


@pytest.mark.parametrize("value", ["", "7", "[]", "{}", '{"account": "x", "users": []}', '{"account": 1}'])
def test_a_button_that_is_not_ours_is_told_so(value: str) -> None:
    with pytest.raises(KpiError, match="not one of ours"):
        asked(value)


def test_what_a_press_did_is_said_in_a_sentence() -> None:
    assert added_words(["Carla"]) == "Carla is a contact now."
    assert added_words(["Carla", "<!here>"]) == "Carla, &lt;!here&gt; are contacts now."
    assert "already" in added_words([])

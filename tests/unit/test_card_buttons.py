"""What the buttons under an answer ask next, what a question back offers, and what a shared answer leaves out."""

from dataclasses import replace
from typing import Any

import pytest

from bot.blocks.choice_card import Choice, choice_card
from bot.blocks.kpi_card import Card, kpi_card
from bot.blocks.limits import faults
from bot.blocks.share_card import CHANNEL, SEND, channel_chosen, share_preview, shared_card
from kpi.model import KpiValue, Scope
from tests.cards import EN
from tests.samples import CSAT, EVIL, WITHHELD

WORDS = "csat 2026-Q3"


def elements(card: Card) -> list[dict[str, Any]]:
    return [each for block in card["blocks"] if block["type"] == "actions" for each in block["elements"]]


def asked(value: KpiValue, words: str = WORDS) -> dict[str, str]:
    """By action, the words a tap asks."""
    return {each["action_id"]: each["value"] for each in elements(kpi_card(value, EN, words))}


def test_a_tap_explains_follows_breaks_down_or_shares_the_very_answer() -> None:
    assert asked(CSAT) == {
        "kpi_ask:explain": "explain csat 2026-Q3",
        "kpi_ask:trend": "trend csat 2026-Q3",
        "kpi_ask:by": "by segment csat 2026-Q3",
        "kpi_share": "share csat 2026-Q3",
    }


def test_a_segment_is_broken_down_by_account_and_one_account_by_nothing() -> None:
    segment = Scope("segment", "Enterprise", "Enterprise")
    assert asked(replace(CSAT, scope=segment))["kpi_ask:by"] == "by account csat 2026-Q3"
    assert "kpi_ask:by" not in asked(replace(CSAT, scope=Scope("account", "Acme", 1)))


def test_where_there_is_no_value_nothing_is_broken_down() -> None:
    assert set(asked(WITHHELD)) == {"kpi_ask:explain", "kpi_ask:trend", "kpi_share"}


def test_without_words_there_is_nothing_to_tap() -> None:
    assert elements(kpi_card(CSAT, EN, "")) == []


def test_words_too_long_for_a_button_leave_it_out() -> None:
    card = kpi_card(CSAT, EN, "x" * 1993)
    assert [each["action_id"] for each in elements(card)] == ["kpi_ask:trend", "kpi_share"]
    assert faults(card) == ()


def test_a_handful_of_choices_are_buttons() -> None:
    card = choice_card(
        "Which Acme do you mean?", [Choice("Acme GmbH", "csat account#1"), Choice(EVIL, "csat account#2")]
    )
    assert [(each["action_id"], each["value"]) for each in elements(card)] == [
        ("kpi_ask:choice:1", "csat account#1"),
        ("kpi_ask:choice:2", "csat account#2"),
    ]
    assert card["text"].startswith("Which Acme do you mean? Acme GmbH; ")


def test_more_choices_are_a_menu_of_those_whose_words_fit() -> None:
    many = [Choice(f"Acme {number}", f"csat account#{number}") for number in range(200)]
    card = choice_card("Which?", [Choice("long", "x" * 151), *many])
    (menu,) = elements(card)
    assert (menu["type"], menu["action_id"]) == ("static_select", "kpi_ask:choice")
    assert menu["options"][0]["value"] == "csat account#0"
    assert faults(card) == ()


def test_a_question_without_choices_is_only_said() -> None:
    assert elements(choice_card("There is no KPI “chrun”.", [])) == []


def test_a_preview_shows_the_answer_without_its_buttons_and_asks_for_a_channel() -> None:
    card = share_preview(kpi_card(CSAT, EN, WORDS), WORDS)
    channel, send = elements(card)
    assert (channel["action_id"], send["action_id"], send["value"]) == (CHANNEL, SEND, WORDS)
    assert channel["filter"]["exclude_external_shared_channels"] is True
    assert faults(card) == ()


def test_a_shared_answer_says_who_shared_it_and_has_nothing_to_tap() -> None:
    card = shared_card(kpi_card(CSAT, EN, WORDS), "U0ANNA")
    assert elements(card) == []
    assert "Shared by <@U0ANNA>" in str(card["blocks"][-1])


@pytest.mark.parametrize(
    ("state", "channel"),
    [
        ({"values": {"kpi_share": {CHANNEL: {"selected_conversation": "C1"}}}}, "C1"),
        ({"values": {"kpi_share": {CHANNEL: {"selected_conversation": None}}}}, ""),
        ({"values": {"other": {}}}, ""),
        ({"values": []}, ""),
        ({}, ""),
    ],
)
def test_the_channel_chosen_is_read_from_whatever_slack_sends(state: dict[str, Any], channel: str) -> None:
    assert channel_chosen(state) == channel

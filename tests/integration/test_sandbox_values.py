"""What a form's fields report: what was filled in, else what the app had put there, in Slack's own shapes."""

from typing import Any

import pytest

from sandbox.blocks import elements_of, with_ids
from sandbox.errors import Refusal
from sandbox.values import element_state, refuse_unfinished, state_values
from tests.integration.sandbox_bench import actions, button, question, text

WEEK = {"text": text("A week"), "value": "7"}
MONTH = {"text": text("A month"), "value": "30"}


def element(kind: str, **more: Any) -> dict[str, Any]:
    return {"type": kind, "action_id": "a", **more}


@pytest.mark.parametrize(
    ("kind", "given", "expected"),
    [
        (element("plain_text_input"), "hi", {"value": "hi"}),
        (element("plain_text_input"), "", {"value": None}),
        (element("plain_text_input", initial_value="draft"), None, {"value": "draft"}),
        (element("number_input", initial_value="4"), 5, {"value": "5"}),
        (element("static_select", options=[WEEK, MONTH]), "30", {"selected_option": MONTH}),
        (element("static_select", options=[WEEK], initial_option=WEEK), None, {"selected_option": WEEK}),
        (element("static_select", options=[WEEK]), None, {"selected_option": None}),
        (element("static_select", option_groups=[{"options": [MONTH]}]), "30", {"selected_option": MONTH}),
        (element("radio_buttons", options=[WEEK]), "7", {"selected_option": WEEK}),
        (element("checkboxes", options=[WEEK, MONTH]), ["7", "30"], {"selected_options": [WEEK, MONTH]}),
        (element("checkboxes", options=[WEEK]), None, {"selected_options": []}),
        (element("datepicker", initial_date="2026-11-02"), None, {"selected_date": "2026-11-02"}),
        (element("timepicker"), "09:30", {"selected_time": "09:30"}),
        (element("datetimepicker"), "1795000000", {"selected_date_time": 1_795_000_000}),
        (element("datetimepicker", initial_date_time=1), None, {"selected_date_time": 1}),
        (element("users_select"), "U0ANNA", {"selected_user": "U0ANNA"}),
        (element("multi_users_select"), ["U0ANNA"], {"selected_users": ["U0ANNA"]}),
        (element("conversations_select"), "C0TEAM", {"selected_conversation": "C0TEAM"}),
        (element("channels_select"), None, {"selected_channel": None}),
    ],
)
def test_each_kind_of_field_reports_in_its_own_shape(
    kind: dict[str, Any], given: Any, expected: dict[str, Any]
) -> None:
    assert element_state(kind, given) == {"type": kind["type"], **expected}


def test_an_external_select_takes_any_option() -> None:
    state = element_state(element("external_select"), "acct-1")
    assert state["selected_option"]["value"] == "acct-1"
    assert element_state(element("external_select"), MONTH)["selected_option"] == MONTH


def test_an_option_that_is_not_offered_cannot_be_chosen() -> None:
    with pytest.raises(Refusal, match="offers no option '9'; it offers 7, 30"):
        element_state(element("static_select", options=[WEEK, MONTH]), "9")


def test_values_are_given_by_block_and_action_or_by_either_alone() -> None:
    blocks = [question("first", element("plain_text_input")), question("second", element("plain_text_input"))]
    blocks[1]["element"]["action_id"] = "b"
    state = state_values(blocks, {"first": {"a": "one"}, "b": "two"})
    assert state["first"]["a"]["value"] == "one"
    assert state["second"]["b"]["value"] == "two"
    assert state_values(blocks, {"first": "one"})["first"]["a"]["value"] == "one"


def test_a_select_beside_a_section_is_part_of_the_state_and_buttons_are_not() -> None:
    chooser = element("static_select", options=[WEEK], initial_option=WEEK)
    blocks = [{"type": "section", "block_id": "s", "text": text("x"), "accessory": chooser}, actions(button("go"))]
    assert state_values(blocks, {}) == {"s": {"a": {"type": "static_select", "selected_option": WEEK}}}


def test_only_what_is_required_must_be_answered() -> None:
    needed = question("needed", element("plain_text_input"))
    free = question("free", element("plain_text_input"), optional=True)
    refuse_unfinished([free], state_values([free], {}))
    with pytest.raises(Refusal, match="“needed” is required"):
        refuse_unfinished([needed, free], state_values([needed, free], {}))


def test_a_length_the_app_set_is_kept() -> None:
    short = question("short", element("plain_text_input", max_length=5))
    refuse_unfinished([short], state_values([short], {"short": "12345"}))
    with pytest.raises(Refusal, match="longer than the 5 allowed"):
        refuse_unfinished([short], state_values([short], {"short": "123456"}))


def test_blocks_and_elements_without_ids_get_some_and_keep_those_they_have() -> None:
    bare = {"type": "button", "text": text("x")}
    filled = with_ids([{"type": "actions", "elements": [bare]}, actions(button("mine"))])
    (first, generated), (second, own) = elements_of(filled)
    assert first
    assert generated["action_id"]
    assert (second, own["action_id"]) == ("row", "mine")
    assert "action_id" not in bare


def test_elements_nested_in_a_layout_or_container_are_found() -> None:
    layout = {"type": "layout", "label": "l", "rows": [{"items": [{"block": actions(button("deep"), block_id="in")}]}]}
    box = {"type": "container", "child_blocks": [actions(button("boxed"), block_id="box")]}
    assert [(b, e["action_id"]) for b, e in elements_of(with_ids([layout, box]))] == [("in", "deep"), ("box", "boxed")]

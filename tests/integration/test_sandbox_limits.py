"""Slack's limits: exactly what Slack takes is taken, one more is refused and says where."""

from typing import Any

import pytest

from sandbox import limits
from sandbox.errors import SlackError
from sandbox.validation import block_faults, checked_blocks, checked_view
from tests.integration.sandbox_bench import COMMENT, actions, button, modal, question, text


def section(words: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": words}}


def header(words: str) -> dict[str, Any]:
    return {"type": "header", "text": text(words)}


def options(count: int, words: str = "o", value: str = "") -> list[dict[str, Any]]:
    return [{"text": text(words), "value": value or str(number)} for number in range(count)]


def select(kind: str = "static_select", **more: Any) -> dict[str, Any]:
    return {"type": kind, "action_id": "a", "options": options(1), **more}


def chart(title: str) -> dict[str, Any]:
    return {"type": "data_visualization", "title": title, "chart": {"type": "bar"}}


def table(rows: int) -> dict[str, Any]:
    return {"type": "data_table", "caption": "Accounts", "rows": [[{"type": "raw_text", "text": ""}]] * rows}


def typed(**more: Any) -> dict[str, Any]:
    return question("b", {"type": "plain_text_input", "action_id": "a", **more})


FITS = {
    "50 blocks": [{"type": "divider"}] * 50,
    "section text": [section("x" * 3_000)],
    "section fields": [{"type": "section", "fields": [text("x" * 200)] * 10}],
    "25 buttons": [actions(*(button(f"a{n}") for n in range(25)))],
    "10 context elements": [{"type": "context", "elements": [text("x")] * 10}],
    "header": [header("x" * 150)],
    "button text": [actions({**button("a"), "text": text("x" * 75), "value": "v" * 2_000})],
    "action id": [actions(button("a" * 255))],
    "100 options": [actions(select(options=options(100)))],
    "option text": [actions(select(options=options(1, "x" * 75, "v" * 150)))],
    "10 radio buttons": [question("b", select("radio_buttons", options=options(10)))],
    "text input": [typed(max_length=3_000)],
    "two charts": [chart("x" * 50), chart("b")],
    "201 table rows": [table(201)],
    "markdown": [{"type": "markdown", "text": "x" * 12_000}],
    "container": [{"type": "container", "title": text("t"), "child_blocks": [section("x")] * 10}],
    "layout": [{"type": "layout", "label": "l", "rows": [{"items": [{"block": section("x")}]}] * 5}],
    "rich text": [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": []}]}],
}

TOO_MUCH = {
    "51 blocks": ([{"type": "divider"}] * 51, "/blocks"),
    "section text": ([section("x" * 3_001)], "/blocks/0/text/text"),
    "empty text": ([section("")], "/blocks/0/text/text"),
    "section without text": ([{"type": "section"}], "/blocks/0"),
    "11 fields": ([{"type": "section", "fields": [text("x")] * 11}], "/blocks/0/fields"),
    "field text": ([{"type": "section", "fields": [text("x" * 2_001)]}], "/blocks/0/fields/0/text"),
    "26 buttons": ([actions(*(button(f"a{n}") for n in range(26)))], "/blocks/0/elements"),
    "no buttons": ([actions()], "/blocks/0/elements"),
    "11 context elements": ([{"type": "context", "elements": [text("x")] * 11}], "/blocks/0/elements"),
    "header": ([header("x" * 151)], "/blocks/0/text/text"),
    "button text": ([actions({**button("a"), "text": text("x" * 76)})], "/blocks/0/elements/0/text/text"),
    "button value": ([actions(button("a", "v" * 2_001))], "/blocks/0/elements/0/value"),
    "action id": ([actions(button("a" * 256))], "/blocks/0/elements/0/action_id"),
    "same action id": ([actions(button("a"), button("a"))], "action_id already exists: a"),
    "same block id": ([actions(button("a")), actions(button("b"))], "block_id already exists: row"),
    "101 options": ([actions(select(options=options(101)))], "/blocks/0/elements/0/options"),
    "option text": ([actions(select(options=options(1, "x" * 76)))], "/elements/0/options/0/text/text"),
    "option value": ([actions(select(options=options(1, "x", "v" * 151)))], "/elements/0/options/0/value"),
    "11 radio buttons": ([question("b", select("radio_buttons", options=options(11)))], "/blocks/0/element/options"),
    "11 checkboxes": ([question("b", select("checkboxes", options=options(11)))], "/blocks/0/element/options"),
    "text input": ([typed(max_length=3_001)], "/blocks/0/element/max_length"),
    "three charts": ([chart("a"), chart("b"), chart("c")], "no more than 2 data_visualization"),
    "chart title": ([chart("x" * 51)], "/blocks/0/title"),
    "202 table rows": ([table(202)], "/blocks/0/rows"),
    "markdown in all": ([{"type": "markdown", "text": "x" * 6_001}] * 2, "markdown must be less than"),
    "chart in container": ([{"type": "container", "child_blocks": [chart("a")]}], "/blocks/0/child_blocks/0/type"),
    "nested in layout": (
        [{"type": "layout", "label": "l", "rows": [{"items": [{"block": header("x" * 151)}]}]}],
        "/text",
    ),
    "layout without rows": ([{"type": "layout", "label": "l"}], "missing required field: rows"),
    "unknown block": ([{"type": "shout"}], "unsupported type: shout"),
    "unknown element": ([actions({"type": "lever", "action_id": "a"})], "unsupported type: lever"),
    "an alert in a message": ([{"type": "alert", "text": text("x")}], "unsupported type: alert"),
    "text as a type": ([{"type": "text", "text": "x"}], "unsupported type: text"),
    "not an object": (["divider"], "unsupported type: None"),
}


@pytest.mark.parametrize("name", FITS)
def test_what_slack_takes_is_taken(name: str) -> None:
    assert block_faults(FITS[name], limits.MESSAGE) == []


@pytest.mark.parametrize("name", TOO_MUCH)
def test_one_more_is_refused_and_says_where(name: str) -> None:
    blocks, where = TOO_MUCH[name]
    with pytest.raises(SlackError) as refusal:
        checked_blocks(blocks)
    assert refusal.value.code == "invalid_blocks"
    assert any(where in message for message in refusal.value.messages), refusal.value.messages


def test_all_blocks_together_may_hold_13200_characters() -> None:
    full = [section("x" * 3_000)] * 4 + [section("x" * 1_200)]
    assert checked_blocks(full) == full
    with pytest.raises(SlackError) as refusal:
        checked_blocks([*full, section("y")])
    assert refusal.value.code == "msg_blocks_too_long"


def test_blocks_that_are_no_list_are_no_blocks() -> None:
    with pytest.raises(SlackError) as refusal:
        checked_blocks({"type": "divider"})
    assert refusal.value.code == "invalid_blocks_format"


@pytest.mark.parametrize(
    ("view", "where"),
    [
        (modal(COMMENT, title=text("x" * 25)), "/view/title/text"),
        (modal(COMMENT, submit=text("x" * 25)), "/view/submit/text"),
        (modal(COMMENT, close=text("x" * 25)), "/view/close/text"),
        (modal(COMMENT, private_metadata="x" * 3_001), "/view/private_metadata"),
        (modal(COMMENT, callback_id="x" * 256), "/view/callback_id"),
        (modal(COMMENT, submit=None), "missing required field: submit"),
        (modal(COMMENT, title=None), "missing required field: title"),
        (modal(*[{"type": "divider"}] * 101), "/view/blocks"),
        (modal(chart("a")), "unsupported type: data_visualization"),
        ({"type": "modal", "title": text("x")}, "missing required field: blocks"),
        ({"type": "workflow", "title": text("x"), "blocks": []}, "/view/type"),
        ("modal", "must be an object"),
    ],
)
def test_a_modal_beyond_its_limits_is_refused(view: Any, where: str) -> None:
    with pytest.raises(SlackError) as refusal:
        checked_view(view, limits.MODAL)
    assert refusal.value.code == "invalid_arguments"
    assert any(where in message for message in refusal.value.messages), refusal.value.messages


def test_a_modal_at_its_limits_is_fine() -> None:
    full = modal(*[{"type": "divider"}] * 99, COMMENT, title=text("x" * 24), private_metadata="x" * 3_000)
    assert checked_view(full, limits.MODAL) == full


def test_a_home_takes_tables_but_no_charts() -> None:
    assert block_faults([table(2)], limits.HOME) == []
    assert block_faults([chart("a")], limits.HOME)

"""Slack's limits: exactly what Slack takes is taken, one more is refused and says where."""

import json
from typing import Any

import pytest

from sandbox import limits
from sandbox.errors import SlackError
from sandbox.validation import block_faults, checked_blocks, checked_view
from tests.integration.sandbox_bench import COMMENT, actions, button, modal, question, text

WORD = {"type": "raw_text", "text": "x"}
FIGURE = {"type": "raw_number", "value": 1.5, "text": "1.5%"}


def section(words: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": words}}


def header(words: str) -> dict[str, Any]:
    return {"type": "header", "text": text(words)}


def options(count: int, words: str = "o", value: str = "") -> list[dict[str, Any]]:
    return [{"text": text(words), "value": value or str(number)} for number in range(count)]


def select(kind: str = "static_select", **more: Any) -> dict[str, Any]:
    return {"type": kind, "action_id": "a", "options": options(1), **more}


def chart(title: str) -> dict[str, Any]:
    return {"type": "data_visualization", "title": title, "chart": bars(["Aug", "Sep"], "CSAT")}


def bars(categories: list[str], *names: str, **change: Any) -> dict[str, Any]:
    data = [{"label": category, "value": number} for number, category in enumerate(categories)]
    series = [{"name": name, "data": data} for name in names]
    return {"type": "bar", "series": series, "axis_config": {"categories": categories}, **change}


def drawn(chart: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"type": "data_visualization", "title": "t", "chart": chart}]


def cells(*rows: list[dict[str, Any]], **more: Any) -> list[dict[str, Any]]:
    return [{"type": "data_table", "caption": "Accounts", "rows": list(rows), **more}]


def table(rows: int) -> dict[str, Any]:
    return {"type": "data_table", "caption": "Accounts", "rows": [[WORD]] * rows}


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
    "20 points in 12 series": drawn(bars([f"{n}" * 5 for n in range(20)], *(f"{n:20}" for n in range(12)))),
    "a pie": drawn({"type": "pie", "segments": [{"label": "x" * 20, "value": 0.1}] * 12}),
    "20,000 characters in a table": cells([WORD], [{**WORD, "text": "x" * 19_999}]),
    "a number in a table": cells([WORD, WORD], [WORD, FIGURE], page_size=100),
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
    "21 points": (drawn(bars([f"{n}" for n in range(21)], "a")), "/chart/axis_config/categories"),
    "13 series": (drawn(bars(["a"], *(f"{n}" for n in range(13)))), "/chart/series"),
    "same series twice": (drawn(bars(["a"], "x", "x")), "name already exists: x"),
    "a point too few": (
        drawn({**bars(["a"], "x"), "axis_config": {"categories": ["a", "b"]}}),
        "exactly one point for each category",
    ),
    "a gap": (drawn({"type": "pie", "segments": [{"label": "x", "value": None}]}), "must be a number"),
    "a share of nothing": (drawn({"type": "pie", "segments": [{"label": "x", "value": 0}]}), "greater than 0"),
    "series name": (drawn(bars(["a"], "x" * 21)), "/series/0/name"),
    "a chart of no kind": (drawn({"type": "heatmap"}), "unsupported type: heatmap"),
    "rows of two lengths": (cells([WORD, WORD], [WORD]), "same number of cells"),
    "rich text in a header": (cells([{"type": "rich_text", "elements": []}], [WORD]), "may not stand in the header"),
    "21 columns": (cells([WORD] * 21, [WORD] * 21), "/rows/0"),
    "a cell without words": (cells([WORD], [{"type": "raw_text", "text": ""}]), "/rows/1/0/text"),
    "a number without value": (cells([WORD], [{"type": "raw_number", "text": "1"}]), "must be a number"),
    "a page of none": (cells([WORD], [WORD], page_size=0), "/page_size"),
    "20,001 characters in tables": (
        [*cells([WORD], [{**WORD, "text": "x" * 10_000}]), *cells([WORD], [{**WORD, "text": "x" * 9_999}])],
        "data_table must be less than 20001",
    ),
    "two plain tables": ([{"type": "table", "rows": [[WORD]]}] * 2, "no more than 1 table"),
    "51 blocks with those in a layout": (
        [{"type": "layout", "label": "l", "rows": [{"items": [{"block": section("x")}] * 10}] * 5}],
        "no more than 50",
    ),
    "an item without a block": ([{"type": "layout", "label": "l", "rows": [{"items": [{}]}]}], "field: block"),
    "a fault in the fallback": (
        [{"type": "layout", "label": "l", "rows": [{"items": [{"block": section("x")}]}], "fallback": [section("")]}],
        "/blocks/0/fallback/0/text/text",
    ),
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
    frames = len(json.dumps([section("")] * 5, separators=(",", ":")))
    full = [section("x" * 3_000)] * 4 + [section("x" * (1_200 - frames))]
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

"""What Slack takes is taken, anything else is refused and says where; the sizes are in the table of limits."""

from typing import Any

import pytest

from sandbox import limits
from sandbox.errors import SlackError
from sandbox.validation import block_faults, checked_blocks, checked_view
from tests.integration.sandbox_bench import COMMENT, actions, button, modal, question, text

WORD = {"type": "raw_text", "text": "x"}
TASK = {"type": "task_card", "task_id": "1", "title": "t", "status": "pending"}
PICTURE = {"type": "image", "image_url": "https://x.example/x.png", "alt_text": "x"}
VALUED = {"text": text("Yes"), "value": "v"}
FEEDBACK = {"type": "feedback_buttons", "action_id": "a", "positive_button": VALUED}
FIGURE = {"type": "raw_number", "value": 1.5, "text": "1.5%"}


def section(words: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": words}}


def header(words: str) -> dict[str, Any]:
    return {"type": "header", "text": text(words)}


def select(**more: Any) -> dict[str, Any]:
    return {"type": "static_select", "action_id": "a", "options": [{"text": text("o"), "value": "1"}], **more}


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


FITS: dict[str, list[Any]] = {
    "two charts": [chart("x" * 50), chart("b")],
    "container": [{"type": "container", "title": text("t"), "width": "full", "child_blocks": [section("x")] * 10}],
    "a plan": [{"type": "plan", "title": "t", "tasks": [TASK]}, {**TASK, "status": "complete"}],
    "a card with a picture": [{"type": "card", "title": text("t"), "icon": PICTURE, "actions": [button("a")]}],
    "feedback": [{"type": "context_actions", "elements": [{**FEEDBACK, "negative_button": VALUED}]}],
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
    "same action id": ([actions(button("a"), button("a"))], "action_id already exists: a"),
    "same block id": ([actions(button("a")), actions(button("b"))], "block_id already exists: row"),
    "markdown in all": ([{"type": "markdown", "text": "x" * 6_001}] * 2, "markdown must be less than"),
    "chart in container": ([{"type": "container", "child_blocks": [chart("a")]}], "/blocks/0/child_blocks/0/type"),
    "nested in layout": (
        [{"type": "layout", "label": "l", "rows": [{"items": [{"block": header("x" * 151)}]}]}],
        "/text",
    ),
    "layout without rows": ([{"type": "layout", "label": "l"}], "missing required field: rows"),
    "same series twice": (drawn(bars(["a"], "x", "x")), "name already exists: x"),
    "a point too few": (
        drawn({**bars(["a"], "x"), "axis_config": {"categories": ["a", "b"]}}),
        "exactly one point for each category",
    ),
    "a gap": (drawn({"type": "pie", "segments": [{"label": "x", "value": None}]}), "must be a number"),
    "a share of nothing": (drawn({"type": "pie", "segments": [{"label": "x", "value": 0}]}), "greater than 0"),
    "a chart of no kind": (drawn({"type": "heatmap"}), "unsupported type: heatmap"),
    "rows of two lengths": (cells([WORD, WORD], [WORD]), "same number of cells"),
    "rich text in a header": (cells([{"type": "rich_text", "elements": []}], [WORD]), "may not stand in the header"),
    "a cell without words": (cells([WORD], [{"type": "raw_text", "text": ""}]), "/rows/1/0/text"),
    "a number without value": (cells([WORD], [{"type": "raw_number", "text": "1"}]), "must be a number"),
    "51 blocks with those in a layout": (
        [{"type": "layout", "label": "l", "rows": [{"items": [{"block": section("x")}] * 10}] * 5}],
        "no more than 50",
    ),
    "an item without a block": ([{"type": "layout", "label": "l", "rows": [{"items": [{}]}]}], "field: block"),
    "a fault in the fallback": (
        [{"type": "layout", "label": "l", "rows": [{"items": [{"block": section("x")}]}], "fallback": [section("")]}],
        "/blocks/0/fallback/0/text/text",
    ),
    "a bare string": ([{"type": "section", "text": "x"}], "/blocks/0/text]"),
    "mrkdwn in a header": ([{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}], "of type plain_text ["),
    "a field among buttons": ([actions({"type": "plain_text_input", "action_id": "a"})], "/blocks/0/elements/0/type"),
    "a button as a question": ([question("b", button("a"))], "/blocks/0/element/type"),
    "a button in small print": ([{"type": "context", "elements": [button("a")]}], "/blocks/0/elements/0/type"),
    "a button for feedback": ([{"type": "context_actions", "elements": [button("a")]}], "/blocks/0/elements/0/type"),
    "half of feedback": ([{"type": "context_actions", "elements": [FEEDBACK]}], "required field: negative_button"),
    "a picture of nothing": ([{"type": "image", "alt_text": "x"}], "exactly one of image_url, slack_file"),
    "a picture of two": ([{**PICTURE, "slack_file": {"id": "F1"}}], "exactly one of image_url, slack_file"),
    "no options": ([actions(select(options=None))], "exactly one of options, option_groups"),
    "options twice": ([actions(select(option_groups=[]))], "exactly one of options, option_groups"),
    "a loud button": ([actions(button("a", style="loud"))], "must be one of primary, danger"),
    "a dialog without a way back": (
        [actions(button("a", confirm={"title": text("t"), "text": text("t"), "confirm": text("c")}))],
        "missing required field: deny",
    ),
    "a container of no width": (
        [{"type": "container", "width": "huge", "child_blocks": [section("x")]}],
        "must be one of narrow, standard, wide, full",
    ),
    "an item of no width": (
        [{"type": "layout", "label": "l", "rows": [{"items": [{"block": section("x"), "width": "full"}]}]}],
        "/blocks/0/rows/0/items/0/width",
    ),
    "lines of no kind": ([{"type": "layout", "label": "l", "grid_lines": "all", "rows": []}], "/blocks/0/grid_lines"),
    "a card with a bare title": ([{"type": "card", "title": "t"}], "/blocks/0/title"),
    "a card with a menu": ([{"type": "card", "title": text("t"), "actions": [select()]}], "/blocks/0/actions/0/type"),
    "a card with two icons": (
        [{"type": "card", "title": text("t"), "icon": PICTURE, "slack_icon": {"name": "star"}}],
        "only one of icon, slack_icon",
    ),
    "a carousel of sections": ([{"type": "carousel", "elements": [section("x")]}], "/blocks/0/elements/0/type"),
    "a fault in a carousel": (
        [{"type": "carousel", "elements": [{"type": "card", "title": text("")}]}],
        "/blocks/0/elements/0/title/text",
    ),
    "a plan of sections": ([{"type": "plan", "title": "t", "tasks": [section("x")]}], "/blocks/0/tasks/0/type"),
    "a task that waits alone": ([TASK], "must not be pending"),
    "a task of no state": ([{**TASK, "status": "late"}], "/blocks/0/status"),
    "rich text of no kind": ([{"type": "rich_text", "elements": [{"type": "poem"}]}], "/blocks/0/elements/0/type"),
    "unknown block": ([{"type": "shout"}], "unsupported type: shout"),
    "unknown element": ([actions({"type": "lever", "action_id": "a"})], "unsupported type: lever"),
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


def test_all_blocks_together_have_a_limit_of_their_own() -> None:
    with pytest.raises(SlackError) as refusal:
        checked_blocks([section("x" * 3_000)] * 5)
    assert refusal.value.code == "msg_blocks_too_long"


def test_blocks_that_are_no_list_are_no_blocks() -> None:
    with pytest.raises(SlackError) as refusal:
        checked_blocks({"type": "divider"})
    assert refusal.value.code == "invalid_blocks_format"


@pytest.mark.parametrize(
    ("view", "where"),
    [
        (modal(COMMENT, title=text("x" * 25)), "/view/title/text"),
        (modal(COMMENT, close="Close"), "/view/close"),
        (modal(COMMENT, private_metadata="x" * 3_001), "/view/private_metadata"),
        (modal({"type": "alert", "text": text("x"), "level": "loud"}), "/view/blocks/0/level"),
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

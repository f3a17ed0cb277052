"""What Slack would refuse is found before it is sent."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.blocks.limits import MESSAGE_CHARS, blocks_chars, faults
from bot.blocks.parts import actions, button, context, divider, escape, fitted, header, plain, section, trim

Block = dict[str, Any]


def message(*blocks: Block) -> dict[str, Any]:
    return {"text": "for screen readers", "blocks": list(blocks)}


def modal(*blocks: Block, **more: Any) -> dict[str, Any]:
    return {"type": "modal", "title": plain("Log"), "blocks": list(blocks), **more}


def text_input(block_id: str = "note") -> Block:
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain("Note"),
        "element": {"type": "plain_text_input", "action_id": "note"},
    }


def menu(count: int, of: str = "static_select", words: str = "x") -> Block:
    options = [{"text": plain(words), "value": str(number)} for number in range(count)]
    return actions("menus", {"type": of, "action_id": "menu", "options": options})


def buttons(count: int) -> list[Block]:
    return [button("5", f"score:{number}") for number in range(count)]


@pytest.mark.parametrize(
    "payload",
    [
        message(),
        message(section("x" * 3000), header("x" * 150), divider(), context(*["x"] * 10)),
        message(actions("score", *buttons(25))),
        message(section("x", button("Open", "open", "v" * 2000))),
        message(*[divider()] * 50),
        message(menu(100)),
        message(menu(10, "radio_buttons", "x" * 75)),
        modal(*[divider()] * 100),
        modal(text_input(), submit=plain("Save"), private_metadata="x" * 3000),
        {"type": "home", "blocks": [section("x")] * 100},
    ],
)
def test_what_slack_takes_passes(payload: dict[str, Any]) -> None:
    assert faults(payload) == ()


@pytest.mark.parametrize(
    ("payload", "fault"),
    [
        ({"blocks": [divider()]}, "text is missing"),
        ({"text": "", "blocks": []}, "text is empty"),
        (message(*[divider()] * 51), "51 blocks, at most 50"),
        (message(section("x" * 3001)), "blocks[0]: text: text has 3001 characters, at most 3000"),
        (message(section("")), "blocks[0]: text: text is empty"),
        (message({"type": "section"}), "a section needs text or fields"),
        (message({"type": "header", "text": {"type": "mrkdwn", "text": "x"}}), "not a text object of type plain_text"),
        (message(context(*["x"] * 11)), "elements has 11 entries"),
        (message(actions("score", button("x", "a" * 256))), "action_id has 256 characters"),
        (message(actions("score", button("1", "same"), button("2", "same"))), "action_id 'same' stands twice"),
        (message(text_input(), text_input()), "block_id 'note' stands twice"),
        (message(menu(101)), "options has 101 entries"),
        (message({"type": "carousel"}), "there is no block 'carousel'"),
        (message({"type": "alert", "text": plain("x")}), "may not stand in a message"),
        (message(actions("score", {"type": "knob"})), "there is no element 'knob'"),
        (message(actions("score", "button")), "elements[0]: is not an object"),  # type: ignore[arg-type]  # a broken payload
        ({"text": "x", "blocks": [None]}, "blocks is not a list of blocks"),
        ({"text": "x", "blocks": "none"}, "blocks is not a list of blocks"),
        (modal(text_input()), "needs a submit button"),
        (modal(title=plain("x" * 25)), "title: text has 25 characters"),
        ({"type": "carousel", "blocks": []}, "there is no view of type 'carousel'"),
    ],
)
def test_what_slack_refuses_is_named_with_its_place(payload: dict[str, Any], fault: str) -> None:
    assert fault in "; ".join(faults(payload))


def test_a_message_is_too_long_as_a_whole_before_any_block_is() -> None:
    blocks = [section("x" * 2600) for _ in range(5)]
    assert blocks_chars(blocks) > MESSAGE_CHARS
    assert any("characters together" in fault for fault in faults(message(*blocks)))
    assert faults(modal(*blocks)) == ()


@given(st.text(alphabet="<>&ab \n*", max_size=60), st.integers(min_value=1, max_value=40))
def test_fitted_words_are_short_enough_and_never_cut_an_entity(words: str, limit: int) -> None:
    shown = fitted(words, limit)
    assert len(shown) <= max(limit, 1)
    assert "<" not in shown
    assert ">" not in shown
    rest = shown.replace("&amp;", "").replace("&lt;", "").replace("&gt;", "")
    assert "&" not in rest
    if len(escape(words)) <= limit:
        assert shown == escape(words)


def test_trimmed_words_end_in_an_ellipsis() -> None:
    assert trim("hello world", 7) == "hello…"
    assert trim("hello", 5) == "hello"

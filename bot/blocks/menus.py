"""Menus of a form: from a list where it fits, by searching where it does not."""

from collections.abc import Iterable
from typing import Any

from bot.blocks.parts import Block, plain, trim

OPTION_CHARS = 75


def option(words: str, value: int | str) -> Block:
    """One entry of a menu."""
    return {"text": plain(trim(words, OPTION_CHARS)), "value": str(value)}


def menu(action_id: str, entries: Iterable[Block] | None, chosen: Block | None = None) -> Block:
    """A menu with these entries, or, for None, one that asks the bot while the person types."""
    kind: dict[str, Any] = (
        {"type": "external_select", "min_query_length": 0}
        if entries is None
        else {"type": "static_select", "options": list(entries)}
    )
    return kind | {"action_id": action_id} | ({"initial_option": chosen} if chosen else {})


def field(block_id: str, label: str, element: Block, *, optional: bool = False, hint: str = "") -> Block:
    """A labelled field of a form."""
    block: Block = {"type": "input", "block_id": block_id, "label": plain(label), "element": element}
    return block | ({"optional": True} if optional else {}) | ({"hint": plain(hint)} if hint else {})


def searched_many(action_id: str) -> Block:
    """A menu of which several can be chosen, and that asks the bot for its entries."""
    return {"type": "multi_external_select", "action_id": action_id, "min_query_length": 0}


def text_input(action_id: str, initial: str = "", *, longest: int, lines: bool = False) -> Block:
    """A field to type in; what is longer than it takes is cut."""
    element: Block = {"type": "plain_text_input", "action_id": action_id, "max_length": longest}
    return element | ({"multiline": True} if lines else {}) | ({"initial_value": initial[:longest]} if initial else {})


def day_input(action_id: str, initial: str = "") -> Block:
    """A calendar to choose a day from; `initial` like 2026-09-30."""
    return {"type": "datepicker", "action_id": action_id} | ({"initial_date": initial} if initial else {})


def channel_input(action_id: str, initial: str = "") -> Block:
    """A menu of the channels the person sees."""
    element: Block = {
        "type": "conversations_select",
        "action_id": action_id,
        "filter": {"include": ["public", "private"]},
    }
    return element | ({"initial_conversation": initial} if initial else {})

"""An answer on its way into a channel: looked at first, then shared under the name of whoever shared it."""

from collections.abc import Mapping
from typing import Any

from bot.blocks.kpi_card import Card
from bot.blocks.menus import channel_input
from bot.blocks.parts import Block, actions, button, context, divider, escape, plain

CHANNEL, SEND = "kpi_share:channel", "kpi_share:send"
_ROW = "kpi_share"
_FILTER = {"include": ["public", "private"], "exclude_external_shared_channels": True, "exclude_bot_users": True}
_NOTE = "Everybody in the channel will see this. Channels shared with other organisations cannot be chosen."


def share_preview(card: Card, words: str) -> Card:
    """The card without its buttons, and below it where to share it; `words` ask for it again."""
    return {"text": f"To share: {card['text']}", "blocks": [*_shown(card), *sending(words)]}


def sending(words: str) -> list[Block]:
    """What a preview has below the card: where to, and the button that shares it."""
    channel = channel_input(CHANNEL) | {"filter": _FILTER, "placeholder": plain("Choose a channel")}
    return [divider(), context(_NOTE), actions(_ROW, channel, button("Share", SEND, words, "primary"))]


def shared_card(card: Card, by_user_id: str) -> Card:
    """The card as a channel sees it: without buttons, with who shared it."""
    by = context(f"Shared by <@{escape(by_user_id)}>")
    return {"text": card["text"], "blocks": [*_shown(card), by]}


def channel_chosen(state: Mapping[str, Any]) -> str:
    """The channel chosen in a preview, by the state that comes with a tap on Share; "" where none was."""
    rows = state.get("values")
    row = rows.get(_ROW) if isinstance(rows, Mapping) else None
    chosen = row.get(CHANNEL) if isinstance(row, Mapping) else None
    found = chosen.get("selected_conversation") if isinstance(chosen, Mapping) else None
    return found if isinstance(found, str) else ""


def _shown(card: Card) -> list[Block]:
    return [block for block in card["blocks"] if block["type"] != "actions"]

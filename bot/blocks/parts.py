"""The pieces every card is made of. Whatever a person typed passes through `escape` before it stands in mrkdwn."""

from bisect import bisect_right
from itertools import accumulate
from typing import Any

Block = dict[str, Any]

HEADER_CHARS = 150
BUTTON_CHARS = 75
ELLIPSIS = "…"


def escape(words: str) -> str:
    """Someone's words as mrkdwn that shows them and does nothing: no mention, no link, no channel-wide alarm."""
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def trim(words: str, limit: int) -> str:
    """`words` in at most `limit` characters, an ellipsis where something was cut. Trim before escaping."""
    return words if len(words) <= limit else words[: limit - 1].rstrip() + ELLIPSIS


def fitted(words: str, limit: int) -> str:
    """Someone's words escaped, the escaped text in at most `limit` characters, no entity cut in half."""
    if len(escape(words)) <= limit:
        return escape(words)
    ends = list(accumulate(len(escape(letter)) for letter in words))
    return escape(words[: bisect_right(ends, limit - 1)].rstrip()) + ELLIPSIS


def plain(words: str) -> Block:
    """A plain_text object; Slack interprets nothing in it but emoji, which stay off."""
    return {"type": "plain_text", "text": words, "emoji": False}


def mrkdwn(words: str) -> Block:
    """A mrkdwn object; `words` must be ours or escaped. Names like #general stay words."""
    return {"type": "mrkdwn", "text": words, "verbatim": True}


def section(words: str, accessory: Block | None = None) -> Block:
    """A paragraph of mrkdwn, optionally with a button beside it."""
    block: Block = {"type": "section", "text": mrkdwn(words)}
    return block | {"accessory": accessory} if accessory else block


def context(*lines: str) -> Block:
    """Small print of mrkdwn, one element for each line, at most ten."""
    return {"type": "context", "elements": [mrkdwn(line) for line in lines]}


def header(words: str) -> Block:
    """A heading, cut to what Slack takes."""
    return {"type": "header", "text": plain(trim(words, HEADER_CHARS))}


def divider() -> Block:
    """A thin line."""
    return {"type": "divider"}


def button(words: str, action_id: str, value: str = "", style: str | None = None) -> Block:
    """A button; nothing is coloured unless `style` (primary or danger) says so."""
    block: Block = {"type": "button", "text": plain(trim(words, BUTTON_CHARS)), "action_id": action_id}
    return block | ({"value": value} if value else {}) | ({"style": style} if style else {})


def actions(block_id: str, *elements: Block) -> Block:
    """A row of at most 25 buttons or menus."""
    return {"type": "actions", "block_id": block_id, "elements": list(elements)}

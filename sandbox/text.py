"""Slack's text as safe HTML."""

import re
from html import escape, unescape
from typing import Any

from sandbox.world import World

_TOKEN = re.compile(r"<([^<>\s][^<>]*)>")
_QUOTED = re.compile(r"^&gt; ?", re.MULTILINE)
_STYLES = (
    (re.compile(r"```(.+?)```", re.DOTALL), r"<pre>\1</pre>"),
    (re.compile(r"`([^`\n]+)`"), r"<code>\1</code>"),
    (re.compile(r"(?<![\w*])\*([^*\n]+)\*(?![\w*])"), r"<b>\1</b>"),
    (re.compile(r"(?<![\w_])_([^_\n]+)_(?![\w_])"), r"<i>\1</i>"),
    (re.compile(r"(?<![\w~])~([^~\n]+)~(?![\w~])"), r"<s>\1</s>"),
)


def mrkdwn(world: World, text: str) -> str:
    """Slack's mrkdwn as HTML: mentions by name, http links as links, everything else escaped."""
    parts = _TOKEN.split(text)
    shown = [_token(world, part) if index % 2 else _styled(part) for index, part in enumerate(parts)]
    return _QUOTED.sub("\N{LEFT ONE EIGHTH BLOCK} ", "".join(shown)).replace("\n", "<br>")


def text_object(world: World, value: Any) -> str:
    """A text object (or bare string) as HTML; only mrkdwn gets styles."""
    if not isinstance(value, dict):
        return escape(str(value or ""))
    if value.get("type") == "plain_text":
        return escape(str(value.get("text", ""))).replace("\n", "<br>")
    return mrkdwn(world, str(value.get("text", "")))


def _styled(text: str) -> str:
    safe = escape(unescape(text), quote=False)
    for pattern, replacement in _STYLES:
        safe = pattern.sub(replacement, safe)
    return safe


def _token(world: World, token: str) -> str:
    target, _, label = token.partition("|")
    if target.startswith("@"):
        user = world.users.get(target[1:])
        return f"<b>@{escape(user.real_name if user else label or target[1:])}</b>"
    if target.startswith("#"):
        channel = world.channels.get(target[1:])
        return f"<b>#{escape(channel.name if channel else label or target[1:])}</b>"
    if target.startswith("!"):
        return f"<b>@{escape(label or target[1:].split('^')[0])}</b>"
    if target.startswith(("https://", "http://", "mailto:")):
        return f'<a href="{escape(unescape(target))}" rel="noreferrer">{escape(unescape(label or target))}</a>'
    return escape(f"<{token}>")

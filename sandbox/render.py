"""Blocks as HTML a person can read, click and fill in; everything is escaped."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.drawings import chart_html
from sandbox.rules import options_of
from sandbox.text import mrkdwn, text_object
from sandbox.values import KINDS
from sandbox.world import User, World

Node = Mapping[str, Any]
_INPUT_TYPES = {
    "number_input": "number",
    "email_text_input": "email",
    "url_text_input": "url",
    "datepicker": "date",
    "timepicker": "time",
    "datetimepicker": "datetime-local",
}


@dataclass(frozen=True, slots=True)
class Canvas:
    """What rendering needs: the world, who looks, errors by block_id, and what was typed so far."""

    world: World
    viewer: User
    errors: Mapping[str, str] = field(default_factory=dict)
    typed: Mapping[str, Any] = field(default_factory=dict)

    def blocks(self, blocks: Any) -> str:
        """A list of blocks, one after the other; unknown ones as JSON."""
        return "".join(BLOCKS.get(str(block.get("type")), _raw)(self, block) for block in blocks or [])

    def text(self, value: Any) -> str:
        """A text object."""
        return text_object(self.world, value)


def _section(canvas: Canvas, block: Node) -> str:
    fields = "".join(f"<div>{canvas.text(field)}</div>" for field in block.get("fields") or [])
    body = f"<div>{canvas.text(block['text'])}</div>" if block.get("text") else ""
    accessory = element_html(canvas, block, block["accessory"]) if block.get("accessory") else ""
    return f'<div class="row">{body}{accessory}</div>' + (f'<div class="fields">{fields}</div>' if fields else "")


def _actions(canvas: Canvas, block: Node) -> str:
    return f'<div class="row">{"".join(element_html(canvas, block, e) for e in block.get("elements") or [])}</div>'


def _context(canvas: Canvas, block: Node) -> str:
    parts = (_image(canvas, e) if e.get("type") == "image" else canvas.text(e) for e in block.get("elements") or [])
    return f'<div class="context">{" ".join(f"<span>{part}</span>" for part in parts)}</div>'


def _header(canvas: Canvas, block: Node) -> str:
    return f"<h2>{canvas.text(block.get('text'))}</h2>"


def _divider(_: Canvas, __: Node) -> str:
    return "<hr>"


def _image(_: Canvas, block: Node) -> str:
    return f"<span>[image: {escape(str(block.get('alt_text', '')))}]</span>"


def _markdown(canvas: Canvas, block: Node) -> str:
    return f"<div>{mrkdwn(canvas.world, str(block.get('text', '')))}</div>"


def _input(canvas: Canvas, block: Node) -> str:
    error = canvas.errors.get(str(block.get("block_id")))
    told = f'<div class="error">{escape(error)}</div>' if error else ""
    hint = f'<div class="context">{canvas.text(block["hint"])}</div>' if block.get("hint") else ""
    optional = " (optional)" if block.get("optional") else ""
    field = element_html(canvas, {**block, "type": "input"}, block["element"])
    return f"<p><label>{canvas.text(block['label'])}{optional}<br>{field}</label>{hint}{told}</p>"


def _cell(cell: Any) -> str:
    if isinstance(cell, Mapping) and "elements" in cell:
        return " ".join(_cell(element) for element in cell["elements"])
    return escape(str(cell.get("text", cell.get("value", ""))) if isinstance(cell, Mapping) else str(cell))


def _table(_: Canvas, block: Node) -> str:
    rows = "".join(f"<tr>{''.join(f'<td>{_cell(cell)}</td>' for cell in row)}</tr>" for row in block.get("rows") or [])
    caption = f"<caption>{_cell(block['caption'])}</caption>" if block.get("caption") else ""
    return f"<table>{caption}{rows}</table>"


def _rich_text(_: Canvas, block: Node) -> str:
    return f"<div>{_cell(block)}</div>"


def _data_table(_: Canvas, block: Node) -> str:
    head, *body = ["".join(_cell(cell).join(("<td>", "</td>")) for cell in row) for row in block["rows"]]
    heading = head.replace("<td>", "<th>").replace("</td>", "</th>")
    rows = "".join(f"<tr>{row}</tr>" for row in body)
    return f"<table><caption>{_cell(block['caption'])}</caption><tr>{heading}</tr>{rows}</table>"


def _chart(_: Canvas, block: Node) -> str:
    return chart_html(block)


def _layout(canvas: Canvas, block: Node) -> str:
    rows = "".join(f'<div class="layout">{_blocks_in(canvas, row)}</div>' for row in block.get("rows") or [])
    return f'<section aria-label="{escape(str(block.get("label")))}">{rows}</section>'


def _blocks_in(canvas: Canvas, node: Any) -> str:
    if isinstance(node, Mapping) and node.get("type") in BLOCKS:
        return f"<div>{canvas.blocks([node])}</div>"
    children = node.values() if isinstance(node, Mapping) else node if isinstance(node, list) else ()
    return "".join(_blocks_in(canvas, child) for child in children)


def _container(canvas: Canvas, block: Node) -> str:
    return f"<section><b>{canvas.text(block.get('title'))}</b>{canvas.blocks(block.get('child_blocks'))}</section>"


def _alert(canvas: Canvas, block: Node) -> str:
    return f'<p class="note">{canvas.text(block.get("text"))}</p>'


def _raw(_: Canvas, block: Node) -> str:
    return f"<pre>{escape(json.dumps(block, ensure_ascii=False, indent=1))}</pre>"


BLOCKS: Mapping[str, Callable[[Canvas, Node], str]] = {
    "section": _section,
    "actions": _actions,
    "context": _context,
    "context_actions": _actions,
    "header": _header,
    "divider": _divider,
    "image": _image,
    "markdown": _markdown,
    "input": _input,
    "table": _table,
    "data_table": _data_table,
    "rich_text": _rich_text,
    "data_visualization": _chart,
    "layout": _layout,
    "container": _container,
    "alert": _alert,
}


def element_html(canvas: Canvas, block: Node, element: Node) -> str:
    """One element: its field named by JSON [type, block_id, action_id], its click [action_id, block_id, value]."""
    kind, block_id = str(element.get("type")), block.get("block_id")
    shown_to = element.get("visible_to_user_ids")
    if shown_to and canvas.viewer.id not in shown_to:
        return ""
    if kind in KINDS:
        name = escape(json.dumps([kind, block_id, element.get("action_id")]))
        dispatches = block.get("type") != "input" or block.get("dispatch_action")
        go = _button("→", element, block_id, {}) if dispatches else ""
        return _field(canvas, {**element, **_typed_so_far(canvas, block_id, element)}, name) + go
    if kind == "button" and element.get("url"):
        return f'<a href="{escape(_http(str(element["url"])))}" rel="noreferrer">{canvas.text(element.get("text"))}</a>'
    return _button(canvas.text(element.get("text")) or kind, element, block_id, element)


def _typed_so_far(canvas: Canvas, block_id: Any, element: Node) -> dict[str, Any]:
    given = canvas.typed.get(str(block_id))
    action_id = str(element.get("action_id"))
    initial = KINDS[str(element["type"])].initial
    return {initial: given[action_id]} if isinstance(given, Mapping) and action_id in given else {}


def _http(url: str) -> str:
    return url if url.startswith(("https://", "http://")) else "#"


def _button(label: str, element: Node, block_id: Any, look: Node) -> str:
    click = escape(json.dumps([element.get("action_id"), block_id, look.get("value")]))
    style = escape(str(look.get("style", "")))
    return f'<button name="click" value="{click}" class="{style}" formnovalidate>{label}</button>'


def _field(canvas: Canvas, element: Node, name: str) -> str:
    kind = KINDS[element["type"]]
    initial = element.get(kind.initial)
    if element.get("multiline"):
        return f'<textarea name="{name}" rows="4">{escape(str(initial or ""))}</textarea>'
    choices = _choices(canvas, element)
    if choices is None:
        kind_of, value = _INPUT_TYPES.get(element["type"], "text"), escape(_typed(canvas, element, initial))
        return f'<input class="wide" name="{name}" type="{kind_of}" value="{value}">'
    chosen = initial if isinstance(initial, list) else [initial]
    picked = {str(item.get("value")) if isinstance(item, Mapping) else str(item) for item in chosen if item}
    several = " multiple" if kind.field.endswith("s") else ""
    options = "".join(
        f'<option value="{escape(value)}"{" selected" if value in picked else ""}>{label}</option>'
        for value, label in choices
    )
    blank = "" if several else '<option value="">–</option>'
    return f'<select name="{name}"{several}>{blank}{options}</select>'


def _typed(canvas: Canvas, element: Node, initial: Any) -> str:
    if element["type"] == "datetimepicker" and initial:
        return datetime.fromtimestamp(int(initial), ZoneInfo(canvas.viewer.tz)).strftime("%Y-%m-%dT%H:%M")
    return str(initial or "")


def _choices(canvas: Canvas, element: Node) -> list[tuple[str, str]] | None:
    kind = str(element["type"])
    if "users" in kind:
        return [(user.id, escape(user.real_name)) for user in canvas.world.users.values()]
    if "conversations" in kind or "channels" in kind:
        return [(c.id, escape(f"#{c.name}")) for c in canvas.world.channels.values() if c.name]
    options = options_of(element)
    return [(str(option.get("value")), canvas.text(option.get("text"))) for option in options] if options else None

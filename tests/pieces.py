"""The smallest block and element of each kind, and one grown to a size: what the table of limits speaks of."""

import json
from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

Piece = dict[str, Any]


def grown(where: str, size: int) -> Piece:
    """A message or view in which the field at `where` has this size, in characters, items or by number."""
    kind, _, path = where.partition(".")
    if kind in SURFACES:
        return _whole(kind, path, size)
    if where in DRAWN:
        return on("message", DRAWN[where](size))
    piece = deepcopy(BLOCKS.get(kind) or ELEMENTS[kind])
    *outer, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    holder: Any = piece
    for step in outer:
        holder = holder[step]
    holder[last] = _of_size(holder[last], size)
    return on("modal" if kind == "alert" else "message", piece if kind in BLOCKS else _hosted(piece))


def on(surface: str, *blocks: Piece) -> Piece:
    """A message or view with these blocks."""
    return {**deepcopy(SURFACES[surface]), "blocks": list(blocks)}


def _whole(surface: str, field: str, size: int) -> Piece:
    if field in TOGETHER:
        return on(surface, *TOGETHER[field](size))
    bare = on(surface)
    return {**bare, field: _of_size(bare[field], size)}


def _of_size(found: Any, size: int) -> Any:
    if isinstance(found, str):
        return "x" * size
    if isinstance(found, dict):
        return {**found, "text": "x" * size}
    return [_another(found[0], number) for number in range(size)] if isinstance(found, list) else size


def _another(found: Any, number: int) -> Any:
    """A copy with an id or a name of its own, where it has one."""
    ids = ("action_id", "name", "block_id")
    return {**found, **{key: str(number) for key in ids if key in found}} if isinstance(found, dict) else found


def _hosted(element: Piece) -> Piece:
    host = "input" if element["type"].endswith("_input") else HOSTS.get(element["type"], "actions")
    return {**BLOCKS[host], **({"element": element} if host == "input" else {"elements": [element]})}


def _plain(words: str = "x") -> Piece:
    return {"type": "plain_text", "text": words}


def _texts(*names: str) -> dict[str, Piece]:
    return {name: _plain() for name in names}


def _element(kind: str, **more: Any) -> Piece:
    return {"type": kind, "action_id": "a", **more}


def _offering(kind: str, **more: Any) -> Piece:
    return _element(kind, options=[{**_OPTION, **more}])


def _cells(*texts: str) -> list[Piece]:
    return [{"type": "raw_text", "text": text} for text in texts]


def _table(*rows: list[Piece]) -> Piece:
    return {"type": "data_table", "caption": "Accounts", "page_size": 5, "rows": list(rows)}


def _layout(*blocks: Piece) -> Piece:
    return {"type": "layout", "label": "l", "rows": [{"items": [{"block": block} for block in blocks]}]}


def _line(*categories: str) -> Piece:
    data = [{"label": label, "value": 1} for label in categories]
    axes = {"categories": list(categories), "x_label": "x", "y_label": "y"}
    chart = {"type": "line", "series": [{"name": "n", "data": data}], "axis_config": axes}
    return {"type": "data_visualization", "title": "t", "chart": chart}


def _dividers(count: int) -> list[Piece]:
    return [{"type": "divider"}] * count


def _written(size: int) -> list[Piece]:
    """Sections whose JSON has so many characters together."""
    full = [{"type": "section", "text": _plain("x" * 3_000)}] * (size // 3_100)
    empty = [*full, {"type": "section", "text": _plain("")}]
    spare = size - len(json.dumps(empty, separators=(",", ":")))
    return [*full, {"type": "section", "text": _plain("x" * spare)}]


def _halves(size: int) -> tuple[str, str]:
    return "x" * (size // 2), "x" * (size - size // 2)


SURFACES: Mapping[str, Piece] = {
    "message": {"text": "x", "attachments": [{"text": "x"}]},
    "modal": {
        "type": "modal",
        **_texts("title", "submit", "close"),
        **dict.fromkeys(("private_metadata", "callback_id", "external_id"), "x"),
    },
    "home": {"type": "home", **dict.fromkeys(("private_metadata", "callback_id", "external_id"), "x")},
}

_SECTION: Piece = {"type": "section", "text": _plain()}
_OPTION = {"text": _plain(), "value": "o"}
_GROUP = {"label": _plain(), "options": [_OPTION]}
_VALUED = {"text": _plain(), "value": "v"}
_BUTTON = _element("button", text=_plain())
_TASK = {"type": "task_card", "task_id": "1", "title": "t", "status": "complete"}
_CARD = {"type": "card", **_texts("title", "subtitle", "body", "subtext"), "actions": [_BUTTON]}
_FED_BACK = _element("feedback_buttons", positive_button=_VALUED, negative_button=_VALUED)
_OPEN = ("external", "users", "conversations", "channels")
_FREE = (
    *(f"{prefix}{whose}_select" for whose in _OPEN for prefix in ("", "multi_")),
    *("datepicker", "timepicker", "email_text_input", "url_text_input"),
)

ELEMENTS: Mapping[str, Piece] = {
    "button": {
        **_BUTTON,
        **dict.fromkeys(("value", "url", "accessibility_label", "agent_prompt"), "x"),
        "confirm": _texts("title", "text", "confirm", "deny"),
    },
    "icon_button": {
        **_element("icon_button", icon="trash", text=_plain(), value="v", accessibility_label="l"),
        "visible_to_user_ids": ["U1"],
    },
    "feedback_buttons": _FED_BACK,
    **{kind: _offering(kind) for kind in ("radio_buttons", "checkboxes", "overflow")},
    **{kind: {**_offering(kind), "placeholder": _plain()} for kind in ("static_select", "multi_static_select")},
    "described_select": _offering("static_select", description=_plain()),
    "grouped_select": _element("static_select", option_groups=[_GROUP]),
    "multi_grouped_select": _element("multi_static_select", option_groups=[_GROUP]),
    **{kind: _element(kind, placeholder=_plain()) for kind in _FREE},
    "plain_text_input": _element(
        "plain_text_input", placeholder=_plain(), initial_value="x", min_length=0, max_length=3_000
    ),
    "rich_text_input": _element("rich_text_input", placeholder=_plain(), min_lines=1, max_lines=1),
    "number_input": _element("number_input", is_decimal_allowed=False, placeholder=_plain()),
    "datetimepicker": _element("datetimepicker"),
    "file_input": _element("file_input", max_files=1),
    "workflow_button": _element("workflow_button", text=_plain(), accessibility_label="l", workflow={}),
}
HOSTS = {"icon_button": "context_actions", "feedback_buttons": "context_actions"}

BLOCKS: Mapping[str, Piece] = {
    "section": {**_SECTION, "block_id": "b", "fields": [_plain()]},
    "actions": {"type": "actions", "elements": [_BUTTON]},
    "context": {"type": "context", "elements": [_plain()]},
    "context_actions": {"type": "context_actions", "elements": [_FED_BACK]},
    "header": {"type": "header", "text": _plain(), "level": 1},
    "divider": {"type": "divider"},
    "image": {"type": "image", "image_url": "u", "alt_text": "a", "title": _plain()},
    "input": {"type": "input", **_texts("label", "hint"), "element": _element("plain_text_input")},
    "markdown": {"type": "markdown", "text": "x"},
    "rich_text": {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": []}]},
    "table": {"type": "table", "rows": [_cells("x")]},
    "data_table": _table(_cells("x"), _cells("x")),
    "data_visualization": _line("Aug"),
    "pie": {**_line("Aug"), "chart": {"type": "pie", "segments": [{"label": "x", "value": 1}]}},
    "layout": _layout(_SECTION),
    "container": {"type": "container", **_texts("title", "subtitle"), "child_blocks": [_SECTION]},
    "card": _CARD,
    "carousel": {"type": "carousel", "elements": [_CARD]},
    "alert": {"type": "alert", "text": _plain()},
    "plan": {"type": "plan", "title": "t", "tasks": [{**_TASK, "status": "pending"}]},
    "task_card": _TASK,
    "file": {"type": "file", "external_id": "x", "source": "remote"},
    "video": {
        "type": "video",
        **_texts("title", "description"),
        **dict.fromkeys(("author_name", "alt_text", "video_url", "thumbnail_url"), "x"),
    },
    "auth_provider": {"type": "auth_provider", "value": "v", "name": _plain(), "auth_url": "u"},
    "call": {"type": "call", "call_id": "R1"},
    "shout": {"type": "shout", "text": _plain()},
}

DRAWN: Mapping[str, Callable[[int], Piece]] = {
    "data_table.columns": lambda size: _table(*[_cells(*["x"] * size)] * 2),
    "data_visualization.points": lambda size: _line(*map(str, range(size))),
}
"""Fields that only grow together with others of their block."""

TOGETHER: Mapping[str, Callable[[int], list[Piece]]] = {
    "blocks": _dividers,
    "in_layouts": lambda size: [_layout(*_dividers(9)), *_dividers(size - 10)],
    "json": _written,
    "charts": lambda size: [_line("Aug")] * size,
    "tables": lambda size: [BLOCKS["table"]] * size,
    "markdown": lambda size: [{"type": "markdown", "text": half} for half in _halves(size)],
    "table_cells": lambda size: [{"type": "table", "rows": [_cells(*_halves(size))]}],
    "data_table_cells": lambda size: [_table(_cells("x"), _cells("x"), _cells(half)) for half in _halves(size - 4)],
}
"""What the blocks of one surface come to together."""

"""Blocks, views and messages held against the limits; every fault is named the way Slack names it."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from sandbox import limits
from sandbox.errors import SlackError
from sandbox.figures import DRAWN, TABLE_TEXT, figure_faults, table_text
from sandbox.rules import (
    PLAIN,
    children,
    count_faults,
    fault,
    rule_faults,
    shape_faults,
    string_faults,
    text_faults,
    unsupported,
)

_METADATA = frozenset({"event_type", "event_payload"})


def checked_message(given: Mapping[str, Any]) -> dict[str, Any]:
    """Text, blocks and metadata of a message to be; SlackError as Slack would say it."""
    text, blocks, attachments = given.get("text") or "", given.get("blocks") or [], given.get("attachments") or []
    if not isinstance(text, str):
        raise SlackError("invalid_arguments", [fault("must be a string", "/text")])
    if len(text) > limits.MESSAGE_TEXT:
        raise SlackError("msg_too_long")
    if not isinstance(attachments, list):
        raise SlackError("invalid_attachments")
    if len(attachments) > limits.ATTACHMENTS:
        raise SlackError("too_many_attachments")
    if not (text.strip() or blocks or attachments):
        raise SlackError("no_text")
    metadata = given.get("metadata")
    if metadata is not None and not (isinstance(metadata, Mapping) and set(metadata) >= _METADATA):
        raise SlackError("invalid_metadata_format")
    return {"text": text, "blocks": checked_blocks(blocks), "metadata": metadata}


def checked_blocks(blocks: Any, surface: str = limits.MESSAGE) -> list[dict[str, Any]]:
    """The blocks, or SlackError `invalid_blocks` / `msg_blocks_too_long` saying which one is wrong and why."""
    if not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format")
    if faults := block_faults(blocks, surface):
        raise SlackError("invalid_blocks", faults)
    if surface == limits.MESSAGE and total_text(blocks) > limits.TOTAL_BLOCK_TEXT:
        raise SlackError("msg_blocks_too_long")
    return blocks


def checked_view(view: Any, kind: str) -> dict[str, Any]:
    """The view, or SlackError `invalid_arguments` listing its faults."""
    if not isinstance(view, dict):
        raise SlackError("invalid_arguments", [fault("must be an object", "/view")])
    if faults := list(_view_faults(view, kind)):
        raise SlackError("invalid_arguments", faults)
    return view


def block_faults(blocks: list[Any], surface: str, at: str = "/blocks") -> list[str]:
    """All that is wrong with a list of blocks on this surface; empty when it is fine."""
    inside = [child for block in blocks for child, _ in _laid_out(block, at)]
    return [
        *count_faults([*blocks, *inside], (0, limits.BLOCKS_PER_SURFACE[surface]), at),
        *(found for index, block in enumerate(blocks) for found in _block_faults(block, surface, f"{at}/{index}")),
        *_whole_faults(blocks, at),
    ]


def total_text(blocks: list[Any]) -> int:
    """Characters of all blocks together, written as JSON; charts and tables have budgets of their own."""
    written = [block for block in blocks if block.get("type") not in DRAWN]
    return len(json.dumps(written, ensure_ascii=False, separators=(",", ":")))


def _whole_faults(blocks: list[Any], at: str) -> Iterator[str]:
    known = [block for block in blocks if isinstance(block, Mapping)]
    ids = Counter(str(block["block_id"]) for block in known if block.get("block_id"))
    yield from (fault(f"block_id already exists: {key}", at) for key, count in ids.items() if count > 1)
    types = Counter(str(block.get("type")) for block in known)
    for kind, most in limits.PER_MESSAGE.items():
        if types[kind] > most:
            yield fault(f"no more than {most} {kind} blocks allowed", at)
    for kind, most in TABLE_TEXT.items():
        if table_text(known, kind) > most:
            yield fault(f"{kind} must be less than {most + 1} characters in total", at)
    markdown = [str(block.get("text", "")) for block in known if block.get("type") == "markdown"]
    if sum(map(len, markdown)) > limits.MARKDOWN_TOTAL:
        yield fault(f"markdown must be less than {limits.MARKDOWN_TOTAL + 1} characters in total", at)
    if any(block.get("type") == "task_card" and block.get("status") == "pending" for block in known):
        yield fault("a task that stands alone must not be pending", at)


def _block_faults(block: Any, surface: str, at: str) -> Iterator[str]:
    kind = block.get("type") if isinstance(block, Mapping) else None
    rule = limits.BLOCKS.get(str(kind))
    if rule is None or surface not in rule.surfaces:
        yield fault(f"unsupported type: {kind}", f"{at}/type")
        return
    if misshapen := list(shape_faults(block, at)):
        yield from misshapen
        return
    yield from rule_faults(block, rule, at)
    if kind == "section" and not (block.get("text") or block.get("fields")):
        yield fault("missing required field: text", at)
    yield from string_faults(block.get("block_id") or "", (0, limits.BLOCK_ID), f"{at}/block_id")
    yield from figure_faults(block, at)
    yield from _child_faults(block, surface, at)
    yield from _action_id_faults(block, at)


def _child_faults(block: Mapping[str, Any], surface: str, at: str) -> Iterator[str]:
    for name, types in limits.BLOCKS[block["type"]].holds.items():
        for child, place in children(block, name, at):
            yield from unsupported(child, types, place) or _block_faults(child, surface, place)
    spare = children(block, "fallback", at) if block["type"] == "layout" else []
    for child, place in [*_laid_out(block, at), *spare]:
        yield from _block_faults(child, surface, place)


def _laid_out(block: Any, at: str) -> list[tuple[Mapping[str, Any], str]]:
    """The blocks inside a layout, which count on the surface; its fallback does not."""
    is_layout = isinstance(block, Mapping) and block.get("type") == "layout"
    return list(_nested(block.get("rows"), f"{at}/rows")) if is_layout else []


def _nested(node: Any, at: str) -> Iterator[tuple[Mapping[str, Any], str]]:
    pairs = enumerate(node) if isinstance(node, list) else node.items() if isinstance(node, Mapping) else ()
    for key, value in pairs:
        if isinstance(value, Mapping) and "type" in value:
            yield value, f"{at}/{key}"
        else:
            yield from _nested(value, f"{at}/{key}")


def _action_id_faults(block: Mapping[str, Any], at: str) -> Iterator[str]:
    elements = block.get("elements")
    ids = Counter(e.get("action_id") for e in elements if isinstance(e, Mapping)) if isinstance(elements, list) else {}
    for key, count in ids.items():
        if key and count > 1:
            yield fault(f"action_id already exists: {key}", f"{at}/elements")


def _view_faults(view: Mapping[str, Any], kind: str) -> Iterator[str]:
    if view.get("type") != kind:
        yield fault(f"must be {kind}", "/view/type")
    if kind == limits.MODAL and not view.get("title"):
        yield fault("missing required field: title", "/view")
    for name, most in limits.VIEW_TEXTS.items():
        yield from text_faults(view.get(name), most, f"/view/{name}", PLAIN)
    for name, most in limits.VIEW_STRINGS.items():
        yield from string_faults("" if view.get(name) is None else view[name], (0, most), f"/view/{name}")
    blocks = view.get("blocks")
    if not isinstance(blocks, list):
        yield fault("missing required field: blocks", "/view")
        return
    yield from block_faults(blocks, kind, "/view/blocks")
    has_input = any(isinstance(block, Mapping) and block.get("type") == "input" for block in blocks)
    if kind == limits.MODAL and has_input and not view.get("submit"):
        yield fault("missing required field: submit", "/view")

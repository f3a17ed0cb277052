"""Whether Slack would take a message or a view: every limit it is known to have, checked before anything is sent."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.blocks.native import NATIVE, ROOMS, nested
from bot.blocks.rules import BLOCKS, HOME, IDS, MESSAGE, MODAL, Check, Piece, chars, text

MOST_BLOCKS = {MESSAGE: 50, MODAL: 100, HOME: 100}
MESSAGE_CHARS = 13_200
FALLBACK_CHARS = 40_000

MESSAGE_CHECKS: tuple[Check, ...] = (chars("text", FALLBACK_CHARS, required=True),)
MODAL_CHECKS: tuple[Check, ...] = (
    *(text("title", 24, required=True), text("submit", 24), text("close", 24)),
    *(chars("private_metadata", 3000), chars("callback_id", 255)),
)
HOME_CHECKS: tuple[Check, ...] = (chars("private_metadata", 3000), chars("callback_id", 255))
CHECKS = {MESSAGE: MESSAGE_CHECKS, MODAL: MODAL_CHECKS, HOME: HOME_CHECKS}


def faults(payload: Mapping[str, Any]) -> tuple[str, ...]:
    """Everything Slack would refuse about a message (it has no `type`) or a view (modal or home), in order."""
    surface = payload.get("type", MESSAGE)
    if surface not in MOST_BLOCKS:
        return (f"there is no view of type {surface!r}",)
    return tuple(_faults(payload, surface))


def blocks_chars(blocks: Sequence[Piece]) -> int:
    """How much a message's blocks count towards `MESSAGE_CHARS`: their JSON, which is what Slack appears to count.

    Charts and tables stand apart: tables have rooms of their own, one of them larger than all of this.
    """
    counted = [block for block in blocks if block.get("type") not in ROOMS]
    return len(json.dumps(counted, ensure_ascii=False, separators=(",", ":")))


def blocks_count(blocks: Sequence[Piece]) -> int:
    """How many blocks a surface counts: a layout with each block inside it, but not its fallback."""
    return len(blocks) + sum(len(list(nested(block))) for block in blocks)


def _faults(payload: Mapping[str, Any], surface: str) -> Iterator[str]:
    for check in CHECKS[surface]:
        yield from check(payload)
    blocks = payload.get("blocks", [])
    if not isinstance(blocks, list) or not all(isinstance(block, Mapping) for block in blocks):
        yield "blocks is not a list of blocks"
        return
    if blocks_count(blocks) > MOST_BLOCKS[surface]:
        yield f"{blocks_count(blocks)} blocks, at most {MOST_BLOCKS[surface]} in a {surface}"
    if surface == MESSAGE and blocks_chars(blocks) > MESSAGE_CHARS:
        yield f"blocks have {blocks_chars(blocks)} characters together, at most {MESSAGE_CHARS}"
    if surface == MODAL and any(block.get("type") == "input" for block in blocks) and "submit" not in payload:
        yield "a modal with an input needs a submit button"
    for number, block in enumerate(blocks):
        yield from (f"blocks[{number}]: {fault}" for fault in _block_faults(block, surface))
    for kind, room in ROOMS.items():
        yield from room([block for block in blocks if block.get("type") == kind])
    yield from _repeated(blocks)


def _block_faults(block: Piece, surface: str) -> Iterator[str]:
    kind = str(block.get("type"))
    rule = BLOCKS.get(kind) or NATIVE.get(kind)
    if rule is None:
        yield f"there is no block {block.get('type')!r}"
        return
    if surface not in rule.surfaces:
        yield f"a {block['type']} block may not stand in a {surface}"
    if block["type"] == "section" and not (block.get("text") or block.get("fields")):
        yield "a section needs text or fields"
    for check in (*(chars(name, 255) for name in IDS), *rule.checks):
        yield from check(block)
    for inner in nested(block):
        yield from (f"in it: {fault}" for fault in _block_faults(inner, surface))
    for spare in block.get("fallback") or () if kind == "layout" else ():
        yield from (f"fallback: {fault}" for fault in _block_faults(spare, surface))


def _repeated(blocks: Sequence[Piece]) -> Iterator[str]:
    """Slack refuses two blocks of one id, and two elements of one action_id in a block."""
    ids = Counter(block["block_id"] for block in blocks if "block_id" in block)
    yield from (f"block_id {name!r} stands twice" for name, count in ids.items() if count > 1)
    for number, block in enumerate(blocks):
        elements = block.get("elements") if block.get("type") == "actions" else ()
        pieces = [piece for piece in elements or () if isinstance(piece, Mapping)]
        actions = Counter(piece["action_id"] for piece in pieces if piece.get("action_id"))
        yield from (f"blocks[{number}]: action_id {name!r} stands twice" for name, n in actions.items() if n > 1)

"""Walking blocks: ids Slack fills in, elements a person can touch, and the state of what was typed."""

import secrets
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from sandbox import limits

Block = dict[str, Any]
Element = dict[str, Any]


def with_ids(blocks: list[Block]) -> list[Block]:
    """A copy in which every block has a block_id and every interactive element an action_id."""
    filled = deepcopy(blocks)
    for block in filled:
        block.setdefault("block_id", secrets.token_urlsafe(4))
        for _, element in _elements_below(block, block["block_id"]):
            element.setdefault("action_id", secrets.token_urlsafe(4))
    return filled


def elements_of(blocks: list[Block]) -> list[tuple[str, Element]]:
    """Every interactive element with the block_id it stands in, in reading order."""
    return [found for block in blocks for found in _elements_below(block, str(block.get("block_id", "")))]


def _elements_below(node: Any, block_id: str) -> Iterator[tuple[str, Element]]:
    if isinstance(node, list):
        for item in node:
            yield from _elements_below(item, block_id)
    elif isinstance(node, dict):
        rule = limits.ELEMENTS.get(str(node.get("type")))
        if rule and rule.interactive:
            yield block_id, node
            return
        for value in node.values():
            yield from _elements_below(value, str(node.get("block_id", block_id)))

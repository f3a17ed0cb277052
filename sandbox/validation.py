"""Blocks, views and messages held against the limits; every fault is named the way Slack names it."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from sandbox import limits
from sandbox.errors import SlackError
from sandbox.figures import DRAWN, TABLE_TEXT, figure_faults, table_text
from sandbox.limits import Rule

_SLOTS = ("elements", "accessory", "element")


def checked_blocks(blocks: Any, surface: str = limits.MESSAGE) -> list[dict[str, Any]]:
    """The blocks, or SlackError `invalid_blocks` / `msg_blocks_too_long` saying which one is wrong and why."""
    if not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format")
    if faults := block_faults(blocks, surface):
        raise SlackError("invalid_blocks", faults)
    if surface == limits.MESSAGE and total_text(_written(blocks)) > limits.TOTAL_BLOCK_TEXT:
        raise SlackError("msg_blocks_too_long")
    return blocks


def checked_view(view: Any, kind: str) -> dict[str, Any]:
    """The view, or SlackError `invalid_arguments` listing its faults."""
    if not isinstance(view, dict):
        raise SlackError("invalid_arguments", ["[ERROR] must be an object [json-pointer:/view]"])
    if faults := list(_view_faults(view, kind)):
        raise SlackError("invalid_arguments", faults)
    return view


def block_faults(blocks: list[Any], surface: str, at: str = "/blocks") -> list[str]:
    """All that is wrong with a list of blocks on this surface; empty when it is fine."""
    inside = [child for block in blocks for child, _ in _laid_out(block, at)]
    return [
        *_count_faults([*blocks, *inside], 0, limits.BLOCKS_PER_SURFACE[surface], at),
        *(fault for index, block in enumerate(blocks) for fault in _block_faults(block, surface, f"{at}/{index}")),
        *_whole_faults(blocks, at),
    ]


def total_text(node: Any) -> int:
    """Characters of all texts below this node."""
    if isinstance(node, Mapping):
        own = len(node["text"]) if isinstance(node.get("text"), str) else 0
        return own + sum(total_text(value) for value in node.values())
    return sum(map(total_text, node)) if isinstance(node, list) else 0


def _written(blocks: list[Any]) -> list[Any]:
    """The blocks whose text counts together; charts and tables have budgets of their own."""
    return [block for block in blocks if block.get("type") not in DRAWN]


def _fault(what: str, at: str) -> str:
    return f"[ERROR] {what} [json-pointer:{at}]"


def _count_faults(items: Any, fewest: int, most: int, at: str) -> Iterator[str]:
    if not isinstance(items, list):
        yield _fault("must be an array", at)
    elif len(items) > most:
        yield _fault(f"no more than {most} items allowed", at)
    elif len(items) < fewest:
        yield _fault(f"no fewer than {fewest} items allowed", at)


def _whole_faults(blocks: list[Any], at: str) -> Iterator[str]:
    known = [block for block in blocks if isinstance(block, Mapping)]
    ids = Counter(str(block["block_id"]) for block in known if block.get("block_id"))
    yield from (_fault(f"block_id already exists: {key}", at) for key, count in ids.items() if count > 1)
    types = Counter(str(block.get("type")) for block in known)
    for kind, most in limits.PER_MESSAGE.items():
        if types[kind] > most:
            yield _fault(f"no more than {most} {kind} blocks allowed", at)
    for kind, most in TABLE_TEXT.items():
        if table_text(known, kind) > most:
            yield _fault(f"{kind} must be less than {most + 1} characters in total", at)
    markdown = [str(block.get("text", "")) for block in known if block.get("type") == "markdown"]
    if sum(map(len, markdown)) > limits.MARKDOWN_TOTAL:
        yield _fault(f"markdown must be less than {limits.MARKDOWN_TOTAL + 1} characters in total", at)


def _block_faults(block: Any, surface: str, at: str) -> Iterator[str]:
    kind = block.get("type") if isinstance(block, Mapping) else None
    rule = limits.BLOCKS.get(str(kind))
    if rule is None or surface not in rule.surfaces:
        yield _fault(f"unsupported type: {kind}", f"{at}/type")
        return
    if misshapen := list(_shape_faults(block, at)):
        yield from misshapen
        return
    yield from _rule_faults(block, rule, at)
    if kind == "section" and not (block.get("text") or block.get("fields")):
        yield _fault("missing required field: text", at)
    if len(str(block.get("block_id", ""))) > limits.BLOCK_ID:
        yield _fault(f"must be less than {limits.BLOCK_ID + 1} characters", f"{at}/block_id")
    yield from figure_faults(block, at)
    yield from _child_faults(block, surface, at)
    yield from _action_id_faults(block, at)


def _shape_faults(node: Any, at: str) -> Iterator[str]:
    pairs = enumerate(node) if isinstance(node, list) else node.items() if isinstance(node, Mapping) else ()
    for key, value in pairs:
        shape = limits.SHAPES.get(key) if isinstance(key, str) else None
        if shape and value is not None and not isinstance(value, shape):
            names = [kind.__name__ for kind in (shape if isinstance(shape, tuple) else (shape,))]
            yield _fault(f"must be of type {' or '.join(names)}", f"{at}/{key}")
        else:
            yield from _shape_faults(value, f"{at}/{key}")


def _child_faults(block: Mapping[str, Any], surface: str, at: str) -> Iterator[str]:
    kind = block["type"]
    if kind in {"actions", "context", "input", "section", "context_actions"}:
        for slot in _SLOTS:
            given = block.get(slot)
            children = given if isinstance(given, list) else [given] if given is not None else []
            for index, child in enumerate(children):
                yield from element_faults(child, f"{at}/{slot}" + (f"/{index}" if slot == "elements" else ""))
    for index, child in enumerate(block.get("child_blocks") or []):
        if isinstance(child, Mapping) and child.get("type") not in limits.CONTAINER_CHILDREN:
            yield _fault(f"unsupported type: {child.get('type')}", f"{at}/child_blocks/{index}/type")
        else:
            yield from _block_faults(child, surface, f"{at}/child_blocks/{index}")
    spare = [(child, f"{at}/fallback/{index}") for index, child in enumerate(block.get("fallback") or [])]
    for child, place in [*_laid_out(block, at), *(spare if kind == "layout" else [])]:
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


def element_faults(element: Any, at: str) -> Iterator[str]:
    """All that is wrong with an element or the options it offers."""
    kind = element.get("type") if isinstance(element, Mapping) else None
    rule = limits.ELEMENTS.get(str(kind))
    if rule is None:
        yield _fault(f"unsupported type: {kind}", f"{at}/type")
        return
    yield from _rule_faults(element, rule, at)
    for index, option in enumerate(options_of(element)):
        yield from _rule_faults(option, limits.OPTION, f"{at}/options/{index}")
    if isinstance(element.get("confirm"), Mapping):
        yield from _rule_faults(element["confirm"], limits.CONFIRM, f"{at}/confirm")


def options_of(element: Mapping[str, Any]) -> list[Any]:
    """A select's options, those in groups included."""
    groups = element.get("option_groups") or []
    grouped = [option for group in groups if isinstance(group, Mapping) for option in group.get("options") or []]
    return [*(element.get("options") or []), *grouped]


def _rule_faults(node: Any, rule: Rule, at: str) -> Iterator[str]:
    if not isinstance(node, Mapping):
        yield _fault("must be an object", at)
        return
    yield from (_fault(f"missing required field: {name}", at) for name in rule.required if node.get(name) is None)
    for name, most in rule.texts.items():
        yield from _text_faults(node.get(name), most, f"{at}/{name}")
    for name, (fewest, most) in rule.counts.items():
        if node.get(name) is not None:
            yield from _count_faults(node[name], fewest, most, f"{at}/{name}")
    for name, most in rule.item_texts.items():
        for index, item in enumerate(node.get(name) or []):
            yield from _text_faults(item, most, f"{at}/{name}/{index}")
    for name, most in rule.at_most.items():
        if isinstance(node.get(name), int) and node[name] > most:
            yield _fault(f"must be less than or equal to {most}", f"{at}/{name}")


def _text_faults(value: Any, most: int, at: str) -> Iterator[str]:
    text = value.get("text") if isinstance(value, Mapping) else value
    place = f"{at}/text" if isinstance(value, Mapping) else at
    if value is None:
        return
    if not isinstance(text, str):
        yield _fault("must be a string", place)
    elif isinstance(value, Mapping) and not text:
        yield _fault("must be more than 0 characters", place)
    elif len(text) > most:
        yield _fault(f"must be less than {most + 1} characters", place)


def _action_id_faults(block: Mapping[str, Any], at: str) -> Iterator[str]:
    elements = block.get("elements")
    ids = Counter(e.get("action_id") for e in elements if isinstance(e, Mapping)) if isinstance(elements, list) else {}
    for key, count in ids.items():
        if key and count > 1:
            yield _fault(f"action_id already exists: {key}", f"{at}/elements")


def _view_faults(view: Mapping[str, Any], kind: str) -> Iterator[str]:
    if view.get("type") != kind:
        yield _fault(f"must be {kind}", "/view/type")
    if kind == limits.MODAL and not view.get("title"):
        yield _fault("missing required field: title", "/view")
    for name, most in limits.VIEW_TEXTS.items():
        yield from _text_faults(view.get(name), most, f"/view/{name}")
    sizes = {"private_metadata": limits.PRIVATE_METADATA, "callback_id": limits.CALLBACK_ID}
    for name, most in sizes.items():
        yield from _text_faults(view.get(name), most, f"/view/{name}")
    blocks = view.get("blocks")
    if not isinstance(blocks, list):
        yield _fault("missing required field: blocks", "/view")
        return
    yield from block_faults(blocks, kind, "/view/blocks")
    has_input = any(isinstance(block, Mapping) and block.get("type") == "input" for block in blocks)
    if kind == limits.MODAL and has_input and not view.get("submit"):
        yield _fault("missing required field: submit", "/view")

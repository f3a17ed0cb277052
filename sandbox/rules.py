"""One piece of a message held against its rule; every fault is named the way Slack names it."""

from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.limits import ELEMENTS, SHAPES, Rule

PLAIN = ("plain_text",)
TEXT = ("plain_text", "mrkdwn")


def fault(what: str, at: str) -> str:
    """What is wrong, and where, in Slack's form."""
    return f"[ERROR] {what} [json-pointer:{at}]"


def element_faults(element: Any, at: str) -> Iterator[str]:
    """All that is wrong with an element or the options it offers."""
    kind = element.get("type") if isinstance(element, Mapping) else None
    rule = ELEMENTS.get(str(kind))
    if rule is None:
        yield fault(f"unsupported type: {kind}", f"{at}/type")
    else:
        yield from rule_faults(element, rule, at)


def options_of(element: Mapping[str, Any]) -> list[Any]:
    """A select's options, those in groups included."""
    groups = element.get("option_groups") or []
    grouped = [option for group in groups if isinstance(group, Mapping) for option in group.get("options") or []]
    return [*(element.get("options") or []), *grouped]


def rule_faults(node: Any, rule: Rule, at: str) -> Iterator[str]:
    """All that is wrong with a piece and the pieces inside it, blocks excepted."""
    if not isinstance(node, Mapping):
        yield fault("must be an object", at)
        return
    yield from _absent(node, rule, at)
    yield from _too_long(node, rule, at)
    for name, words in rule.words.items():
        if node.get(name) is not None and node[name] not in words:
            yield fault(f"must be one of {', '.join(words)}", f"{at}/{name}")
    for name, part in rule.parts.items():
        if node.get(name) is not None:
            yield from rule_faults(node[name], part, f"{at}/{name}")
    for name, each in rule.items.items():
        for index, item in enumerate(_items(node.get(name))):
            yield from rule_faults(item, each, f"{at}/{name}/{index}")
    for name, types in rule.inside.items():
        for child, place in children(node, name, at):
            yield from unsupported(child, types, place) or element_faults(child, place)


def children(node: Mapping[str, Any], name: str, at: str) -> list[tuple[Any, str]]:
    """What stands in a slot, one piece or a list of them, and where."""
    given = node.get(name)
    if isinstance(given, list):
        return [(child, f"{at}/{name}/{index}") for index, child in enumerate(given)]
    return [] if given is None else [(given, f"{at}/{name}")]


def unsupported(child: Any, types: frozenset[str], at: str) -> list[str]:
    """A fault where a piece of this type may not stand."""
    kind = child.get("type") if isinstance(child, Mapping) else None
    return [] if kind in types else [fault(f"unsupported type: {kind}", f"{at}/type")]


def count_faults(items: Any, bounds: tuple[int, int], at: str) -> Iterator[str]:
    """What is wrong with the length of a list."""
    fewest, most = bounds
    if not isinstance(items, list):
        yield fault("must be an array", at)
    elif len(items) > most:
        yield fault(f"no more than {most} items allowed", at)
    elif len(items) < fewest:
        yield fault(f"no fewer than {fewest} items allowed", at)


def text_faults(value: Any, most: int, at: str, types: tuple[str, ...] = TEXT) -> Iterator[str]:
    """What is wrong with a text object; nothing where there is none."""
    if value is None:
        return
    if not isinstance(value, Mapping) or value.get("type") not in types:
        yield fault(f"must be a text object of type {' or '.join(types)}", at)
    else:
        yield from string_faults(value.get("text"), (1, most), f"{at}/text")


def string_faults(value: Any, bounds: tuple[int, int], at: str) -> Iterator[str]:
    """What is wrong with a bare string of so many characters."""
    fewest, most = bounds
    if not isinstance(value, str):
        yield fault("must be a string", at)
    elif len(value) < fewest:
        yield fault(f"must be more than {fewest - 1} characters", at)
    elif len(value) > most:
        yield fault(f"must be less than {most + 1} characters", at)


def shape_faults(node: Any, at: str) -> Iterator[str]:
    """Fields of a kind they can never be, anywhere below this node."""
    pairs = enumerate(node) if isinstance(node, list) else node.items() if isinstance(node, Mapping) else ()
    for key, value in pairs:
        shape = SHAPES.get(key) if isinstance(key, str) else None
        if shape and value is not None and not isinstance(value, shape):
            names = [kind.__name__ for kind in (shape if isinstance(shape, tuple) else (shape,))]
            yield fault(f"must be of type {' or '.join(names)}", f"{at}/{key}")
        else:
            yield from shape_faults(value, f"{at}/{key}")


def _absent(node: Mapping[str, Any], rule: Rule, at: str) -> Iterator[str]:
    yield from (fault(f"missing required field: {name}", at) for name in rule.required if node.get(name) is None)
    if rule.either and sum(node.get(name) is not None for name in rule.either) != 1:
        yield fault(f"must have exactly one of {', '.join(rule.either)}", at)


def _too_long(node: Mapping[str, Any], rule: Rule, at: str) -> Iterator[str]:
    for name, most in rule.plain.items():
        yield from text_faults(node.get(name), most, f"{at}/{name}", PLAIN)
    for name, most in rule.texts.items():
        yield from text_faults(node.get(name), most, f"{at}/{name}")
    for name, most in rule.strings.items():
        if node.get(name) is not None:
            yield from string_faults(node[name], (int(name in rule.required), most), f"{at}/{name}")
    for name, most in rule.item_texts.items():
        for index, item in enumerate(_items(node.get(name))):
            yield from text_faults(item, most, f"{at}/{name}/{index}")
    for name, bounds in rule.counts.items():
        if node.get(name) is not None:
            yield from count_faults(node[name], bounds, f"{at}/{name}")
    for name, bounds in rule.numbers.items():
        if node.get(name) is not None:
            yield from _number_faults(node[name], bounds, f"{at}/{name}")


def _number_faults(value: Any, bounds: tuple[int, int], at: str) -> Iterator[str]:
    if not isinstance(value, int) or isinstance(value, bool) or not bounds[0] <= value <= bounds[1]:
        yield fault(f"must be a number from {bounds[0]} to {bounds[1]}", at)


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []

"""Anything in the place of anything, in what others write: payloads, bodies, files."""

import json
from collections.abc import Callable
from copy import deepcopy
from typing import Any

from hypothesis import strategies as st

from tests.scribbler import GONE, JUNK, places

ABSURD = JUNK | st.sampled_from(
    (
        *("\ud800", "\udfff\ud83d", "\u202e<!channel>", "\x1b[2J", "&lt;&amp;", "%s{}", "0 or 1=1"),
        *(2**63, -(2**63) - 1, 10**400, 1e308, float("inf"), float("nan"), [[]] * 50, {"\0": "\0"}, {"id": {"id": []}}),
    )
)
Twist = Callable[[Any], Any]
TWISTS: tuple[Twist, ...] = (
    lambda value: [value],
    lambda value: {"value": value},
    json.dumps,
    lambda value: value * 2 if isinstance(value, str | list) else [value, value],
    lambda value: dict.fromkeys(("id", "value", "type", "ts"), value),
    lambda value: deep(value, 300),
    lambda _: "x" * 200_000,
    lambda value: value[::-1] if isinstance(value, str | list) else None,
)


def deep(value: Any, levels: int) -> Any:
    for level in range(levels):
        value = [value] if level % 2 else {"value": value}
    return value


Change = tuple[int, bool, Any]
"""Where, whether near the top, and what comes in its place: a function's value of it, `GONE`, or just this."""


def twisted(body: Any, changes: list[Change]) -> Any:
    """The body with something else in some of its places."""
    changed: Any = deepcopy(body)
    for number, near, twist in changes:
        ways = [way for way in places(changed, left=()) if len(way) < 4 or not near]
        if not ways:
            return changed
        *way, last = ways[number % len(ways)]
        found = changed
        for step in way:
            found = found[step]
        if twist is GONE:
            del found[last]
        else:
            found[last] = twist(found[last]) if callable(twist) else deepcopy(twist)
    return changed


def some_changes(values: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Change]]:
    """Some changes to these values."""
    return st.lists(st.tuples(st.integers(0, 5000), st.booleans(), values), min_size=1, max_size=5)


CHANGES = some_changes(ABSURD | st.sampled_from(TWISTS))

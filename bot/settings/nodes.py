"""A YAML file as it was written: values that remember their file and line."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal

Scalar = str | int | Decimal | bool | None
Plain = Scalar | list["Plain"] | dict[str, "Plain"]
Loc = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Node:
    """One value. `line` is its key's line, or its own in a list; `text` is a scalar as the operator wrote it."""

    place: str
    line: int
    value: "Scalar | tuple[Node, ...] | dict[str, Node]"
    text: str = ""

    def plain(self) -> Plain:
        """The value without its places."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        return [node.plain() for node in self.value] if isinstance(self.value, tuple) else self.value

    def child(self, part: str | int) -> "Node | None":
        """The value under a key or at an index, None where there is none."""
        if isinstance(self.value, dict):
            return self.value.get(str(part))
        if isinstance(self.value, tuple) and isinstance(part, int) and part < len(self.value):
            return self.value[part]
        return None

    def steps(self, loc: Loc) -> Iterator[tuple[str | int, "Node"]]:
        """The way along `loc` as far as the file goes; parts that only a checker knows are passed over."""
        node = self
        for part in loc:
            if (found := node.child(part)) is not None:
                node = found
                yield part, node

    def without(self, locs: Collection[Loc]) -> "Node | None":
        """The values that none of `locs` leads to; a list goes as a whole. None when nothing is left."""
        if () in locs:
            return None
        if not isinstance(self.value, dict):
            return None if locs else self
        below: dict[str | int, list[Loc]] = {}
        for loc in locs:
            below.setdefault(loc[0], []).append(loc[1:])
        left = {key: node.without(below.get(key, ())) for key, node in self.value.items()}
        return Node(self.place, self.line, {key: node for key, node in left.items() if node is not None})

    def at(self, loc: Loc) -> "Node":
        """The deepest value on the way along `loc`."""
        return ([self] + [node for _, node in self.steps(loc)])[-1]


REPLACED_WHOLE = frozenset({"hours", "holidays"})
"""Settings that mean nothing by halves: an operator's opening hours are not to be mixed with the shipped ones."""


def overlay(shipped: Node, own: Node) -> Node:
    """The shipped values with the operator's laid over them, key by key; lists and scalars replace.

    A key left empty over shipped settings changes nothing: all below it may be commented out.
    """
    if not isinstance(shipped.value, dict):
        return own
    if own.value is None:
        return shipped
    if not isinstance(own.value, dict):
        return own
    merged = dict(shipped.value)
    for key, node in own.value.items():
        mixed = key in merged and key not in REPLACED_WHOLE
        merged[key] = overlay(merged[key], node) if mixed else node
    return Node(own.place, own.line, merged)

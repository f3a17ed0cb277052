"""Reading one YAML file: plain values only, every fault with its line, nothing an attacker could blow up."""

import re
import stat
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import yaml

from bot.settings.faults import Fault, shown
from bot.settings.nodes import Node, Scalar

MOST_BYTES = 256 * 1024
DEEPEST = 20

NUMBER = re.compile(r"[-+]?[0-9]{1,18}")
DECIMAL = re.compile(r"[-+]?[0-9]{0,18}\.[0-9]{1,18}")
UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
WORDS: dict[str, Scalar] = {"": None, "~": None, "null": None, "true": True, "false": False}

SYNTAX = (
    ("character '\\t'", "a tab stands where YAML allows spaces only; indent with spaces"),
    ("mapping values are not allowed", 'a ":" stands where none may; check the indentation, or put the text in quotes'),
    ("expected <block end>", "the indentation does not fit the lines above"),
    ("could not find expected ':'", 'a ":" is missing after the key'),
    ("unexpected end of stream", "a quotation mark is opened and never closed"),
    ("expected ',' or", "a bracket is opened and not closed, or a comma is missing"),
    ("found another document", 'a file holds one document; remove the "---" between them'),
    ("cannot start any token", "this character cannot begin a value; put the text in quotes"),
)


class NotYaml(Exception):
    """The text cannot be read; `line` and `sentence` say where and why."""

    def __init__(self, line: int, sentence: str) -> None:
        super().__init__(sentence)
        self.line, self.sentence = line, sentence


class PlainLoader(yaml.SafeLoader):
    """Composes nodes; refuses aliases, explicit types and deep nesting, which configuration never needs."""

    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]  # PyYAML has no types here
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise NotYaml(line, "anchors and aliases (&, *) are not allowed; write the value out, or put it in quotes")
        if getattr(event, "tag", None):
            raise NotYaml(line, "types (!) are not allowed; write the plain value, or put it in quotes")
        if self.depth >= DEEPEST:
            raise NotYaml(line, f"settings are nested more than {DEEPEST} deep")
        self.depth += 1
        try:
            return super().compose_node(parent, index)
        finally:
            self.depth -= 1


def read(path: Path, place: str, faults: list[Fault]) -> Node | None:
    """The file's values; None, with the reason among `faults`, when it cannot be read at all."""
    try:
        root = compose(_text(path))
    except NotYaml as fault:
        faults.append(Fault(place, fault.line, fault.sentence))
        return None
    if root is None:
        return Node(place, 1, None)
    return _node(root, place, root.start_mark.line + 1, faults)


def compose(text: str) -> yaml.Node | None:
    """The text's syntax tree, None for an empty one; raises NotYaml."""
    try:
        loader = PlainLoader(text)
        return loader.get_single_node()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise NotYaml(mark.line + 1 if mark else 1, _syntax(error.problem or "")) from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise NotYaml(line, "contains a character that cannot be printed; remove it") from error
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        raise NotYaml(1, f"is not valid YAML ({shown(str(error))})") from error


def _text(path: Path) -> str:
    try:
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode):
            raise NotYaml(0, f"is {'a directory' if stat.S_ISDIR(mode) else 'not a file'}; a YAML file belongs here")
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise NotYaml(0, f"cannot be read: {error.strerror}") from error
    if len(content) > MOST_BYTES:
        raise NotYaml(0, f"is larger than {MOST_BYTES // 1024} KiB; no configuration needs that much")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise NotYaml(line, "is not UTF-8 text; save the file as UTF-8") from error


def _syntax(problem: str) -> str:
    known = (sentence for part, sentence in SYNTAX if part in problem)
    return next(known, f"is not valid YAML here ({problem})")


def _node(node: yaml.Node, place: str, line: int, faults: list[Fault]) -> Node:
    if isinstance(node, yaml.MappingNode):
        return Node(place, line, dict(_entries(node, place, faults)))
    if isinstance(node, yaml.SequenceNode):
        items = (_node(item, place, item.start_mark.line + 1, faults) for item in node.value)
        return Node(place, line, tuple(items))
    text, found = UNPRINTABLE.subn("\N{REPLACEMENT CHARACTER}", node.value)
    if found:
        faults.append(Fault(place, line, f"{shown(node.value)} contains a character that cannot be printed; remove it"))
    quoted = isinstance(node, yaml.ScalarNode) and bool(node.style)
    return Node(place, line, scalar(text, quoted=quoted), text)


def _entries(mapping: yaml.MappingNode, place: str, faults: list[Fault]) -> Iterator[tuple[str, Node]]:
    first: dict[str, int] = {}
    for key, value in mapping.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            faults.append(Fault(place, line, "a key must be a single word, not a list or a group of settings"))
        elif key.value in first:
            again = f"{shown(key.value)} is set twice; the first time in line {first[key.value]}"
            faults.append(Fault(place, line, again))
        else:
            first[key.value] = line
            yield key.value, _node(value, place, line, faults)


def scalar(text: str, *, quoted: bool) -> Scalar:
    """What a plain word means. Quoted text stays text, and so do yes, no, on, off, dates and times of day."""
    if quoted:
        return text
    if text.lower() in WORDS:
        return WORDS[text.lower()]
    if NUMBER.fullmatch(text):
        return int(text)
    return Decimal(text) if DECIMAL.fullmatch(text) else text

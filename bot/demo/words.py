"""Slack's messages and forms as lines a terminal can show. Pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from typing import Any

from rich.text import Text

from bot.blocks.reader import Reader

Block = Mapping[str, Any]
_MARKS = re.compile(r"<@(?P<who>[UW][A-Z0-9]+)>|\*(?P<bold>[^*\n]+)\*|`(?P<code>[^`\n]+)`")
_STYLES = {"who": "bold cyan", "bold": "bold", "code": "magenta"}


@dataclass(frozen=True, slots=True)
class Words:
    """Reads blocks aloud; `names` are people's and channels' names by id."""

    names: Mapping[str, str]
    reader: Reader

    def message(self, message: Mapping[str, Any]) -> list[Text]:
        """A message's lines: its blocks, or its text when it has none."""
        return self.blocks(message["blocks"]) if message.get("blocks") else self.mrkdwn(message["text"])

    def form(self, view: Mapping[str, Any]) -> list[Text]:
        """A form's lines: its fields with what stands in them, its buttons last."""
        presses = [view[name]["text"] for name in ("submit", "close") if view.get(name)]
        return [*self.blocks(view["blocks"]), *([_buttons(presses)] if presses else [])]

    def blocks(self, blocks: list[Block]) -> list[Text]:
        """The lines of blocks, one under the other."""
        return [line for block in blocks for line in self._lines(block)]

    def mrkdwn(self, words: str) -> list[Text]:
        """Slack's markup as styled lines."""
        return [self._line(line) for line in words.split("\n")]

    def _lines(self, block: Block) -> Iterator[Text]:
        kind = block.get("type")
        if kind == "section":
            yield from self.mrkdwn(block["text"]["text"])
        elif kind == "header":
            yield Text(block["text"]["text"], style="bold underline")
        elif kind == "context":
            for element in block["elements"]:
                yield from (_dimmed(line) for line in self.mrkdwn(element["text"]))
        elif kind == "actions":
            yield _buttons([element["text"]["text"] for element in block["elements"]])
        elif kind == "input":
            yield Text.assemble((_label(block), "dim"), " ", self._entered(block["element"]))
        elif kind == "divider":
            yield Text("")

    def _line(self, line: str) -> Text:
        is_quoted = line.startswith(">")
        text, end = Text("▏" if is_quoted else "", style="italic" if is_quoted else ""), int(is_quoted)
        for mark in _MARKS.finditer(line):
            text.append(unescape(line[end : mark.start()]))
            said = next(words for words in mark.groups() if words)
            name = f"@{self.names.get(said, said)}" if mark.lastgroup == "who" else unescape(said)
            text.append(name, _STYLES[mark.lastgroup or "bold"])
            end = mark.end()
        return text.append(unescape(line[end:]))

    def _entered(self, element: Block) -> str:
        chosen = element.get("initial_option")
        if chosen:
            return str(chosen["text"]["text"])
        if element.get("initial_date_time"):
            return self.reader.instant(datetime.fromtimestamp(element["initial_date_time"], UTC))
        return str(element.get("initial_value") or "…")


def _label(block: Block) -> str:
    label = str(block["label"]["text"])
    return label if label.endswith("?") else f"{label}:"


def _dimmed(line: Text) -> Text:
    line.stylize("dim")
    return line


def _buttons(labels: list[str]) -> Text:
    row = Text()
    for label in labels:
        row.append(f"[ {label} ]", "bold reverse").append(" ")
    return row

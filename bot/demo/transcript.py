"""The demo as it is read: numbered steps, and what each person then sees in Slack."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.text import Text

from bot.demo.words import Words

_WIDEST = 110
_FRAME = "dim green"


class Transcript:
    """Prints to a terminal in colour, anywhere else as plain text."""

    def __init__(self, console: Console, words: Words) -> None:
        self._console = console
        self._words = words
        self._steps = 0

    def step(self, title: str) -> None:
        """A new step begins."""
        self._steps += 1
        self._console.print()
        self._print(Text(f"{self._steps}. ", style="bold"), Text(title, style="bold"), "   ")

    def note(self, words: str) -> None:
        """Something said beside the play."""
        self._print(Text("  "), Text(words, style="dim"))

    def types(self, who: str, where: str, typed: str) -> None:
        """Someone types a command."""
        said = ((self._name(who), "bold cyan"), f" types in {self._name(where)}: ", (typed, "bold magenta"))
        self._print(Text("  "), Text.assemble(*said))

    def sees(self, message: Mapping[str, Any]) -> None:
        """A message, with who can see it."""
        place, only = self._words.names.get(message["channel"]), message.get("ephemeral_to")
        who = f"only {self._name(only)} sees this" if only else "everybody in it sees this"
        title = f"{place} · kpibot · {who}" if place else "direct message · kpibot"
        self._framed(title, self._words.message(message))

    def form(self, who: str, view: Mapping[str, Any]) -> None:
        """A form before someone."""
        self._framed(f"form · {view['title']['text']} · only {self._name(who)} sees this", self._words.form(view))

    @contextmanager
    def working(self, words: str) -> Iterator[None]:
        """Something that takes a moment, with a spinner on a terminal."""
        with self._console.status(words):
            yield

    def _framed(self, title: str, lines: list[Text]) -> None:
        self._print(Text("  ┌ ", style=_FRAME), Text(title, style=_FRAME))
        for line in lines:
            self._print(Text("  │ ", style=_FRAME), line)

    def _print(self, start: Text, words: Text, indent: str | None = None) -> None:
        """Wrapped words, each line after the same start, or after `indent` from the second on."""
        width = min(self._console.width, _WIDEST) - len(start)
        for number, piece in enumerate(words.wrap(self._console, width) or [Text()]):
            piece.rstrip()
            before = Text(indent) if indent is not None and number else start
            self._console.print(Text.assemble(before, piece), soft_wrap=True)

    def _name(self, key: str) -> str:
        return self._words.names.get(key, key)

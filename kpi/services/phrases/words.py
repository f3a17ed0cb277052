"""The words of a phrase, and runs of them that mean something. Quoted words name somebody, whatever else they could be.

Pure: what counts as a KPI or as a period is asked of a Vocabulary.
"""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from kpi.errors import KpiError

QUOTES = '"“”„«»'
LONGEST_WORDS = 24
_LONGEST_RUN = 5
_TOKEN = re.compile(rf"[{QUOTES}]([^{QUOTES}]*)[{QUOTES}]|(\S+)")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Which words name a KPI, which a period (also one that cannot be, like month 13), and how like a KPI some are.

    `likeness` is 0 to 100, to the nearest name of any KPI.
    """

    is_kpi: Callable[[str], bool]
    is_period: Callable[[str], bool]
    likeness: Callable[[str], float] = lambda _: 0.0


@dataclass(frozen=True, slots=True)
class Token:
    """A word, or all words inside a pair of quotes."""

    words: str
    quoted: bool = False

    @property
    def plain(self) -> str:
        """It in small letters; "" where quotes make it a name."""
        return "" if self.quoted else self.words.lower()


Tokens = list[Token]


def tokens(text: str) -> Tokens:
    """The words of a text. KpiError for more than anybody asks with."""
    found = [Token(plain or quoted, not plain) for quoted, plain in _TOKEN.findall(text) if plain or quoted.strip()]
    if len(found) > LONGEST_WORDS:
        raise KpiError(f"That is more than {LONGEST_WORDS} words. Ask for example: csat last quarter.")
    return found


def joined(some: Tokens) -> str:
    """Their words in a row."""
    return " ".join(token.words for token in some)


def taken(some: Tokens, known: Callable[[str], bool]) -> tuple[str | None, Tokens]:
    """The longest known run of unquoted words, the leftmost of several, and what is left without it."""
    for first, end in _runs(some):
        words = joined(some[first:end])
        if known(words):
            return words, some[:first] + some[end:]
    return None, some


def likest(some: Tokens, likeness: Callable[[str], float], least: float) -> tuple[str | None, Tokens]:
    """The run of unquoted words most like something, if any is `least` like it, and what is left without it."""
    scored = [(likeness(joined(some[first:end])), -(end - first), first, end) for first, end in _runs(some)]
    best = max(scored, default=(0.0, 0, 0, 0))
    if best[0] < least:
        return None, some
    _, _, first, end = best
    return joined(some[first:end]), some[:first] + some[end:]


def stripped(some: Tokens, words: Collection[str]) -> Tokens:
    """Without these words at either end."""
    while some and some[0].plain in words:
        some = some[1:]
    while some and some[-1].plain in words:
        some = some[:-1]
    return some


def _runs(some: Tokens) -> Iterator[tuple[int, int]]:
    for length in range(min(len(some), _LONGEST_RUN), 0, -1):
        for first in range(len(some) - length + 1):
            if not any(token.quoted for token in some[first : first + length]):
                yield first, first + length

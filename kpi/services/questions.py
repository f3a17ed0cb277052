"""From what a person types to a question: the words may come in any order, quoted ones always name an account.

Pure: what counts as a KPI or as a period is asked of a Vocabulary.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from kpi.errors import KpiError
from kpi.model import Scope

LONGEST_WORDS = 24
_QUOTES = '"“”„«»'
_TOKEN = re.compile(rf"[{_QUOTES}]([^{_QUOTES}]*)[{_QUOTES}]|(\S+)")
_VERBS = {"help": "help", "?": "help", "hilfe": "help", "list": "list", "kpis": "list"}
_SCOPES = ("account", "segment", "owner")
_FILLERS = ("for", "of", "in", "during", "at")


@dataclass(frozen=True, slots=True)
class Question:
    """A KPI by any of its names, for a scope named but not yet found (`id` None), a period in words, as of an instant.

    What is None takes its default: the whole workspace, the KPI's own period, now, the usual way to measure it.
    `forgiving`: a scope's name may be taken for the one clearly nearest. `owners`: only theirs are seen.
    """

    kpi: str
    period: str | None = None
    scope: Scope | None = None
    as_of: datetime | None = None
    variant: str | None = None
    forgiving: bool = False
    owners: frozenset[int] | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed after the command: `verb` is answer (then with a question), list or help."""

    verb: str
    question: Question | None = None


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Which words name a KPI, and which a period (also one that cannot be, like month 13)."""

    is_kpi: Callable[[str], bool]
    is_period: Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class _Token:
    words: str
    quoted: bool = False


def instant_of(text: str) -> datetime:
    """An instant with its offset from UTC. KpiError for anything else."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise KpiError(f"“{text[:40]}” is not an instant; write it like 2026-10-01T09:00+02:00.") from None
    if found.tzinfo is None:
        raise KpiError(f"“{text[:40]}” lacks its offset from UTC; write it like 2026-10-01T09:00+02:00.")
    return found


def parse_question(text: str, vocabulary: Vocabulary) -> Asked:
    """What was asked. Words that are neither the KPI nor a period name the scope; nothing at all asks for help."""
    tokens = [_Token(plain or quoted, not plain) for quoted, plain in _TOKEN.findall(text) if plain or quoted.strip()]
    if not tokens or (not tokens[0].quoted and tokens[0].words.lower() in _VERBS):
        return Asked(_VERBS[tokens[0].words.lower()] if tokens else "help")
    if len(tokens) > LONGEST_WORDS:
        raise KpiError(f"That is more than {LONGEST_WORDS} words. Ask for example: csat last quarter.")
    kpi, rest = _taken(tokens, vocabulary.is_kpi)
    period, rest = _taken(rest, vocabulary.is_period)
    if kpi is None:
        return Asked("answer", Question(" ".join(token.words for token in rest or tokens), period))
    return Asked("answer", Question(kpi, period, _scope(rest)))


def _taken(tokens: list[_Token], known: Callable[[str], bool]) -> tuple[str | None, list[_Token]]:
    """The longest known run of unquoted words, the leftmost of several, and what is left without it."""
    for first, end in _runs(len(tokens)):
        run = tokens[first:end]
        words = " ".join(token.words for token in run)
        if not any(token.quoted for token in run) and known(words):
            return words, tokens[:first] + tokens[end:]
    return None, tokens


def _runs(count: int) -> Iterator[tuple[int, int]]:
    for length in range(min(count, 5), 0, -1):
        for first in range(count - length + 1):
            yield first, first + length


def _scope(tokens: list[_Token]) -> Scope | None:
    while tokens and _is(tokens[0], _FILLERS):
        tokens = tokens[1:]
    while tokens and _is(tokens[-1], _FILLERS):
        tokens = tokens[:-1]
    if len(tokens) > 1 and _is(tokens[0], _SCOPES):
        return Scope(tokens[0].words.lower(), _name(tokens[1:]))
    return Scope("account", _name(tokens)) if tokens else None


def _is(token: _Token, words: tuple[str, ...]) -> bool:
    return not token.quoted and token.words.lower() in words


def _name(tokens: list[_Token]) -> str:
    return " ".join(token.words for token in tokens)

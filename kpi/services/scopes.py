"""From a name a person typed to the account, segment or owner they mean. A likeness is suggested, never taken."""

from collections.abc import Callable, Iterable

from kpi.errors import KpiError, UnknownWord
from kpi.model import Scope
from kpi.periods.words import KNOWN as PERIOD_WORDS
from kpi.store import scopes as rows
from kpi.store.scopes import Named
from kpi.store.store import Tx

_CLOSE = 70
_ARTICLES = {"account": "an account", "segment": "a segment", "owner": "an owner"}


def resolve(tx: Tx, asked: Scope | None) -> Scope:
    """The scope with its id and full name: exact name, else exact key, else the only name that begins like that.

    Raises UnknownWord with the nearest names, KpiError when several are meant equally.
    """
    if asked is None or asked.name is None:
        return Scope()
    known = rows.named(tx, asked.kind)
    for matches in _WAYS:
        found = [candidate for candidate in known if matches(_plain(asked.name), candidate)]
        if len(found) == 1:
            return Scope(asked.kind, found[0].name, found[0].id)
        if found:
            raise KpiError(f"“{asked.name[:40]}” could be {_either(_distinct(found))}. Please say which.")
    raise _unknown(asked.kind, asked.name, known)


_WAYS: tuple[Callable[[str, Named], bool], ...] = (
    lambda word, candidate: word == _plain(candidate.name),
    lambda word, candidate: word == _plain(candidate.key),
    lambda word, candidate: _plain(candidate.name).startswith(word),
)


def _unknown(kind: str, name: str, known: list[Named]) -> UnknownWord:
    words = dict.fromkeys([*(candidate.name for candidate in known), *PERIOD_WORDS])
    likeness = {word: _likeness(_plain(name), _plain(word)) for word in words}
    nearest = tuple(word for word in sorted(words, key=lambda word: -likeness[word])[:3] if likeness[word] >= _CLOSE)
    hint = f" Did you mean {_either(nearest)}?" if nearest else " A name of several words may stand in quotes."
    return UnknownWord(f"“{name[:40]}” is neither {_ARTICLES[kind]} nor a period I know.{hint}", nearest)


def _likeness(typed: str, word: str) -> float:
    """0-100: to the whole word, or to as much of its beginning as was typed."""
    from rapidfuzz import fuzz

    return max(fuzz.WRatio(typed, word), fuzz.ratio(typed, word[: len(typed)]))


def _distinct(found: list[Named]) -> tuple[str, ...]:
    """Names that tell them apart: their keys where two share a name."""
    names = [candidate.name for candidate in found]
    shared = len(set(map(_plain, names))) < len(names)
    return tuple(candidate.key for candidate in found) if shared else tuple(names)


def _either(words: Iterable[str]) -> str:
    *others, last = list(words)[:5]
    return f"{', '.join(others)} or {last}" if others else last


def _plain(words: str) -> str:
    return " ".join(words.casefold().split())

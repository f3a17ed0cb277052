"""From a name a person typed to the account, segment or owner they mean."""

from collections.abc import Callable, Collection, Iterable
from typing import NamedTuple
from unicodedata import combining, normalize

from kpi.errors import KpiError, Refused, UnknownWord
from kpi.model import Scope
from kpi.periods.words import KNOWN as PERIOD_WORDS
from kpi.services.questions import ANY
from kpi.store import scopes as rows
from kpi.store.store import Tx

KINDS = ("account", "segment", "owner")
_CLOSE = 70
_TAKEN, _AHEAD = 88, 8
"""How like a name must be to be taken for the one meant, and how much more like than the next."""
ONLY_OWN = "You may ask about your own clients only."
_ARTICLES = {
    "account": "an account",
    "segment": "a segment",
    "owner": "an owner",
    ANY: "an account, a segment, an owner",
}

Way = Callable[[str, "_Candidate"], bool]


class Ambiguous(KpiError):
    """A name that several are meant by equally; `choices` are those, found, the nearest kinds first."""

    def __init__(self, message: str, choices: tuple[Scope, ...]) -> None:
        super().__init__(message)
        self.choices = choices


class _Candidate(NamedTuple):
    kind: str
    id: int | str
    key: str
    name: str

    @property
    def scope(self) -> Scope:
        return Scope(self.kind, self.name, self.id)


def resolve(tx: Tx, asked: Scope | None, *, forgiving: bool = False, owners: Collection[int] | None = None) -> Scope:
    """The scope with its id and full name: exact name, else exact key, else the only name that begins like that.

    `forgiving`: or with these words inside, else the one clearly nearest; without, a likeness is suggested, never
    taken. A scope of kind ANY may be an account, a segment or an owner; one with an id is looked up by
    it. `owners`: only they and their accounts are there; nothing is said of others. Raises UnknownWord with the nearest
    names, Ambiguous when several are meant equally.
    """
    if asked is None or (asked.name is None and asked.id is None):
        if owners is not None:
            raise Refused(ONLY_OWN, "outside")
        return Scope()
    if asked.id is not None:
        return _numbered(tx, asked, owners)
    known, name = _known(tx, asked.kind, owners), asked.name or ""
    word = _plain(name)
    if not word:
        raise KpiError(f"The name of the {asked.kind} is empty.")
    for matches in _FORGIVING if forgiving else _EXACT:
        found = [candidate for candidate in known if matches(word, candidate)]
        if len(found) == 1:
            return found[0].scope
        if found:
            message = f"“{name[:40]}” could be {_either(_distinct(found))}. Please say which."
            raise Ambiguous(message, tuple(candidate.scope for candidate in found))
    nearest = _nearest(name, known) if forgiving else None
    if nearest is not None:
        return nearest.scope
    unknown = _none(asked.kind, name, known) if forgiving and asked.kind != ANY else _unknown(asked, known)
    raise unknown if owners is None else UnknownWord(f"{unknown} {ONLY_OWN}", unknown.nearest)


def _known(tx: Tx, kind: str, owners: Collection[int] | None) -> list[_Candidate]:
    kinds = KINDS if kind == ANY else (kind,)
    return [_Candidate(kind, one.id, one.key, one.name) for kind in kinds for one in rows.named(tx, kind, owners)]


def _numbered(tx: Tx, asked: Scope, owners: Collection[int] | None) -> Scope:
    found = rows.numbered(tx, asked.kind, asked.id or 0, owners)
    if found is None:
        raise UnknownWord(f"There is no such {asked.kind} any more." if owners is None else ONLY_OWN)
    return Scope(asked.kind, found.name, found.id)


def read_as(asked: Scope | None, found: Scope) -> str | None:
    """That a name was taken for another one, in words; None where it was typed as it is."""
    if asked is None or asked.name is None or found.name is None or _plain(asked.name) == _plain(found.name):
        return None
    return f"{asked.name} read as {found.name}"


_EXACT: tuple[Way, ...] = (
    lambda word, candidate: word == _plain(candidate.name),
    lambda word, candidate: word == _plain(candidate.key),
    lambda word, candidate: _plain(candidate.name).startswith(word),
)
_FORGIVING: tuple[Way, ...] = (
    *_EXACT[:2],
    lambda word, candidate: _EXACT[2](word, candidate) or f" {_words(word)} " in f" {_words(_plain(candidate.name))} ",
)
"""A beginning and a whole word inside are meant equally."""


def _nearest(name: str, known: list[_Candidate]) -> _Candidate | None:
    """The one whose name or key is clearly most like it. Numbers tell names apart, so they must be the same."""
    scored = sorted(((_score(name, candidate), candidate) for candidate in known), key=lambda each: -each[0])
    if not scored or scored[0][0] < _TAKEN:
        return None
    clear = len(scored) == 1 or scored[0][0] - scored[1][0] >= _AHEAD
    return scored[0][1] if clear else None


def _score(name: str, candidate: _Candidate) -> float:
    return max(_alike(_folded(name), _folded(word)) for word in (candidate.name, candidate.key))


def _alike(typed: str, word: str) -> float:
    """0-100: to the whole, to its words in another order, or to as many words at its beginning as were typed."""
    from rapidfuzz import fuzz

    if _digits(typed) != _digits(word):
        return 0.0
    beginning = " ".join(word.split()[: len(typed.split())])
    return max(fuzz.ratio(typed, word), fuzz.token_sort_ratio(typed, word), fuzz.ratio(typed, beginning))


def _none(kind: str, name: str, known: list[_Candidate]) -> UnknownWord:
    ranked = sorted(known, key=lambda candidate: -_likeness(_plain(name), _plain(candidate.name)))
    nearest = tuple(each.name for each in ranked[:3] if _likeness(_plain(name), _plain(each.name)) >= _CLOSE)
    hint = f" Did you mean {_either(nearest)}?" if nearest else ""
    return UnknownWord(f"There is no {kind} “{name[:40]}”.{hint}", nearest)


def _unknown(asked: Scope, known: list[_Candidate]) -> UnknownWord:
    name = asked.name or ""
    words = dict.fromkeys([*(candidate.name for candidate in known), *PERIOD_WORDS])
    likeness = {word: _likeness(_plain(name), _plain(word)) for word in words}
    nearest = tuple(word for word in sorted(words, key=lambda word: -likeness[word])[:3] if likeness[word] >= _CLOSE)
    hint = f" Did you mean {_either(nearest)}?" if nearest else " A name of several words may stand in quotes."
    return UnknownWord(f"“{name[:40]}” is neither {_ARTICLES[asked.kind]} nor a period I know.{hint}", nearest)


def _likeness(typed: str, word: str) -> float:
    """0-100: to the whole word, or to as much of its beginning as was typed."""
    from rapidfuzz import fuzz

    return max(fuzz.WRatio(typed, word), fuzz.ratio(typed, word[: len(typed)]))


def _distinct(found: list[_Candidate]) -> tuple[str, ...]:
    """Names that tell them apart: their keys where two share a name."""
    names = [candidate.name for candidate in found]
    shared = len(set(map(_plain, names))) < len(names)
    return tuple(candidate.key for candidate in found) if shared else tuple(names)


def _either(words: Iterable[str]) -> str:
    *others, last = list(words)[:5]
    return f"{', '.join(others)} or {last}" if others else last


def _plain(words: str) -> str:
    return " ".join(words.casefold().split())


def _words(plain: str) -> str:
    """The words alone, without what stands between them."""
    return " ".join("".join(letter if letter.isalnum() else " " for letter in plain).split())


def _folded(words: str) -> str:
    """Without accents."""
    return "".join(letter for letter in normalize("NFKD", _plain(words)) if not combining(letter))


def _digits(words: str) -> str:
    return "".join(filter(str.isdigit, words))

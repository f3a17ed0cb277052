"""What is wrong with the configuration, in the operator's words."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from kpi.errors import KpiError

SHOWN_CHARACTERS = 60


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing to mend: `place` is a file or a variable, `line` 0 where there is none, `sentence` what and how."""

    place: str
    line: int
    sentence: str

    def __str__(self) -> str:
        return f"{self.place}:{self.line}: {self.sentence}" if self.line else f"{self.place}: {self.sentence}"


class SettingsFault(KpiError):
    """The configuration cannot be used; `faults` holds everything wrong with it, sorted, each fault once."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(set(faults)))
        super().__init__("\n".join(map(str, self.faults)))


def shown(text: str) -> str:
    """The operator's own text as it may stand in a one-line sentence: quoted, escaped, cut."""
    cut = text if len(text) <= SHOWN_CHARACTERS else text[: SHOWN_CHARACTERS - 1] + "…"
    return json.dumps(cut, ensure_ascii=not cut.isprintable())


def nearest(word: str, known: Iterable[str], closeness: int = 70) -> str | None:
    """The known word closest to a mistyped one, None when nothing is close; `closeness` is 0-100."""
    found = process.extractOne(word, list(known), scorer=fuzz.ratio, processor=str.casefold, score_cutoff=closeness)
    return found[0] if found else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`; did you mean X?` or nothing: what a sentence about an unknown word ends in."""
    close = nearest(word, known)
    return f"; did you mean {close}?" if close else ""

"""What stands behind a value, account by account: made by the measure itself, looked at when somebody asks why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

Figure = float | str | None | Mapping[str, int]
Row = tuple[int | str, tuple[Figure, ...]]
"""An account's id, or words for several together, and a figure for each column."""


@dataclass(frozen=True, slots=True)
class Listing:
    """Accounts and what each brings, the most telling first.

    `name` and the columns' names are words joined by underscores; a column's unit is a KPI's, or `count`, or `counts`
    for how many of each kind.
    """

    name: str
    rows: tuple[Row, ...]
    columns: tuple[tuple[str, str], ...] = ()


Lister = Callable[[int], tuple[Listing, ...]]
"""The listings of a measure, in which no group of fewer answers than the given number gives anything away."""


def named(name: str, accounts: Iterable[int]) -> Listing:
    """Accounts that are in or out, with nothing more to say of each."""
    return Listing(name, tuple((account, ()) for account in accounts))


def ranked(name: str, figures: Mapping[int, tuple[Figure, ...]], *columns: tuple[str, str]) -> Listing:
    """Accounts with their figures in the order given."""
    return Listing(name, tuple(figures.items()), columns)


def tallied(name: str, given: Iterable[tuple[int, object]], fewest: int) -> Listing:
    """How often each account gave each answer, those that gave most first.

    Accounts of fewer than `fewest` answers are told of together, with as many others as it takes to make `fewest`:
    nobody's answers can be had by taking the others' from the whole.
    """
    found: dict[int, Counter[str]] = {}
    for account, answer in given:
        found.setdefault(account, Counter())[str(answer)] += 1
    most_first = sorted(found.items(), key=lambda each: (-each[1].total(), each[0]))
    shown = sum(counts.total() >= fewest for _, counts in most_first)
    while shown and 0 < _total(most_first[shown:]) < fewest:
        shown -= 1
    rows: list[Row] = [(account, (counts.total(), _sorted(counts))) for account, counts in most_first[:shown]]
    rest = most_first[shown:]
    if rest:
        together = sum((counts for _, counts in rest), Counter[str]())
        told = _sorted(together) if together.total() >= fewest else None
        more = " more" if shown else ""
        rows.append((f"{len(rest)}{more} account{'' if len(rest) == 1 else 's'} together", (together.total(), told)))
    return Listing(name, tuple(rows), (("in_all", "count"), ("of_each", "counts")))


def _total(some: Iterable[tuple[int, Counter[str]]]) -> int:
    return sum(counts.total() for _, counts in some)


def _sorted(counts: Counter[str]) -> dict[str, int]:
    """Numbers by size, the highest first; words by letter."""
    return {answer: counts[answer] for answer in sorted(counts, key=_rank)}


def _rank(answer: str) -> tuple[int, str]:
    return (-int(answer), "") if answer.isdigit() else (0, answer)

"""Which accounts are clients on which day (KPIS.md, Population)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kpi.facts import Facts

Spell = tuple[date, date]
"""Days `[first, end)` with service; a running one ends on date.max."""


@dataclass(frozen=True, slots=True)
class Client:
    """One account: its spells of service in order, never touching; not counted as active before `observed_from`."""

    name: str
    observed_from: date
    spells: tuple[Spell, ...]

    def active_on(self, day: date) -> bool:
        """A spell covers the day and the account was observed by then."""
        return day >= self.observed_from and self.served_on(day)

    def served_on(self, day: date) -> bool:
        """A spell covers the day, observed or not."""
        return any(first <= day < end for first, end in self.spells)

    def active_within(self, start: date, end: date) -> bool:
        """Active on some day of `[start, end)`."""
        since = max(start, self.observed_from)
        return any(max(first, since) < min(last, end) for first, last in self.spells)

    def had_ended_by(self, day: date) -> bool:
        """A spell was over by that day."""
        return any(end <= day for _, end in self.spells)


def clients(facts: Facts) -> Mapping[int, Client]:
    """Every account of the facts by its id; needs the frames accounts and terms."""
    terms: defaultdict[int, list[Spell]] = defaultdict(list)
    frame = facts.terms
    for account, starts_on, ends_on in zip(frame["account_id"], frame["starts_on"], frame["ends_on"], strict=True):
        terms[account].append((starts_on, _known(ends_on) or date.max))
    named = zip(*(facts.accounts[column] for column in ("account_id", "name", "observed_from")), strict=True)
    return {
        int(account): Client(name, _known(observed_from) or date.min, merged(terms[account]))
        for account, name, observed_from in named
    }


def merged(terms: Iterable[Spell]) -> tuple[Spell, ...]:
    """Terms in order, overlapping and gapless ones made one; terms without a day left out."""
    spells: list[Spell] = []
    for first, end in sorted(term for term in terms if term[0] < term[1]):
        if spells and first <= spells[-1][1]:
            spells[-1] = spells[-1][0], max(spells[-1][1], end)
        else:
            spells.append((first, end))
    return tuple(spells)


def _known(day: date | None) -> date | None:
    """pandas may hold an absent date as NaT, which alone is unequal to itself."""
    return day if day is not None and day == day else None  # noqa: PLR0124 - the test for NaT without pandas

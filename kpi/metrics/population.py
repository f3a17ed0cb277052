"""Which accounts are clients on which day (KPIS.md, Population)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd

    from kpi.facts import Facts
    from kpi.periods import Period

Spell = tuple[date, date]
"""Days `[first, end)` with service; a running one ends on date.max."""
DAY = timedelta(days=1)
_MADE: WeakKeyDictionary[Facts, Mapping[int, Client]] = WeakKeyDictionary()


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
        for first, end in self.spells:  # noqa: SIM110 asked of every client several times, and any() takes twice as long
            if first <= day < end:
                return True
        return False

    def active_within(self, start: date, end: date) -> bool:
        """Active on some day of `[start, end)`."""
        return any(first < end and start < last for first, last in self.active_spells)

    def had_ended_by(self, day: date) -> bool:
        """A spell was over by that day."""
        return any(end <= day for _, end in self.spells)

    @property
    def active_spells(self) -> tuple[Spell, ...]:
        """The spells without the days before the account was observed."""
        seen = ((max(first, self.observed_from), end) for first, end in self.spells)
        return tuple(spell for spell in seen if spell[0] < spell[1])


def clients(facts: Facts) -> Mapping[int, Client]:
    """Every account of the facts by its id, in their order; needs the frames accounts and terms.

    Made once for the same facts: a KPI asks for them several times, for each of two periods.
    """
    found = _MADE.get(facts)
    if found is None:
        found = _MADE[facts] = _clients(facts)
    return found


def scoped(facts: Facts) -> Mapping[int, Client]:
    """The accounts of the scope alone, where the facts are of the whole workspace."""
    everyone, of_scope = clients(facts), members(facts)
    return everyone if len(of_scope) == len(everyone) else {account: everyone[account] for account in of_scope}


def members(facts: Facts) -> list[int]:
    """The ids of the accounts of the scope, in their order."""
    ids: list[int] = facts.accounts.loc[facts.accounts["in_scope"], "account_id"].tolist()
    return ids


def _clients(facts: Facts) -> Mapping[int, Client]:
    terms: defaultdict[int, list[Spell]] = defaultdict(list)
    frame = facts.terms
    for account, starts_on, ends_on in zip(frame["account_id"], frame["starts_on"], frame["ends_on"], strict=True):
        terms[account].append((starts_on, known(ends_on) or date.max))
    named = zip(*(facts.accounts[column] for column in ("account_id", "name", "observed_from")), strict=True)
    return {
        int(account): Client(name, known(observed_from) or date.min, merged(terms[account]))
        for account, name, observed_from in named
    }


def merged(terms: Iterable[Spell]) -> tuple[Spell, ...]:
    """Terms in order, overlapping and gapless ones made one; terms without a day left out."""
    lasting = [term for term in terms if term[0] < term[1]]
    if len(lasting) < 2:
        return tuple(lasting)
    spells: list[Spell] = []
    for first, end in sorted(lasting):
        if spells and first <= spells[-1][1]:
            spells[-1] = spells[-1][0], max(spells[-1][1], end)
        else:
            spells.append((first, end))
    return tuple(spells)


def closing_day(period: Period, today: date) -> date:
    """The day on which *active at end* is asked: the first day after the period, in an open one that of as_of."""
    return period.end if period.complete else today


def last_day(period: Period, today: date) -> date:
    """The last day that is looked at."""
    return period.effective_end(today) - DAY


def spans(everyone: Mapping[int, Client]) -> pd.DataFrame:
    """The active days `[first, end)` of every account, as ordinals: account_id, first, end."""
    import pandas as pd

    rows = [
        (account, first.toordinal(), end.toordinal())
        for account, client in everyone.items()
        for first, end in client.active_spells
    ]
    return pd.DataFrame(rows, columns=["account_id", "first", "end"], dtype="int64")


def known(day: date | None) -> date | None:
    """pandas may hold an absent date as NaT, which alone is unequal to itself."""
    return day if day is not None and day == day else None  # noqa: PLR0124 - the test for NaT without pandas

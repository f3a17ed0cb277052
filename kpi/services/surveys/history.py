"""Questions in memory, as the simulation asks them: found by whom and where they concern. Pure."""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from datetime import datetime, timedelta

from kpi.services.surveys.budget import Ask
from kpi.services.surveys.rules import Case


class History:
    """What was asked and what is planned. Asks are added and taken back; nothing else changes."""

    def __init__(self, asks: Iterable[Ask], span: timedelta) -> None:
        self._span = span
        self._by: defaultdict[Hashable, dict[Ask, None]] = defaultdict(dict)
        for ask in asks:
            self.add(ask)

    def add(self, ask: Ask) -> None:
        """One more."""
        for place in _places(ask.account_id, ask.persons, ask.channel_id):
            self._by[place][ask] = None

    def take_back(self, ask: Ask) -> None:
        """A plan that came to nothing, or is carried out."""
        for place in _places(ask.account_id, ask.persons, ask.channel_id):
            self._by[place].pop(ask, None)

    def around(self, case: Case, at: datetime) -> list[Ask]:
        """What the budget might hold against a question of this case."""
        places = _places(case.account_id, case.persons, case.channel_id)
        found = {ask: None for place in places for ask in self._by[place]}
        return [ask for ask in found if abs(ask.at - at) < self._span]


def _places(account_id: int, persons: frozenset[int], channel_id: str | None) -> list[Hashable]:
    named: list[Hashable] = [("account", account_id), *(("person", person) for person in persons)]
    return [*named, ("channel", channel_id)] if channel_id else named

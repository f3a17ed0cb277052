"""The programmes rehearsed on what really happened: read once, decided by the live rules, nothing written."""

import random
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from kpi.errors import KpiError
from kpi.policy import Policy
from kpi.ports import Now
from kpi.services.surveys import budget, cases
from kpi.services.surveys.cases import About, Reached
from kpi.services.surveys.history import History
from kpi.services.surveys.rules import Case, Rules
from kpi.services.surveys.simulating import Client, Happened, Outcome, Simulation
from kpi.services.surveys.words import Ways
from kpi.store import accounts, past
from kpi.store.store import Record, Store, Tx

LONGEST_DAYS = 731


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What would have been asked in [start, end), of how many interactions; the same seed draws the same."""

    start: datetime
    end: datetime
    interactions: int
    outcomes: tuple[Outcome, ...]

    @property
    def asked(self) -> int:
        """How many questions."""
        return sum(each.reason is None for each in self.outcomes)


@dataclass(frozen=True)
class Rehearsal:
    """Replays the rules in force on the past."""

    store: Store
    policy: Policy
    ways: Ways
    now: Now

    def run(self, days: int, seed: int = 1) -> Rehearsed:
        """The last so many days, asked anew. What was really asked before them counts; in them it does not."""
        if not 0 < days <= LONGEST_DAYS:
            raise KpiError(f"Between 1 and {LONGEST_DAYS} days can be simulated.")
        end = self.now()
        start, reach = end - timedelta(days=days), budget.reach(self.policy.surveys.budget)
        rules = Rules(self.policy.surveys, self.policy.workspace.timezone, random.Random(seed).random)  # noqa: S311
        with self.store.transaction() as tx:
            world = _read(tx, self.policy, self.ways)
            before = past.asked(tx, start - reach, start)
            rows = past.interactions(tx, start, end)
        history = History(cases.asks_of(before), reach)
        happened = [world.happened(row) for row in rows]
        clients = world.clients(start, before)
        outcomes = Simulation(rules, start, end, history).run(happened, clients)
        return Rehearsed(start, end, len(rows), tuple(outcomes))


@dataclass(frozen=True)
class _World:
    """Accounts, contacts and terms in memory, and the cases they make."""

    policy: Policy
    ways: Ways
    accounts: Mapping[int, Record]
    contacts: Mapping[int, Record]
    persons: Mapping[int, frozenset[int]]
    terms: Mapping[int, Sequence[Record]]

    def happened(self, row: Record) -> Happened:
        about = cases.about_of(self.policy, row)
        who = self.contacts.get(row["contact_id"])
        name = who["name"] or who["key"] if who else None
        return Happened(row["occurred_at"], self._case(row["account_id"], who, about), name)

    def clients(self, at: datetime, before: Iterable[Record]) -> list[Client]:
        """Everybody the calendar may ask: contacts of accounts that are clients, or of which no term is known."""
        last: defaultdict[int, dict[str, datetime]] = defaultdict(dict)
        for row in before:
            last[row["contact_id"]] |= {each.key: row["at"] for each in self.policy.surveys.programmes
                                        if each.instrument == row["instrument"]}  # fmt: skip
        day = cases.day_of(self.policy, at)
        found = []
        for who in self.contacts.values():
            if self._term(who["account_id"], day) or not self.terms.get(who["account_id"]):
                case = self._case(who["account_id"], who, About(day))
                name, asked = who["name"] or who["key"], last.get(who["contact_id"], {})
                found.append(Client(who["contact_id"], name, case, asked))
        return found

    def _case(self, account_id: int, who: Record | None, about: About) -> Case:
        row, term = self.accounts[account_id], self._term(account_id, about.day)
        known = {name: row[name] for name in ("segment", "plan", "timezone", "owner")}
        known |= {"account": row["key"], "contact": who and who["key"], "person_timezone": who and who["timezone"]}
        known |= {f"term_{name}": term and term[name] for name in ("starts_on", "ends_on")}
        reached = Reached(self.persons[who["contact_id"]] if who else frozenset(), self.ways)
        asked = (accounts.account_of(row), accounts.contact_of(who) if who else None)
        return cases.case_from(self.policy, asked, about, known, reached)

    def _term(self, account_id: int, day: date) -> Record | None:
        terms = self.terms.get(account_id, ())
        place = bisect_right([term["starts_on"] for term in terms], day)
        found = terms[place - 1] if place else None
        return found if found and (found["ends_on"] is None or found["ends_on"] > day) else None


def _read(tx: Tx, policy: Policy, ways: Ways) -> _World:
    people = past.contacts(tx)
    terms: defaultdict[int, list[Record]] = defaultdict(list)
    for row in past.terms(tx):
        terms[row["account_id"]].append(row)
    return _World(
        policy,
        ways,
        {row["account_id"]: row for row in past.accounts(tx)},
        {row["contact_id"]: row for row in people},
        _persons(people),
        terms,
    )


def _persons(people: Sequence[Record]) -> dict[int, frozenset[int]]:
    """The contacts that are one person with each: of the same Slack user or e-mail address, also by way of others."""
    found = {row["contact_id"]: {row["contact_id"]} for row in people}
    first: dict[tuple[str, str], int] = {}
    for row in people:
        for mark in _marks(row):
            joined = found[first.setdefault(mark, row["contact_id"])] | found[row["contact_id"]]
            found |= dict.fromkeys(joined, joined)
    return {contact_id: frozenset(joined) for contact_id, joined in found.items()}


def _marks(row: Record) -> list[tuple[str, str]]:
    marks: list[tuple[str, Any]] = [("user", row["slack_user_id"]), ("email", (row["email"] or "").lower())]
    return [(kind, mark) for kind, mark in marks if mark]

"""The programmes rehearsed on what really happened: read once, decided by the live rules, nothing written."""

import random
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from kpi.errors import KpiError
from kpi.model import Account, Contact, Owner
from kpi.policy import Policy
from kpi.ports import Now
from kpi.services.surveys import cases, simulating
from kpi.services.surveys.cases import About, Reached
from kpi.services.surveys.history import History
from kpi.services.surveys.rules import Case, Rules
from kpi.services.surveys.simulating import Client, Happened, Outcome, Simulation
from kpi.services.surveys.words import Ways
from kpi.store import past
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
        start = end - timedelta(days=days)
        rules = Rules(self.policy.surveys, self.policy.workspace.timezone, random.Random(seed).random)  # noqa: S311
        with self.store.transaction() as tx:
            world = _read(tx, self.policy, self.ways)
            before = past.asked(tx, start - simulating.span_of(rules), start)
            rows = past.interactions(tx, start, end)
        history = History(cases.asks_of(before), simulating.span_of(rules))
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
            term = self._term(who["account_id"], day)
            if term or not self.terms.get(who["account_id"]):
                case = self._case(who["account_id"], who, About(day))
                renews_on = term["ends_on"] if term else None
                found.append(Client(who["contact_id"], who["name"] or who["key"], case, renews_on,
                                    last.get(who["contact_id"], {})))  # fmt: skip
        return found

    def _case(self, account_id: int, who: Record | None, about: About) -> Case:
        row, term = self.accounts[account_id], self._term(account_id, about.day)
        known = {name: row[name] for name in ("segment", "plan", "timezone", "owner")}
        known |= {"account": row["key"], "contact": who and who["key"], "person_timezone": who and who["timezone"]}
        known["term_starts_on"] = term and term["starts_on"]
        reached = Reached(self.persons[who["contact_id"]] if who else frozenset(), self.ways)
        return cases.case_from(self.policy, (_account(row), _contact(who)), about, known, reached)

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


def _account(row: Record) -> Account:
    held_by = Owner(row["owner_id"], row["owner_name"], row["owner_user"]) if row["owner_id"] else None
    return Account(row["account_id"], row["key"], row["name"], row["channel_id"], row["language"], held_by)


def _contact(row: Record | None) -> Contact | None:
    if row is None:
        return None
    wishes = (row["opted_out_at"] is not None, row["asked_less_at"] is not None)
    user = (row["slack_user_id"], row["slack_team_id"])
    return Contact(row["contact_id"], row["account_id"], row["name"], *user, row["language"], *wishes, row["email"])

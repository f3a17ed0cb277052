"""An agency whose people may ask for different things: heads, account managers with a boss, and everybody else."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import event

from kpi.model import Actor, Person
from kpi.policy import AccessPolicy, AskPolicy
from kpi.services.answers import Admission, Answers, Rules
from kpi.services.groups import Groups
from kpi.services.people import People
from kpi.services.reports import Reports
from kpi.store import tables
from kpi.store.store import Record, Store
from tests.builders import Portfolio, at, policy
from tests.fakes import FakeDirectory, FakeNow, RecordingQueue

HOME, HEADS = "T0HOME00", "S0HEADS"
ANNA, BEN, HELEN, OTTO, NORA = (Actor(f"U0{name}", HOME) for name in ("ANNA", "BEN", "HELEN", "OTTO", "NORA"))
"""Anna owns Acme and Initech, and is Ben's boss; Ben owns Globex; Otto owns Umbra; Helen is a head; Nora is nobody."""
CARLA = Actor("U0CARLA", "T0CLIENT")
OWN_AND_HEADS = AskPolicy(members="own", groups={HEADS: "all"})


@dataclass
class Askers:
    """The agency's clients, and the desk at which its people ask by these rules."""

    store: Store
    ask: AskPolicy = OWN_AND_HEADS
    directory: FakeDirectory = field(default_factory=FakeDirectory)
    now: FakeNow = field(default_factory=lambda: FakeNow(at("2026-10-05")))
    queue: RecordingQueue = field(default_factory=RecordingQueue)

    def __post_init__(self) -> None:
        self.portfolio = Portfolio(self.store)
        for who in (ANNA, BEN, HELEN, OTTO, NORA):
            self.directory.people[who.user_id] = Person(who.user_id, HOME, who.user_id.title())
        self.directory.shared = {"C0TEAM": False, "C0ACME": True}
        self.directory.groups = {HEADS: (HELEN.user_id,)}
        anna = self.owner("Anna Arendt", ANNA)
        ben, otto = self.owner("Ben Brandt", BEN, manager_id=anna), self.owner("Otto Olsen", OTTO)
        for name, owner, segment in (
            ("Acme GmbH", anna, "large"),
            ("Initech", anna, "small"),
            ("Globex", ben, "large"),
            ("Umbra", otto, "secret"),
            ("Umbrella Corp", None, "hidden"),
        ):
            account = self.portfolio.account(name, owner_id=owner, segment=segment)
            self.portfolio.term(account, "2024-01-01")
            for score in (5, 5, 5, 4, 1, 2):
                self.portfolio.reply(account, score, at("2026-09-01"), owner_id=owner)
        self._groups = Groups(self.store, self.directory, self.now)

    def owner(self, name: str, who: Actor, **more: Any) -> int:
        values = {"key": name.lower(), "name": name, "slack_user_id": who.user_id, **more}
        return int(self.portfolio.row(tables.owner, **values)["owner_id"])

    @property
    def answers(self) -> Answers:
        people = People(self.store, self.directory, self.now, lambda: HOME)
        rules = Rules(AccessPolicy(ask=self.ask), "de", "<@U0OPS>")
        return Answers(self.store, self.queue, self.now, people, self._groups, rules)

    @property
    def reports(self) -> Reports:
        return Reports(self.store, policy(), self.now)

    def admit(self, who: Actor, channel: str | None = "C0TEAM") -> Admission:
        return self.answers.admit(who, channel)

    def sees(self, who: Actor) -> str:
        """How much somebody may ask about, and by which rule."""
        access = self.admit(who).access
        return f"{'all' if access.team is None else 'own'} by {access.way}"

    def asked(self) -> list[Record]:
        """The list of questions as stored."""
        return self.portfolio.rows(tables.asked)


@dataclass
class Statements:
    """What the database is sent while this is on."""

    store: Store
    said: list[str] = field(default_factory=list)

    def __enter__(self) -> list[str]:
        event.listen(self.store.engine, "before_cursor_execute", self._note)
        event.listen(self.store.engine, "begin", self._begun)
        return self.said

    def __exit__(self, *_: object) -> None:
        event.remove(self.store.engine, "before_cursor_execute", self._note)
        event.remove(self.store.engine, "begin", self._begun)

    def _note(self, *given: Any) -> None:
        self.said.append(given[2].split()[0])

    def _begun(self, _connection: Any) -> None:
        self.said.append("BEGIN")

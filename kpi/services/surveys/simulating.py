"""What the programmes would have asked: the live rules over interactions of the past, on a clock of their own. Pure."""

import heapq
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count

from kpi.policy.surveys import Programme
from kpi.services.surveys import budget, turns
from kpi.services.surveys.budget import Ask
from kpi.services.surveys.history import History
from kpi.services.surveys.moments import right_moment
from kpi.services.surveys.rules import LONGEST_WAIT, Case, Rules
from kpi.services.surveys.turns import Turn

ASKED = "asked"
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Happened:
    """An interaction of the past, as the case it makes."""

    at: datetime
    case: Case
    contact: str | None = None


@dataclass(frozen=True, slots=True)
class Client:
    """A contact who may be asked by the calendar."""

    contact_id: int
    name: str
    case: Case
    last_at: Mapping[str, datetime] = field(default_factory=dict)
    """When each programme last asked them, by its key."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A question that would have been asked at `at`, or why not (`reason`)."""

    at: datetime
    programme: str
    account: str
    contact: str | None
    reason: str | None
    probability: float
    ask: Ask | None = None


@dataclass
class Simulation:
    """One run, from `start` to `end`. `outcomes` grow as it goes."""

    rules: Rules
    start: datetime
    end: datetime
    history: History
    outcomes: list[Outcome] = field(default_factory=list)

    def run(self, happened: Iterable[Happened], clients: Iterable[Client]) -> list[Outcome]:
        """Everything that would have been decided, in the order in which it is."""
        order = count()
        events: list[tuple[datetime, int, object]] = []
        for one in happened:
            heapq.heappush(events, (one.at, next(order), one))
        for programme in (each for each in self.rules.policy.programmes if each.is_relational):
            for calendar in _by_account(programme, clients):
                heapq.heappush(events, (self.start, next(order), calendar))
        while events and events[0][0] < self.end:
            at, _, event = heapq.heappop(events)
            for when, following in self._step(event, at):
                heapq.heappush(events, (when, next(order), following))
        return self.outcomes

    def _step(self, event: object, at: datetime) -> Iterator[tuple[datetime, object]]:
        if isinstance(event, Happened):
            yield from self._follow(event)
        elif isinstance(event, _Planned):
            yield from self._ask(event, at)
        elif isinstance(event, _Calendar):
            yield from self._plan(event, at)

    def _follow(self, event: Happened) -> Iterator[tuple[datetime, object]]:
        asks = self.history.around(event.case, event.at)
        verdict = self.rules.after(event.case, (event.at, event.at), asks)
        programme = verdict.programme
        if programme is None or verdict.reason or verdict.due_at is None:
            key = programme.key if programme else ""
            self._note(event.at, key, event, verdict.reason, verdict.probability)
            return
        ask = event.case.ask(programme, verdict.due_at, is_planned=True)
        self.history.add(ask)
        yield verdict.due_at, _Planned(programme, event.case, event.contact, ask, verdict.probability)

    def _ask(self, plan: "_Planned", at: datetime) -> Iterator[tuple[datetime, object]]:
        self.history.take_back(plan.ask)
        known = budget.binding(self.history.around(plan.case, at))
        reason = self.rules.too_much(plan.programme, plan.case, at, known)
        if reason and plan.programme.is_relational and at - plan.ask.at <= LONGEST_WAIT:
            self.history.add(plan.ask)  # put off a day: its turn stays planned
            yield right_moment(plan.programme, plan.case.calendar, at + DAY), plan
            return
        asked = plan.case.ask(plan.programme, at)
        if reason is None:
            self.history.add(asked)
        told = Outcome(at, plan.programme.key, plan.case.account, plan.contact, reason, plan.probability)
        self.outcomes.append(replace(told, ask=asked) if reason is None else told)

    def _plan(self, calendar: "_Calendar", at: datetime) -> Iterator[tuple[datetime, object]]:
        programme, horizon = calendar.programme, at + turns.HORIZON
        clients = {each.contact_id: each for each in calendar.people if calendar.busy.get(each.contact_id, at) <= at}
        waiting = [Turn(contact_id, each.case, calendar.last.get(contact_id)) for contact_id, each in clients.items()]
        waiting = [each for each in waiting if turns.due_from(programme, self.rules, each, at) < horizon]
        around = {ask for turn in waiting for ask in self.history.around(turn.case, at)}
        for each in turns.drawn(programme, self.rules, waiting, around, at):
            client = clients[each.turn.contact_id]
            calendar.last[client.contact_id] = (
                each.due_at if each.reason is None else turns.passed(programme, self.rules, each.reason, at)
            )
            if each.reason is not None:
                self._note(at, programme.key, Happened(at, client.case, client.name), each.reason, each.probability)
                continue
            calendar.busy[client.contact_id] = each.due_at + programme.expiry
            ask = client.case.ask(programme, each.due_at, is_planned=True)
            self.history.add(ask)
            yield each.due_at, _Planned(programme, client.case, client.name, ask, each.probability)
        yield at + DAY, calendar

    def _note(self, at: datetime, key: str, event: Happened, reason: str | None, probability: float) -> None:
        self.outcomes.append(Outcome(at, key, event.case.account, event.contact, reason, probability))


@dataclass(frozen=True, slots=True)
class _Planned:
    programme: Programme
    case: Case
    contact: str | None
    ask: Ask
    probability: float


@dataclass
class _Calendar:
    """The contacts of one account in one programme: when each was last asked, and until when a question is open."""

    programme: Programme
    people: list[Client]
    last: dict[int, datetime] = field(default_factory=dict)
    busy: dict[int, datetime] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.last = {each.contact_id: at for each in self.people if (at := each.last_at.get(self.programme.key))}


def _by_account(programme: Programme, clients: Iterable[Client]) -> list[_Calendar]:
    found: dict[str, list[Client]] = {}
    for client in clients:
        found.setdefault(client.case.account, []).append(client)
    return [_Calendar(programme, people) for people in found.values()]


@dataclass(frozen=True, slots=True)
class Tally:
    """What it comes to for one account, person or programme."""

    name: str
    asked: int
    suppressed: Mapping[str, int]


def tallies(outcomes: Iterable[Outcome], by: str) -> list[Tally]:
    """Outcomes counted by `account`, `contact` or `programme`, those asked most first."""
    asked: Counter[str] = Counter()
    reasons: dict[str, Counter[str]] = {}
    for each in outcomes:
        name = getattr(each, by) or ""
        asked[name] += each.reason is None
        if each.reason is not None:
            reasons.setdefault(name, Counter())[each.reason] += 1
    found = [Tally(name, number, dict(reasons.get(name, Counter()).most_common())) for name, number in asked.items()]
    return sorted(found, key=lambda tally: (-tally.asked, -sum(tally.suppressed.values()), tally.name))

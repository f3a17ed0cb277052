"""What follows an interaction: a question at an instant, or the reason why none. Pure: the live programme and the
simulation are decided here alike."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from kpi.model import Instrument
from kpi.policy import Calendar, SurveyPolicy
from kpi.policy.surveys import Programme
from kpi.services.surveys import budget
from kpi.services.surveys.budget import Ask
from kpi.services.surveys.moments import right_moment

Chance = Callable[[], float]
"""A draw from [0, 1)."""

ROOM_TO_CANCEL = timedelta(minutes=5)
LONGEST_WAIT = timedelta(days=30)
"""How long a question by the calendar waits for its turn before it is given up."""
PUNCTUAL = timedelta(minutes=15)
"""So much later a question is asked rather than not: yesterday's may have been posted some ticks late."""


@dataclass(frozen=True, slots=True)
class Case:
    """Who might be asked, and all that conditions look at.

    `persons` are the contacts that are the one person asked, none for whoever reads the channel. `places` are those a
    question can reach them in. `facts`: what `Test` looks up by name. `renews_on`: when the account's term ends.
    """

    account_id: int
    account: str
    calendar: Calendar
    facts: Mapping[str, object]
    persons: frozenset[int] = frozenset()
    channel_id: str | None = None
    places: tuple[str, ...] = ()
    opted_out: bool = False
    asked_less: bool = False
    languages: frozenset[Instrument] = field(default_factory=lambda: frozenset(Instrument))
    renews_on: date | None = None

    def ask(self, programme: Programme, at: datetime, *, is_planned: bool = False) -> Ask:
        """The question of a programme at an instant, as the budget sees it."""
        persons = frozenset() if programme.is_anonymous else self.persons
        place = next((each for each in programme.places if each in self.places), None)
        channel_id = self.channel_id if place == "thread" else None
        return Ask(self.account_id, persons, programme.instrument, channel_id, at, is_planned)


@dataclass(frozen=True, slots=True)
class Verdict:
    """A question of `programme` at `due_at`, asked with `probability`; or none, for `reason` (a stored word)."""

    programme: Programme | None
    reason: str | None
    due_at: datetime | None = None
    probability: float = 1.0


@dataclass(frozen=True, slots=True)
class Rules:
    """The programmes, their budget, and the zone of the workspace's days."""

    policy: SurveyPolicy
    zone: ZoneInfo
    chance: Chance

    def after(self, case: Case, happened: tuple[datetime, datetime], asks: Sequence[Ask]) -> Verdict:
        """What follows an interaction; `happened`: when it took place and when we came to know of it."""
        programme, reason = self._fitting(case)
        if programme is None or reason:
            return Verdict(programme, reason)
        occurred_at, known_at = happened
        earliest = max(occurred_at + programme.delay, known_at + min(programme.delay, ROOM_TO_CANCEL))
        if earliest > occurred_at + programme.delay + programme.expiry:
            return Verdict(programme, "too_long_ago")
        due_at = self.moment(programme, case, earliest, asks)
        reason = self.too_much(programme, case, due_at, asks)
        if reason:
            return Verdict(programme, reason, due_at, programme.sample)
        if self.chance() >= programme.sample:
            return Verdict(programme, "not_sampled", due_at, programme.sample)
        return Verdict(programme, None, due_at, programme.sample)

    def withheld(self, programme: Programme, case: Case) -> str | None:
        """Why a programme does not ask these people at all."""
        holds = {
            "switched_off": case.account in programme.off,
            "conditions": not programme.when.holds(case.facts),
            "opted_out": case.opted_out,
            "no_channel": not set(programme.places) & set(case.places),
            "no_wording": programme.instrument not in case.languages,
        }
        return next((reason for reason, applies in holds.items() if applies), None)

    def too_much(self, programme: Programme, case: Case, at: datetime, asks: Sequence[Ask]) -> str | None:
        """The limit of the budget that a question at this instant would break."""
        new = case.ask(programme, at)
        return budget.why_not(self.policy.budget, new, asks, self.zone, asked_less=case.asked_less)

    def moment(self, programme: Programme, case: Case, at: datetime, asks: Sequence[Ask]) -> datetime:
        """The right moment from an instant on; some minutes later where only those are missing to the quiet time."""
        first = right_moment(programme, case.calendar, at)
        new = case.ask(programme, first)
        free = budget.free_from(self.policy.budget, new, asks, asked_less=case.asked_less)
        return right_moment(programme, case.calendar, free) if first < free <= first + PUNCTUAL else first

    def _fitting(self, case: Case) -> tuple[Programme | None, str | None]:
        """The first programme after this kind of interaction that would ask; else the first, with its reason."""
        kind = case.facts.get("kind")
        following = [each for each in self.policy.programmes if kind in each.kinds]
        if not following:
            return None, "kind_not_asked"
        found = [(each, self.withheld(each, case)) for each in following]
        return next((pair for pair in found if pair[1] is None), found[0])

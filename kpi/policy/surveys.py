"""What a workspace has decided about its surveys: who is asked what, when, how often, and in which words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from types import MappingProxyType

from kpi.model import Instrument

THREAD, DIRECT, LINK = "thread", "dm", "link"


@dataclass(frozen=True, slots=True)
class Wording:
    """The texts of one instrument in one language; `version` changes whenever a word or the scale does.

    `labels` names every point of the scale, lowest first, or is empty where only the two ends have names. `reasons`:
    what is asked about a low, middle or high score, where that differs from `comment_prompt`. `series`: answers of
    different ones are not compared.
    """

    version: str
    question: str
    low_label: str
    high_label: str
    thanks: str
    comment_prompt: str
    labels: tuple[str, ...] = ()
    reasons: Mapping[str, str] = field(default_factory=dict)
    series: int = 1

    def reason_for(self, instrument: Instrument, score: int) -> str:
        """What to ask about a score."""
        return self.reasons.get(instrument.band(score), self.comment_prompt)


@dataclass(frozen=True, slots=True)
class Test:
    """One fact of an interaction, its account or its contact, and what it must be: one of `values` (or, negated, none
    of them); of a number of days, within [at_least, at_most]."""

    __test__ = False  # the word is not pytest's here
    field: str
    values: frozenset[str] = frozenset()
    negated: bool = False
    at_least: int | None = None
    at_most: int | None = None

    def holds(self, facts: Mapping[str, object]) -> bool:
        """Whether it is so; what nobody knows is no value and no number."""
        found = facts.get(self.field)
        if self.at_least is not None or self.at_most is not None:
            most = found if self.at_most is None else self.at_most
            return isinstance(found, int) and isinstance(most, int) and (self.at_least or 0) <= found <= most
        said = set(found) if isinstance(found, frozenset | tuple | list) else {found}
        return bool(self.values & said) != self.negated


@dataclass(frozen=True, slots=True)
class Rule:
    """Conditions: all of `all` must hold, and one of `any` where there are some."""

    all: tuple["Rule | Test", ...] = ()
    any: tuple["Rule | Test", ...] = ()

    def holds(self, facts: Mapping[str, object]) -> bool:
        """Whether they do."""
        return all(each.holds(facts) for each in self.all) and (
            not self.any or any(each.holds(facts) for each in self.any)
        )


@dataclass(frozen=True, slots=True)
class Programme:
    """One way of asking.

    With `kinds` it follows interactions, `delay` after them; with `every` it asks each contact by the calendar, and
    also `before_renewal` of their account's term. `sample` is the probability with which a question that may be asked
    is. `reminder` and `link` are counted from the posting. `off`: keys of accounts it leaves alone.
    """

    key: str
    instrument: Instrument
    kinds: tuple[str, ...] = ()
    every: timedelta | None = None
    before_renewal: timedelta | None = None
    when: Rule = Rule()
    sample: float = 1.0
    delay: timedelta = timedelta(hours=3)
    expiry: timedelta = timedelta(days=7)
    reminder: timedelta | None = timedelta(days=3)
    link: timedelta | None = timedelta(days=5)
    never_on: frozenset[int] = frozenset()
    working_hours: bool = True
    places: tuple[str, ...] = (THREAD, DIRECT, LINK)
    tags: tuple[str, ...] = ()
    is_anonymous: bool = False
    off: frozenset[str] = frozenset()

    @property
    def is_relational(self) -> bool:
        """Whether it asks by the calendar rather than after interactions."""
        return self.every is not None


@dataclass(frozen=True, slots=True)
class Budget:
    """How often may be asked, over all programmes. Spans of zero do not limit; so does a number of none.

    `floor`: between any two questions to a person. `between`: the same where their instruments differ. `same`: by
    instrument, between two of it. `account_asks` questions in `account_span` to one account, `channel_asks` a local
    day in one channel. `quiet`: since the last message of a conversation before a question is put into it.
    """

    floor: timedelta = timedelta(hours=24)
    between: timedelta = timedelta(days=14)
    same: Mapping[Instrument, timedelta] = field(
        default_factory=lambda: MappingProxyType(
            {
                Instrument.CSAT: timedelta(days=30),
                Instrument.NPS: timedelta(days=90),
                Instrument.CES: timedelta(days=30),
            }
        )
    )
    account_asks: int | None = 2
    account_span: timedelta = timedelta(days=30)
    channel_asks: int | None = 1
    quiet: timedelta = timedelta(minutes=15)

    def gap(self, one: Instrument, other: Instrument) -> timedelta:
        """How far apart two questions to one person must be."""
        return max(self.floor, self.same.get(one, self.floor) if one == other else self.between)

    @property
    def longest(self) -> timedelta:
        """How far back anything matters."""
        return max(self.floor, self.between, self.account_span, *self.same.values())


@dataclass(frozen=True, slots=True)
class SurveyPolicy:
    """The programmes, in the order in which they are considered, their budget and their words.

    `edit`: how long an answer may be changed by who gave it.
    """

    wordings: Mapping[tuple[Instrument, str], Wording]
    programmes: tuple[Programme, ...] = ()
    budget: Budget = Budget()
    edit: timedelta = timedelta(days=7)

    def programme(self, key: str) -> Programme | None:
        """The programme of this name, if it is still there."""
        return next((each for each in self.programmes if each.key == key), None)

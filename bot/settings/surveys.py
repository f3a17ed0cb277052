"""surveys.yaml: who is asked what, when, how often, and in which words."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import Field

from bot.settings.conditions import Condition, asked_of
from bot.settings.fields import Language, Line, Section, Share, Span, matching
from bot.settings.hours import Days, weekdays
from bot.settings.nodes import Loc
from bot.settings.wordings import WordingSection
from bot.tongues import LANGUAGES
from kpi.model import Instrument
from kpi.policy import SurveyPolicy
from kpi.policy.surveys import DIRECT, LINK, THREAD, Budget, Programme, Rule

Kind = Annotated[str, matching(r"[a-z][a-z0-9_-]{0,39}", "must be one word in small letters, as in meeting")]
Name = Annotated[str, matching(r"[a-z][a-z0-9_]{0,39}", "must be one word in small letters, as in after_contact")]
InstrumentName = Literal["csat", "nps", "ces"]
Place = Literal["thread", "dm", "link"]


def _everywhere() -> list[Place]:
    return ["thread", "dm", "link"]


LONGEST_DELAY = timedelta(days=30)
SHORTEST_EXPIRY = timedelta(hours=1)
SHORTEST_ROUND = timedelta(days=7)
TAGS = tuple(LANGUAGES["en"].tags)


class ProgrammeSection(Section):
    """One way of asking: `after` kinds of interaction, or `every` so often by the calendar."""

    active: bool = True
    instrument: InstrumentName
    after: list[Kind] = Field(default_factory=list)
    every: Span | None = None
    before_renewal: Span | None = None
    when: Condition = Rule()
    sample: Share = Decimal(1)
    delay: Span = timedelta(hours=3)
    expiry: Span = timedelta(days=7)
    reminder: Span = timedelta(days=3)
    link: Span = timedelta(days=5)
    never_on: list[Days] = Field(default_factory=list)
    working_hours: bool = True
    places: Annotated[list[Place], Field(min_length=1)] = Field(default_factory=_everywhere)
    tags: list[str] = Field(default_factory=list)
    anonymous: bool = False
    off_for: list[Line] = Field(default_factory=list)

    def contradictions(self) -> Iterator[tuple[Loc, str]]:
        """What cannot work."""
        if bool(self.after) == bool(self.every):
            yield (), "must say either after which interactions it asks (after: [meeting]), or how often (every: 90d)"
        if self.before_renewal and not self.every:
            yield ("before_renewal",), "belongs to a programme by the calendar; add every"
        if self.every and (about := asked_of(self.when) & {"kind", "tag"}):
            yield ("when",), f"asks for {' and '.join(sorted(about))}, which only an interaction has"
        if self.every and self.every < SHORTEST_ROUND:
            yield ("every",), f"must be at least {SHORTEST_ROUND.days}d"
        if self.delay > LONGEST_DELAY:
            yield ("delay",), f"must not be longer than {LONGEST_DELAY.days} days"
        if self.expiry < SHORTEST_EXPIRY:
            yield ("expiry",), "must be at least 1h, or nobody could answer"
        if self.anonymous and self.places != ["thread"]:
            yield ("anonymous",), "needs places: [thread]; anywhere else somebody is asked by name"
        if len({day for key in self.never_on for day in weekdays(key)}) == len("mtwtfss"):
            yield ("never_on",), "leaves no day to ask on"
        yield from self._twice()

    def _twice(self) -> Iterator[tuple[Loc, str]]:
        for name, words in (("after", self.after), ("tags", self.tags)):
            for index in (index for index, word in enumerate(words) if word in words[:index]):
                yield (name, index), "is listed twice"
        for index in (index for index, tag in enumerate(self.tags) if tag not in TAGS):
            yield ("tags", index), f"is not a tag there are words for; there are {', '.join(TAGS)}"

    def programme(self, key: str) -> Programme:
        """The programme as the rest of the product reads it."""
        return Programme(
            key=key,
            instrument=Instrument(self.instrument),
            kinds=tuple(self.after),
            every=self.every,
            before_renewal=self.before_renewal or None,
            when=self.when,
            sample=float(self.sample),
            delay=self.delay,
            expiry=self.expiry,
            reminder=self.reminder if timedelta(0) < self.reminder < self.expiry else None,
            link=self.link if timedelta(0) < self.link < self.expiry else None,
            never_on=frozenset(day for each in self.never_on for day in weekdays(each)),
            working_hours=self.working_hours,
            places=tuple(place for place in (THREAD, DIRECT, LINK) if place in self.places),
            tags=tuple(self.tags),
            is_anonymous=self.anonymous,
            off=frozenset(self.off_for),
        )


class AccountBudgetSection(Section):
    """How many questions one account gets in how long."""

    asks: Annotated[int, Field(ge=0)]
    within: Span


class BudgetSection(Section):
    """How often may be asked, over all programmes; what is 0 does not limit."""

    floor: Span
    between: Span
    same: dict[InstrumentName, Span]
    account: AccountBudgetSection
    channel_a_day: Annotated[int, Field(ge=0)]
    quiet: Span

    def budget(self) -> Budget:
        """The budget as the rest of the product reads it."""
        return Budget(
            floor=self.floor,
            between=self.between,
            same=MappingProxyType({Instrument(name): length for name, length in self.same.items()}),
            account_asks=self.account.asks or None,
            account_span=self.account.within,
            channel_asks=self.channel_a_day or None,
            quiet=self.quiet,
        )


class SurveysFile(Section):
    """The file as written."""

    programmes: dict[Name, ProgrammeSection]
    budget: BudgetSection
    edit: Span
    wordings: dict[InstrumentName, dict[Language, WordingSection]]

    def contradictions(self) -> Iterator[tuple[Loc, str]]:
        """Programmes that cannot work, a question without words, and what is wrong inside each wording."""
        for key, programme in self.programmes.items():
            if programme.active and not self.wordings.get(programme.instrument):
                yield ("programmes", key, "instrument"), f"has no wordings; add wordings.{programme.instrument}"
            for loc, sentence in programme.contradictions():
                yield ("programmes", key, *loc), sentence
        for name, language, section in self._sections():
            for loc, sentence in section.contradictions(Instrument(name)):
                yield ("wordings", name, language, *loc), sentence
        yield from self._apart()

    def stale_versions(self, shipped: "SurveysFile") -> Iterator[tuple[Loc, str]]:
        """Wordings that ask otherwise than the shipped ones while their version still says so."""
        before = {(name, language): section for name, language, section in shipped._sections()}
        for name, language, section in self._sections():
            known = before.get((name, language), section)
            if section.asked != known.asked and section.version == known.version:
                yield ("wordings", name, language), f"has new words; give it a version other than {section.version}"

    def speaks(self, language: str) -> bool:
        """Whether every instrument has words in this language."""
        return all(language in texts for texts in self.wordings.values())

    def policy(self) -> SurveyPolicy:
        """What the rest of the product reads."""
        wordings = {(Instrument(name), language): each.wording() for name, language, each in self._sections()}
        return SurveyPolicy(
            wordings=MappingProxyType(wordings),
            programmes=tuple(each.programme(key) for key, each in self.programmes.items() if each.active),
            budget=self.budget.budget(),
            edit=self.edit,
        )

    def _apart(self) -> Iterator[tuple[Loc, str]]:
        """Languages of an instrument in another series than the rest: the answers in an earlier one would not count."""
        for name, texts in self.wordings.items():
            newest = max(texts, key=lambda language: texts[language].series, default="")
            behind = ", ".join(language for language in texts if texts[language].series < texts[newest].series)
            if behind:
                sentence = f"must be the same in every language of {name}; {behind} would not count any more"
                yield ("wordings", name, newest, "series"), sentence

    def _sections(self) -> Iterator[tuple[InstrumentName, str, WordingSection]]:
        for name, texts in self.wordings.items():
            for language, section in texts.items():
                yield name, language, section

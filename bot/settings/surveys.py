"""surveys.yaml: who is asked what, when, and in which words."""

from collections.abc import Iterator
from datetime import timedelta
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from bot.settings.fields import Language, Line, Paragraph, Section, Span, matching
from bot.settings.nodes import Loc
from kpi.model import Instrument
from kpi.policy import SurveyPolicy, Wording

Kind = Annotated[str, matching(r"[a-z][a-z0-9_-]{0,39}", "must be one word in small letters, as in meeting")]
Label = Annotated[str, StringConstraints(min_length=1, max_length=60, strip_whitespace=True)]
InstrumentName = Literal["csat", "nps", "ces"]

LONGEST_DELAY = timedelta(days=30)
SHORTEST_EXPIRY = timedelta(hours=1)


class WordingSection(Section):
    """The texts of one instrument in one language. `labels`, one per point, stand in for the two ends."""

    version: Line
    question: Paragraph
    low_label: Label | None = None
    high_label: Label | None = None
    labels: list[Label] = Field(default_factory=list)
    thanks: Paragraph
    comment_prompt: Annotated[str, StringConstraints(min_length=1, max_length=150, strip_whitespace=True)]

    def contradictions(self, instrument: Instrument) -> Iterator[tuple[Loc, str]]:
        """A scale that is named in part."""
        points = len(instrument.scale)
        if self.labels and len(self.labels) != points:
            yield ("labels",), f"has {len(self.labels)} names for the {points} points of {instrument}"
        if not self.labels and not (self.low_label and self.high_label):
            yield (), "must name both ends of the scale with low_label and high_label, or every point with labels"

    def wording(self) -> Wording:
        """The texts as the rest of the product reads them."""
        low, high = (self.labels[0], self.labels[-1]) if self.labels else (self.low_label, self.high_label)
        return Wording(
            version=self.version,
            question=self.question,
            low_label=low or "",
            high_label=high or "",
            thanks=self.thanks,
            comment_prompt=self.comment_prompt,
            labels=tuple(self.labels),
        )


class SurveysFile(Section):
    """The file as written."""

    instrument: InstrumentName
    kinds: Annotated[list[Kind], Field(min_length=1)]
    delay: Span
    floor: Span
    expiry: Span
    wordings: dict[InstrumentName, dict[Language, WordingSection]]

    def contradictions(self) -> Iterator[tuple[Loc, str]]:
        """Times that cannot work, a question without words, and what is wrong inside each wording."""
        if self.delay > LONGEST_DELAY:
            yield ("delay",), f"must not be longer than {LONGEST_DELAY.days} days"
        if self.expiry < SHORTEST_EXPIRY:
            yield ("expiry",), "must be at least 1h, or nobody could answer"
        if not self.wordings.get(self.instrument):
            yield ("instrument",), f"has no wordings; add wordings.{self.instrument}"
        for index in (index for index, kind in enumerate(self.kinds) if kind in self.kinds[:index]):
            yield ("kinds", index), "is listed twice"
        for name, language, section in self._sections():
            for loc, sentence in section.contradictions(Instrument(name)):
                yield ("wordings", name, language, *loc), sentence

    def stale_versions(self, shipped: "SurveysFile") -> Iterator[tuple[Loc, str]]:
        """Wordings whose words are no longer the shipped ones while their version still says so."""
        before = {(name, language): section for name, language, section in shipped._sections()}
        for name, language, section in self._sections():
            known = before.get((name, language), section)
            if section != known and section.version == known.version:
                yield ("wordings", name, language), f"has new words; give it a version other than {section.version}"

    def speaks(self, language: str) -> bool:
        """Whether every instrument has words in this language."""
        return all(language in texts for texts in self.wordings.values())

    def policy(self) -> SurveyPolicy:
        """What the rest of the product reads."""
        wordings = {(Instrument(name), language): each.wording() for name, language, each in self._sections()}
        return SurveyPolicy(
            wordings=MappingProxyType(wordings),
            instrument=Instrument(self.instrument),
            kinds=tuple(self.kinds),
            delay=self.delay,
            floor=self.floor,
            expiry=self.expiry,
        )

    def _sections(self) -> Iterator[tuple[InstrumentName, str, WordingSection]]:
        for name, texts in self.wordings.items():
            for language, section in texts.items():
                yield name, language, section

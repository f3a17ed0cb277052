"""The words of a survey in surveys.yaml: one instrument in one language."""

from collections.abc import Iterator
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from bot.settings.fields import Line, Paragraph, Section
from bot.settings.nodes import Loc
from kpi.model import Instrument
from kpi.policy import Wording

Label = Annotated[str, StringConstraints(min_length=1, max_length=60, strip_whitespace=True)]
Prompt = Annotated[str, StringConstraints(min_length=1, max_length=150, strip_whitespace=True)]
Band = Literal["low", "middle", "high"]


class WordingSection(Section):
    """The texts of one instrument in one language. `labels`, one per point, stand in for the two ends.

    `reasons`: what is asked about a low, middle or high score. A new `series`, in all languages at once, begins where
    answers cannot be compared with those before.
    """

    version: Line
    question: Paragraph
    low_label: Label | None = None
    high_label: Label | None = None
    labels: list[Label] = Field(default_factory=list)
    thanks: Paragraph
    comment_prompt: Prompt
    reasons: dict[Band, Prompt] = Field(default_factory=dict)
    series: Annotated[int, Field(ge=1)] = 1

    def contradictions(self, instrument: Instrument) -> Iterator[tuple[Loc, str]]:
        """A scale that is named in part."""
        points = len(instrument.scale)
        if self.labels and len(self.labels) != points:
            yield ("labels",), f"has {len(self.labels)} names for the {points} points of {instrument}"
        if not self.labels and not (self.low_label and self.high_label):
            yield (), "must name both ends of the scale with low_label and high_label, or every point with labels"

    @property
    def asked(self) -> tuple[object, ...]:
        """What makes a score mean what it does; the words around it do not."""
        return self.question, self.low_label, self.high_label, self.labels, self.series

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
            reasons=MappingProxyType({str(band): prompt for band, prompt in self.reasons.items()}),
            series=self.series,
        )

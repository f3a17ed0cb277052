"""What clients write beside a score: put together from sentences by score, topic and instrument."""

from types import MappingProxyType

from numpy.random import Generator

from kpi.model import Instrument
from kpi.sources.sample import comment_words_de as de
from kpi.sources.sample import comment_words_en as en
from kpi.sources.sample.streams import one_of

OPENINGS = {"en": en.OPENINGS, "de": de.OPENINGS}
TOPICS = {"en": en.TOPICS, "de": de.TOPICS}
CLOSINGS = {"en": en.CLOSINGS, "de": de.CLOSINGS}
_BANDS = MappingProxyType({Instrument.CSAT: (3, 4), Instrument.NPS: (7, 9), Instrument.CES: (4, 5)})
"""The lowest score of the middle and of the upper band."""
_BREAKS = (*[" "] * 24, "\n")


def band(instrument: Instrument, score: int) -> int:
    """0 for a bad score, 1 for a middling one, 2 for a good one."""
    return sum(score >= lowest for lowest in _BANDS[instrument])


def comment(chance: Generator, language: str, rated: tuple[Instrument, int], topic: str) -> str:
    """One to three sentences about a rating: its opening, its reason, its end. Worries are about `topic`, if any."""
    instrument, which = rated[0], band(*rated)
    subjects = TOPICS[language]
    subject = topic if topic and which < 2 else one_of(chance, tuple(subjects))
    opening = one_of(chance, OPENINGS[language][instrument][which])
    reason = one_of(chance, subjects[subject][which])
    closing = one_of(chance, CLOSINGS[language][which])
    shapes = ((opening,), (reason,), (reason,), (opening, reason), (reason, closing), (opening, reason, closing))
    return one_of(chance, _BREAKS).join(one_of(chance, shapes))

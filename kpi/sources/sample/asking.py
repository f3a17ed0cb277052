"""Who is asked what, and when: after interactions, and twice a year for a recommendation."""

from collections.abc import Iterable
from dataclasses import dataclass

from numpy.random import Generator

from kpi.model import Instrument
from kpi.sources.sample import mix
from kpi.sources.sample.accounts import Contact
from kpi.sources.sample.course import Course
from kpi.sources.sample.days import SECONDS
from kpi.sources.sample.interactions import Interaction
from kpi.sources.sample.streams import Purpose

EXPIRY = 7 * SECONDS
_DELAY = 3 * 3600
_NEXT_MORNING, _EVENING = 9 * 3600 + 900, 18 * 3600


@dataclass(frozen=True, slots=True)
class Ask:
    """One survey, posted at an instant of the history; `interaction` is "" for the half-yearly question."""

    at: int
    day: int
    contact: Contact
    instrument: Instrument
    interaction: str = ""


def asks(course: Course, found: Iterable[Interaction]) -> list[Ask]:
    """Every survey in the order of time; nobody is asked about an interaction within CSAT_REST_DAYS of any other."""
    chance = course.stream(Purpose.ASKS)
    wished = sorted([*_recommending(course, chance), *_after(course, found, chance)], key=lambda ask: ask.at)
    rested: dict[str, int] = {}
    made = []
    for ask in wished:
        if ask.instrument is Instrument.NPS or ask.day >= rested.get(ask.contact.key, 0):
            rested[ask.contact.key] = ask.day + mix.CSAT_REST_DAYS
            made.append(ask)
    return made


def _after(course: Course, found: Iterable[Interaction], chance: Generator) -> Iterable[Ask]:
    for interaction in found:
        asked, effort = chance.random(2)
        at, day = interaction.at + _DELAY, interaction.day
        if at > course.days.instant(day, _EVENING):
            day += 1
            at = course.days.instant(day, _NEXT_MORNING)
        if asked < mix.ASKED and course.here(day):
            ces = effort < mix.ASKED_CES and interaction.kind in {"support", "delivery"}
            instrument = Instrument.CES if ces else Instrument.CSAT
            yield Ask(at, day, interaction.contact, instrument, interaction.key)


def _recommending(course: Course, chance: Generator) -> Iterable[Ask]:
    for number, contact in enumerate(course.account.contacts):
        first = int(chance.integers(mix.NPS_EVERY_DAYS))
        for wished in range(first, course.days.plan.days, mix.NPS_EVERY_DAYS):
            day = wished + int(course.days.open[wished:].argmax())
            if course.here(day):
                yield Ask(course.days.instant(day, _NEXT_MORNING + 300 * number), day, contact, Instrument.NPS)

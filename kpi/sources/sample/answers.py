"""Who answers, when, with which score and in which words."""

from bisect import bisect_left
from dataclasses import dataclass
from math import exp

from numpy.random import Generator

from kpi.sources.sample import mix
from kpi.sources.sample.asking import EXPIRY, Ask, asks
from kpi.sources.sample.comments import comment
from kpi.sources.sample.course import Course
from kpi.sources.sample.days import SECONDS
from kpi.sources.sample.interactions import Interaction, interactions
from kpi.sources.sample.rows import Rows, row
from kpi.sources.sample.streams import Purpose

_MEDIAN_DELAY, _DELAY_SIGMA = 4 * 3600, 1.4
_WAKING, _SLEEPING = 7 * 3600, 22 * 3600


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply to an ask, at an instant of the history."""

    at: int
    score: int
    comment: str


def surveys(course: Course) -> Rows:
    """interactions, the surveys after them and the replies to these."""
    chance = course.stream(Purpose.SURVEYS)
    found = interactions(course)
    rows: dict[str, list[str]] = {"interactions": [_logged(course, one) for one in found], "surveys": [], "replies": []}
    for number, ask in enumerate(asks(course, found), 1):
        answer = _answer(course, ask, chance)
        rows["surveys"].append(_posted(course, number, ask, answer))
        if answer:
            rows["replies"].append(_replied(course, number, ask, answer))
    return rows


def satisfaction(course: Course, ask: Ask, noise: float) -> float:
    """How satisfied the contact is, in standard deviations."""
    steady = mix.QUALITY_ON_SCORE * course.account.quality + mix.ACCOUNT_ON_SCORE * course.account.warmth
    personal = mix.CONTACT_ON_SCORE * ask.contact.warmth + mix.NOISE_ON_SCORE * noise
    return steady + personal - float(course.mood.score[ask.day])


def _answer(course: Course, ask: Ask, chance: Generator) -> Answer | None:
    willing, commenting = chance.random(2)
    noise, patience = chance.normal(size=2).tolist()
    warm = satisfaction(course, ask, noise)
    likely = mix.ANSWERING * ask.contact.answering * float(course.mood.answering[ask.day]) * (1 + 0.05 * warm)
    if willing > min(0.9, max(0.02, likely)):
        return None
    at = _awake(course, ask.at + 60 + int(_MEDIAN_DELAY * exp(_DELAY_SIGMA * patience)))
    if at >= min(ask.at + EXPIRY, course.days.end) or not course.here(at // SECONDS):
        return None
    score = ask.instrument.scale[bisect_left(mix.CUTS[ask.instrument], warm)]
    if commenting > mix.COMMENTING:
        return Answer(at, score, "")
    rated = (ask.instrument, score)
    return Answer(at, score, comment(chance, ask.contact.language, rated, course.mood.topic[ask.day]))


def _awake(course: Course, at: int) -> int:
    """The instant, or the morning after it where clients sleep; minutes and seconds stay."""
    day = at // SECONDS
    if day >= course.days.plan.days:
        return at
    local = at - course.days.instant(day, 0)
    if local > _SLEEPING:
        return course.days.instant(day + 1, _WAKING + at % 3600)
    return course.days.instant(day, _WAKING + at % 3600) if local < _WAKING else at


def _logged(course: Course, one: Interaction) -> str:
    account = course.account
    return f"{one.key},{account.key},{one.contact.key},{one.kind},{course.days.text(one.at)},{account.owner}"


def _posted(course: Course, number: int, ask: Ask, answer: Answer | None) -> str:
    days, key = course.days, course.account.key
    state = "answered" if answer else "expired" if ask.at + EXPIRY <= days.end else "posted"
    known = f"S{course.index + 1}-{number},{key},{ask.contact.key},{ask.interaction},{ask.instrument}"
    return f"{known},{days.text(ask.at)},{days.text(ask.at + EXPIRY)},{state}"


def _replied(course: Course, number: int, ask: Ask, answer: Answer) -> str:
    return row(
        f"R{course.index + 1}-{number}",
        f"S{course.index + 1}-{number}",
        course.account.key,
        ask.contact.key,
        ask.interaction,
        ask.instrument,
        answer.score,
        answer.comment,
        course.days.text(answer.at),
    )

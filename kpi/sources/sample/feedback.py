"""What clients ask for beside the surveys, and what became of it."""

import numpy as np
from numpy.random import Generator

from kpi.sources.sample import mix
from kpi.sources.sample.course import Course
from kpi.sources.sample.days import SECONDS
from kpi.sources.sample.feedback_words import DECLINED, PRAISE, WHYS, WISHES
from kpi.sources.sample.rows import Rows, row
from kpi.sources.sample.streams import Purpose, one_of

_MEDIAN_DAYS, _DAYS_SIGMA = 40.0, 0.8
_TRIAGED, _TOLD = 0.94, 0.6


def feedback(course: Course) -> Rows:
    """feedback, in the order of days."""
    chance, days = course.stream(Purpose.FEEDBACK), course.days
    busy = days.talking[course.account.country.code][: days.plan.days] * (course.leaving > 0)
    rate = mix.FEEDBACK_PER_MONTH / mix.DAYS_PER_MONTH * 1.4 * busy * (1 + course.mood.score)
    received = np.arange(days.plan.days).repeat(chance.poisson(rate)).tolist()
    lines = [_line(course, number, day, chance) for number, day in enumerate(received, 1)]
    return {"feedback": lines}


def _line(course: Course, number: int, day: int, chance: Generator) -> str:
    contact = one_of(chance, course.account.contacts)
    at = course.days.instant(day, int(chance.integers(8 * 3600, 18 * 3600)))
    actionable = chance.random() < mix.ACTIONABLE
    text, why_not = _text(contact.language, actionable, chance), one_of(chance, DECLINED)
    triaged, implemented, declined, told = _treated(course, at, actionable, chance)
    known = None if triaged is None else str(actionable).lower()
    instants = (_written(course, one) for one in (at, triaged, implemented, declined))
    cells = (f"F{course.index + 1}-{number}", course.account.key, contact.key, text, known, *instants)
    return row(*cells, why_not if declined else None, _written(course, told))


def _treated(course: Course, at: int, actionable: bool, chance: Generator) -> tuple[int | None, ...]:
    """Triaged, implemented, declined and told, each None where it has not come to that."""
    luck, seen, tells, wait, delay = chance.random(5)
    span = _MEDIAN_DAYS * float(np.exp(_DAYS_SIGMA * chance.normal() - 0.25 * course.account.quality))
    triaged = _later(course, at, 0.5 + 4 * wait) if seen < _TRIAGED else None
    if triaged is None or not actionable:
        return triaged, None, None, None
    done = _later(course, triaged, 1 + span * (0.4 if luck > mix.IMPLEMENTED else 1.0))
    ended = luck < mix.IMPLEMENTED + mix.DECLINED and done is not None
    implemented = done if ended and luck < mix.IMPLEMENTED else None
    declined = done if ended and luck >= mix.IMPLEMENTED else None
    told = _later(course, done, 0.2 + 5 * delay) if done is not None and ended and tells < _TOLD else None
    return triaged, implemented, declined, told


def _later(course: Course, at: int, wait: float) -> int | None:
    """An instant so many days later, on a day our team works; None where that is after the term or the history."""
    day = int((at + wait * SECONDS) // SECONDS)
    while day < course.days.plan.days and not course.days.open[day]:
        day += 1
    if day >= course.leaving[at // SECONDS]:
        return None
    later = course.days.instant(day, 9 * 3600 + int(wait * 7_919) % (8 * 3600))
    return max(later, at + 60)


def _written(course: Course, at: int | None) -> str | None:
    return None if at is None else course.days.text(at)


def _text(language: str, actionable: bool, chance: Generator) -> str:
    if not actionable:
        return one_of(chance, PRAISE[language])
    wish, why = one_of(chance, WISHES[language]), one_of(chance, WHYS[language])
    return wish if chance.random() < 0.3 else f"{wish} {why}"

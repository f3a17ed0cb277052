"""Meetings, calls, reviews: the contacts that are logged and asked about."""

from dataclasses import dataclass

import numpy as np

from kpi.sources.sample.accounts import Contact
from kpi.sources.sample.course import Course
from kpi.sources.sample.days import OPENING
from kpi.sources.sample.streams import Purpose

_KINDS = ("meeting", "call", "review", "delivery", "support")
_WEIGHTS = (0.30, 0.28, 0.07, 0.15, 0.20)
_QUARTERS = 32
_WORKDAYS_PER_MONTH = 20.5


@dataclass(frozen=True, slots=True)
class Interaction:
    """One logged contact with a person at the client, at an instant of the history."""

    key: str
    contact: Contact
    kind: str
    at: int
    day: int


def interactions(course: Course) -> list[Interaction]:
    """In the order of time; on days on which our team works, at a quarter of an hour."""
    account, days, chance = course.account, course.days, course.stream(Purpose.INTERACTIONS)
    span = days.plan.days
    busy = days.talking[account.country.code][:span] * course.pace / account.activity**0.5
    rate = account.segment.meetings / _WORKDAYS_PER_MONTH * busy * np.sqrt(course.mood.talk)
    day = np.arange(span).repeat(chance.poisson(np.where(days.open[:span], rate, 0)))
    second = OPENING + 900 * chance.integers(_QUARTERS, size=len(day))
    at = np.sort(days.instants(day, second)).tolist()
    kind = chance.choice(len(_KINDS), len(day), p=_WEIGHTS).tolist()
    whom = chance.integers(len(account.contacts), size=len(day))
    first = chance.random(len(day)) < 0.35
    contact = np.where(first, 0, whom).tolist()
    return [
        Interaction(f"I{course.index + 1}-{number + 1}", account.contacts[contact[number]], _KINDS[kind[number]], *when)
        for number, when in enumerate(zip(at, day.tolist(), strict=True))
    ]

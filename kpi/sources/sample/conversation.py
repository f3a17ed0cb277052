"""Messages and waits: what clients write, and how long they wait for an answer."""

from itertools import count

import numpy as np

from kpi.sources.sample import mix
from kpi.sources.sample.course import Course, talk_scale
from kpi.sources.sample.days import SECONDS, Ints
from kpi.sources.sample.rows import Rows
from kpi.sources.sample.streams import Purpose

_EARLIEST, _DAYLONG = 7.5 * 3600, 11 * 3600


def conversation(course: Course) -> Rows:
    """episodes, and messages of the same days: never fewer than the episodes need."""
    account, days, chance = course.account, course.days, course.stream(Purpose.TALK)
    span = days.plan.days
    busy = days.talking[account.country.code][:span] * course.pace * course.mood.talk
    rate = mix.EPISODES_PER_DAY * talk_scale(days) * account.segment.talk * busy
    opened = chance.poisson(rate)
    day = np.arange(span).repeat(opened)
    local = _EARLIEST + _DAYLONG * chance.beta(2.3, 2.5, len(day)) + 3600 * account.country.hours_ahead
    second = np.sort(day * SECONDS + local.astype(np.int64)) % SECONDS
    answered = _answered(course, chance, day, second)
    responses = np.bincount(answered[answered >= 0] // SECONDS, minlength=span)
    from_client = opened + chance.poisson(0.8 * opened)
    from_us = responses + chance.poisson(0.7 * responses + 0.2 * rate)
    return {
        "episodes": _episodes(course, days.instants(day, second), answered),
        "messages": _messages(course, from_client, from_us),
    }


def _answered(course: Course, chance: np.random.Generator, day: Ints, second: Ints) -> Ints:
    """When each wait ended; -1 for those that nobody has answered by the end of the term or of the history."""
    median = mix.WAIT_HOURS * np.exp(-mix.QUALITY_ON_WAIT * course.account.quality)
    wait = chance.lognormal(np.log(median * 3600 * course.mood.wait[day]), mix.WAIT_SIGMA)
    found = course.days.worked(day, second, wait)
    lost = (chance.random(len(day)) < mix.UNANSWERED) | (found // SECONDS >= course.leaving[day])
    return np.where(lost, -1, found)


def _episodes(course: Course, opened: Ints, answered: Ints) -> list[str]:
    answers = np.where(answered < 0, opened, answered)
    texts = zip(course.days.written(opened), course.days.written(answers), answered.tolist(), strict=True)
    index, key = course.index + 1, course.account.key
    numbers = count(1)
    return [f"E{index}-{next(numbers)},{key},{at},{answer if known >= 0 else ''}" for at, answer, known in texts]


def _messages(course: Course, from_client: Ints, from_us: Ints) -> list[str]:
    active = np.flatnonzero(from_client + from_us)
    columns = zip(active.tolist(), from_client[active].tolist(), from_us[active].tolist(), strict=True)
    key, texts = course.account.key, course.days.texts
    return [f"{key},{texts[day]},{client},{us}" for day, client, us in columns]

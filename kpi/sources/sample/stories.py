"""Troubles over time, and what they do to everything an account does."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from kpi.sources.sample import mix
from kpi.sources.sample.accounts import Account
from kpi.sources.sample.days import Days, Floats
from kpi.sources.sample.life import Loss, Relation, troubles
from kpi.sources.sample.streams import Purpose, stream


@dataclass(frozen=True, slots=True)
class Story:
    """A trouble that `begins` and either `eases` or ends in a loss; silent losses have no `trouble`."""

    trouble: str
    begins: date
    eases: date | None = None
    loss: Loss | None = None
    ends: date | None = None


@dataclass(frozen=True, eq=False)
class Mood:
    """For each day of the history: factors on `talk`, `usage`, `answering` and `wait`; `score`: fall of satisfaction.

    `topic`: what is on everybody's mind then, or "".
    """

    talk: Floats
    usage: Floats
    answering: Floats
    wait: Floats
    score: Floats
    topic: list[str]


def stories(account: Account, days: Days, relations: Iterable[Relation]) -> list[Story]:
    """The losses, and between them the troubles that pass."""
    chance = stream(days.plan.seed, Purpose.STORIES, account.index)
    found: list[Story] = []
    for relation in relations:
        loss = relation.loss
        if loss:
            found.append(Story(loss.trouble, loss.begins, None, loss, relation.ends))
        begins = max(relation.starts + timedelta(days=30), days.plan.since)
        until = min(relation.ends, days.plan.until)
        quiet = min(until, loss.begins - timedelta(days=14)) if loss else until
        for _ in range(chance.poisson(mix.RECOVERING * max(0, (until - begins).days) / 365.25)):
            start = begins + timedelta(days=int(chance.integers((until - begins).days)))
            eases = start + timedelta(days=int(chance.integers(*mix.RECOVERY_DAYS)))
            kinds, weights = troubles(account.quality)
            kind = kinds[int(chance.choice(len(kinds), p=weights))]
            if eases < quiet or not loss:
                found.append(Story(kind, start, eases))
    return sorted(found, key=lambda story: story.begins)


def mood(told: Iterable[Story], days: Days) -> Mood:
    """All of an account's stories as they bear on each day of the history."""
    number = np.arange(days.plan.days)
    talk, usage, answering, wait = (np.ones(len(number)) for _ in range(4))
    score = np.zeros(len(number))
    topic = [""] * len(number)
    for story in told:
        if story.trouble:
            kind, deep = mix.TROUBLES[story.trouble], _depth(story, days)
            talk *= 1 - kind.talk * deep
            usage *= 1 - kind.usage * deep
            answering *= 1 - kind.answering * deep
            wait *= 1 + (kind.wait - 1) * deep
            score += kind.score * deep
            for day in np.flatnonzero(deep > 0.3).tolist():
                topic[day] = kind.topic
        if story.loss and story.ends:
            noticed = (number >= days.number(story.loss.notice)) & (number < days.number(story.ends))
            talk, usage = (np.where(noticed, mix.AFTER_NOTICE * factor, factor) for factor in (talk, usage))
    return Mood(talk, usage, answering, wait, score, topic)


def _depth(story: Story, days: Days) -> Floats:
    number = np.arange(days.plan.days)
    deep = np.clip((number - days.number(story.begins)) / mix.RAMP_DAYS, 0, 1)
    if story.eases:
        deep = deep * np.clip((days.number(story.eases) - number) / mix.EASING_DAYS, 0, 1)
    if story.ends:
        deep = np.where(number < days.number(story.ends), deep, 0.0)
    return np.asarray(deep)

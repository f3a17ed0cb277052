"""An account's course through the history: what it is, when it is a client, its troubles and its pace."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from kpi.sources.sample import mix
from kpi.sources.sample.accounts import Account, account
from kpi.sources.sample.days import Days, Floats, Ints
from kpi.sources.sample.life import Relation, life
from kpi.sources.sample.stories import Mood, Story, mood, stories
from kpi.sources.sample.streams import Purpose, stream

_WEEK_KEEPS, _WEEK_SIGMA = 0.7, 0.15
_KERNEL = _WEEK_KEEPS ** np.arange(20)
_WEEK_VARIANCE = _WEEK_SIGMA**2 / (1 - _WEEK_KEEPS**2)


@dataclass(frozen=True, eq=False)
class Course:
    """All that the makers of rows need of one account; the arrays have one element for each day of the history.

    `leaving`: the first day on which the account is no longer a client, 0 on days on which it is none;
    `pace`: how busy the account is beside season and trouble: its growth, ups and downs, 0 while it is no client.
    """

    account: Account
    days: Days
    relations: tuple[Relation, ...]
    stories: list[Story]
    mood: Mood
    leaving: Ints
    pace: Floats

    @property
    def index(self) -> int:
        """The account's number."""
        return self.account.index

    def stream(self, purpose: Purpose) -> np.random.Generator:
        """This account's chance for a purpose."""
        return stream(self.days.plan.seed, purpose, self.account.index)

    def here(self, day: int) -> bool:
        """Whether the account is a client on a day of the history."""
        return day < len(self.leaving) and bool(self.leaving[day])


def course(index: int, days: Days) -> Course:
    """The course of the account of this number."""
    one = account(index, days.plan.seed)
    relations = life(one, days.plan)
    told = stories(one, days, relations)
    leaving = _leaving(days, relations)
    return Course(one, days, relations, told, mood(told, days), leaving, _pace(one, days, leaving))


def talk_scale(days: Days) -> float:
    """How much more or less accounts talk so that the density holds for a history of any length.

    In a long history more accounts have left or not yet joined; those that are there make up for it.
    """
    clients_need = mix.DENSITY * np.interp(days.plan.years, *mix.CLIENT_ON_DENSITY)
    talk, events = mix.EVENTS_PER_TALK
    return float(np.interp(clients_need, events, talk))


def _leaving(days: Days, relations: Iterable[Relation]) -> Ints:
    leaving = np.zeros(days.plan.days, dtype=np.int64)
    for relation in relations:
        first, end = days.number(relation.starts), min(days.number(relation.ends), days.plan.days)
        leaving[max(0, first) : end] = end
    return leaving


def _pace(one: Account, days: Days, leaving: Ints) -> Floats:
    chance = stream(days.plan.seed, Purpose.WEATHER, one.index)
    weeks = days.plan.days // 7 + 2
    weather = np.convolve(chance.normal(0, _WEEK_SIGMA, weeks + len(_KERNEL)), _KERNEL)[len(_KERNEL) :]
    weekly = np.exp(weather - _WEEK_VARIANCE / 2).repeat(7)[: days.plan.days]
    there = np.flatnonzero(leaving)
    middle = float(there.mean()) if len(there) else 0.0
    drift = 1 + one.growth * (np.arange(days.plan.days) - middle) / 365.25
    return np.asarray(np.where(leaving > 0, weekly * np.clip(drift, 0.3, 3.0), 0.0) * one.activity)

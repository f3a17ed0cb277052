"""Chance that can be repeated: a stream for each purpose and account, and traits dealt in hands."""

from collections.abc import Sequence
from enum import IntEnum
from functools import lru_cache
from statistics import NormalDist
from typing import TypeVar

import numpy as np
from numpy.random import PCG64, Generator
from numpy.typing import NDArray

from kpi.sources.sample.mix import HAND

Option = TypeVar("Option")
_NORMAL = NormalDist()


class Purpose(IntEnum):
    """What a stream is for. The numbers are part of what the same arguments give: new ones go to the end."""

    ACCOUNT = 1
    TERMS = 2
    STORIES = 3
    WEATHER = 4
    TALK = 5
    USAGE = 6
    INTERACTIONS = 7
    SURVEYS = 8
    OFFERS = 9
    REVENUE = 10
    FEEDBACK = 11
    CONTACTS = 12
    ASKS = 13
    START = 20
    SEGMENT = 21
    COUNTRY = 22
    ACTIVITY = 23
    GROWTH = 24
    MRR = 25
    USING = 26
    QUALITY = 27
    TEAM = 28
    LEAVING = 29
    AGE = 30
    LENGTH = 31


def stream(seed: int, purpose: Purpose, index: int) -> Generator:
    """Random numbers for one purpose of one account: the same whatever else is made."""
    return Generator(PCG64([seed, int(purpose), index]))


def dealt(seed: int, trait: Purpose, index: int) -> float:
    """A number in (0, 1), uniform; of each HAND consecutive indices one lies in each HANDth of the interval.

    Small portfolios are thus as true to the mix as large ones.
    """
    return float(_hand(seed, trait, index // HAND)[index % HAND])


def dealt_normal(seed: int, trait: Purpose, index: int) -> float:
    """The same, as a standard normal number."""
    return _NORMAL.inv_cdf(dealt(seed, trait, index))


def one_of(chance: Generator, options: Sequence[Option]) -> Option:
    """One of the options, each as likely as the others."""
    return options[int(chance.integers(len(options)))]


@lru_cache(maxsize=512)
def _hand(seed: int, trait: Purpose, number: int) -> NDArray[np.float64]:
    chance = stream(seed, trait, number)
    return np.asarray((chance.permutation(HAND) + chance.uniform(0.001, 0.999, HAND)) / HAND)

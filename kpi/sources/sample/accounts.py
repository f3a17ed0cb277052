"""Accounts as they are: size, country, people, temper. What happens to them is elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp
from typing import Protocol, TypeVar

from kpi.sources.sample.mix import (
    ACTIVITY_SIGMA,
    COUNTRIES,
    GROWTH_SIGMA,
    MRR_SIGMA,
    SEGMENTS,
    WITHOUT_USAGE,
    Country,
    Segment,
)
from kpi.sources.sample.names import company, person, slack_id, slug
from kpi.sources.sample.streams import Purpose, dealt, dealt_normal, one_of, stream
from kpi.sources.sample.teams import owner_key, owner_of, quality

_MOST_CONTACTS = 16


@dataclass(frozen=True, slots=True)
class Contact:
    """A person at a client. `answering` is relative to others, `warmth` in deviations of satisfaction."""

    key: str
    name: str
    email: str
    slack_user_id: str
    slack_team_id: str
    language: str
    answering: float
    warmth: float


@dataclass(frozen=True, slots=True)
class Account:
    """A client company. `activity` is relative to others of its segment; `growth` of activity is per year.

    `quality` and `warmth` are in deviations of satisfaction; `mrr` is the monthly revenue it starts with.
    """

    index: int
    key: str
    name: str
    owner: str
    channel_id: str
    segment: Segment
    country: Country
    plan: str
    activity: float
    growth: float
    mrr: int
    uses: bool
    quality: float
    warmth: float
    contacts: tuple[Contact, ...]


def account(index: int, seed: int) -> Account:
    """The account of this number: the same in every portfolio of the seed."""
    segment = _chosen(SEGMENTS, dealt(seed, Purpose.SEGMENT, index))
    country = _chosen(COUNTRIES, dealt(seed, Purpose.COUNTRY, index))
    chance = stream(seed, Purpose.ACCOUNT, index)
    name = company(index, country, seed)
    return Account(
        index=index,
        key=f"A{index + 1:05}",
        name=f"{name} {one_of(chance, country.forms)}",
        owner=owner_key(owner_of(index)),
        channel_id=slack_id("C", index, seed),
        segment=segment,
        country=country,
        plan=one_of(chance, segment.plans),
        activity=_lognormal(dealt_normal(seed, Purpose.ACTIVITY, index), ACTIVITY_SIGMA),
        growth=GROWTH_SIGMA * dealt_normal(seed, Purpose.GROWTH, index),
        mrr=tens(segment.mrr * exp(MRR_SIGMA * dealt_normal(seed, Purpose.MRR, index))),
        uses=dealt(seed, Purpose.USING, index) > WITHOUT_USAGE,
        quality=quality(seed, owner_of(index)),
        warmth=float(chance.normal()),
        contacts=_contacts(index, seed, segment, country, slug(name)),
    )


def tens(amount: float) -> int:
    """An amount of money as people agree on it: in tens, at least 50."""
    return max(50, round(amount / 10) * 10)


def _contacts(index: int, seed: int, segment: Segment, country: Country, domain: str) -> tuple[Contact, ...]:
    chance = stream(seed, Purpose.CONTACTS, index)
    least, most = segment.contacts
    first, count = int(chance.integers(10_000)), int(chance.integers(least, most + 1))
    found = []
    for number in range(count):
        name = person(first + number, country.language)
        found.append(
            Contact(
                key=f"A{index + 1:05}-{number + 1}",
                name=name,
                email=f"{slug(name).replace('-', '.')}@{domain}.example",
                slack_user_id=slack_id("U", index * _MOST_CONTACTS + number, seed),
                slack_team_id=slack_id("T", index, seed),
                language="en" if chance.random() < 0.06 else country.language,
                answering=_lognormal(float(chance.normal()), 0.4),
                warmth=float(chance.normal()),
            )
        )
    return tuple(found)


def _lognormal(normal: float, sigma: float) -> float:
    return exp(sigma * normal - sigma * sigma / 2)


class _Shared(Protocol):
    @property
    def share(self) -> float: ...


Kind = TypeVar("Kind", bound=_Shared)


def _chosen(kinds: Sequence[Kind], card: float) -> Kind:
    for kind in kinds[:-1]:
        card -= kind.share
        if card < 0:
            return kind
    return kinds[-1]

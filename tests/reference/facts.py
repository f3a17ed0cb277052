"""What is known of a portfolio at an instant."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction


@dataclass(frozen=True)
class Account:
    """A client company, with its present owner and segment."""

    key: str
    name: str
    owner: str | None
    segment: str | None
    observed_from: date | None


@dataclass(frozen=True)
class Term:
    """Days of service; no end: it runs, as far as is known."""

    account: str
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True)
class Revenue:
    """`amount` per month where recurring, in all where a project."""

    account: str
    recurring: bool
    starts_on: date
    ends_on: date | None
    amount: Fraction
    currency: str


@dataclass(frozen=True)
class Offer:
    """`won` is None while undecided."""

    account: str
    kind: str
    decided_on: date | None
    won: bool | None


@dataclass(frozen=True)
class Messages:
    """How many each side wrote on a day."""

    account: str
    day: date
    from_client: int
    from_us: int


@dataclass(frozen=True)
class Usage:
    """How much of one thing was used on a day."""

    account: str
    day: date
    value: float


@dataclass(frozen=True)
class Episode:
    """A wait; no answer: none is known."""

    account: str
    opened_at: datetime
    answered_at: datetime | None


@dataclass(frozen=True)
class Interaction:
    """A meeting, a call and the like, on its local day."""

    account: str
    kind: str
    day: date


@dataclass(frozen=True)
class Survey:
    """A question; `outcome` is open, answered or expired; `owner` at send."""

    account: str
    owner: str | None
    posted_at: datetime
    outcome: str


@dataclass(frozen=True)
class Answer:
    """An answer with its edits: the first time, the last score."""

    account: str
    owner: str | None
    respondent: str
    instrument: str
    score: int
    answered_at: datetime


@dataclass(frozen=True)
class Feedback:
    """Something a client asked for."""

    account: str
    received_at: datetime
    actionable: bool
    implemented_at: datetime | None
    declined_at: datetime | None
    with_reason: bool
    told: bool


@dataclass(frozen=True)
class Book:
    """All of it; but the accounts, the surveys and the answers, by account."""

    accounts: Sequence[Account]
    terms: Mapping[str, Sequence[Term]]
    revenue: Mapping[str, Sequence[Revenue]]
    offers: Mapping[str, Sequence[Offer]]
    messages: Mapping[str, Sequence[Messages]]
    usage: Mapping[str, Sequence[Usage]]
    episodes: Mapping[str, Sequence[Episode]]
    interactions: Mapping[str, Sequence[Interaction]]
    feedback: Mapping[str, Sequence[Feedback]]
    surveys: Sequence[Survey]
    answers: Sequence[Answer]

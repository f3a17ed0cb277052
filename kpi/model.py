"""The words of the trade as frozen values: who, what was asked, what a KPI came to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any


class Instrument(StrEnum):
    """A survey's scale: CSAT 1-5, NPS 0-10, CES 1-7."""

    CSAT = "csat"
    NPS = "nps"
    CES = "ces"

    @property
    def scale(self) -> range:
        """The valid scores, lowest first."""
        return {Instrument.CSAT: range(1, 6), Instrument.NPS: range(11), Instrument.CES: range(1, 8)}[self]

    def band(self, score: int) -> str:
        """Where a score lies: low, middle or high (of NPS: detractors, passives, promoters)."""
        middle = {Instrument.CSAT: range(3, 4), Instrument.NPS: range(7, 9), Instrument.CES: range(4, 5)}[self]
        return "middle" if score in middle else "low" if score < middle.start else "high"


class Status(StrEnum):
    """How far a KPI's value can be trusted (KPIS.md, Uncertainty)."""

    FULL = "full"
    INDICATIVE = "indicative"
    INSUFFICIENT = "insufficient"
    UNDEFINED = "undefined"


@dataclass(frozen=True, slots=True)
class Person:
    """A Slack user as last seen. `team_id` is the user's own organisation, never the channel's.

    `locale` is the language Slack is set to, as in de-DE; people of other organisations come without.
    """

    user_id: str
    team_id: str
    name: str = ""
    is_guest: bool = False
    is_bot: bool = False
    is_deleted: bool = False
    timezone: str | None = None
    locale: str | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever did something; `team_id` is their own organisation, not the one the bot is installed in."""

    user_id: str
    team_id: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose facts a KPI covers: the whole workspace, one account, one segment or one owner."""

    kind: str = "workspace"
    name: str | None = None
    id: int | str | None = None


@dataclass(frozen=True, slots=True)
class Interval:
    """A confidence interval in the KPI's unit; `level` is 0.95 unless said otherwise."""

    low: float
    high: float
    method: str
    level: float = 0.95


@dataclass(frozen=True, slots=True)
class Previous:
    """The comparable earlier period; `value` is None where it was undefined or withheld."""

    period: str
    value: float | None
    n: int


@dataclass(frozen=True, slots=True)
class Change:
    """value - previous value, its interval; `beyond_noise`: the interval excludes 0 and both sides are usable."""

    delta: float
    low: float | None
    high: float | None
    beyond_noise: bool


@dataclass(frozen=True, slots=True)
class Target:
    """What the workspace aims for, and whether the value reaches it (None: no value, or one too uncertain to tell)."""

    value: float
    met: bool | None


@dataclass(frozen=True, slots=True)
class PeriodRef:
    """A period as shown to people: first day, first day after, and whether it is over at as_of."""

    key: str
    start: date
    end: date
    complete: bool


CLIENTS = ("client", "clients")
"""What most values count, one and several."""


@dataclass(frozen=True, slots=True)
class KpiValue:
    """One KPI for one scope and period, with everything needed to judge and to replay it (DESIGN §5).

    `value`, interval and amounts are in the KPI's unit: percent 0-100, points, hours, money in major units.
    `value` is None whenever `status` is insufficient or undefined, and `reason` then says why in one sentence.
    `counts` names what n counts, one and several. `deprecated`: it is answered when asked for, and shown nowhere else.
    `series`: of answers, that of the wording they were given to; values of different ones are not compared.
    """

    key: str
    label: str
    unit: str
    period: PeriodRef
    scope: Scope
    value: float | None
    n: int
    accounts: int
    numerator: float | None
    denominator: float | None
    interval: Interval | None
    status: Status
    reason: str | None
    previous: Previous | None
    change: Change | None
    target: Target | None
    formula: str
    definition_version: int
    as_of: datetime
    details: Mapping[str, Any] = field(default_factory=dict)
    exclusions: tuple[str, ...] = ()
    counts: tuple[str, str] = CLIENTS
    deprecated: bool = False
    series: int | None = None


@dataclass(frozen=True, slots=True)
class Owner:
    """An account manager; `slack_user_id` is where notices about their accounts go."""

    id: int
    name: str
    slack_user_id: str | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """A client company, with the channel it shares with us."""

    id: int
    key: str
    name: str
    channel_id: str | None = None
    language: str | None = None
    owner: Owner | None = None

    @property
    def responsible(self) -> str | None:
        """The Slack user who looks after it, as far as one is known."""
        return self.owner.slack_user_id if self.owner else None


@dataclass(frozen=True, slots=True)
class Contact:
    """A person at a client company."""

    id: int
    account_id: int
    name: str
    slack_user_id: str | None = None
    slack_team_id: str | None = None
    language: str | None = None
    opted_out: bool = False
    asked_less: bool = False
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """Something to say once: `dedupe_key` names the occasion, `payload` is what the chat system is given.

    `audience` decides the guard before it is sent: `client` (a survey's words), `person` (one person's eyes only) or
    `internal` (carries numbers: never into a channel shared with another organisation). `responsible` is told when the
    message fails for good or nobody can say whether it arrived.
    """

    kind: str
    audience: str
    channel_id: str
    payload: Mapping[str, Any]
    dedupe_key: str
    method: str = "chat.postMessage"
    thread_ts: str | None = None
    user_id: str | None = None
    survey_id: int | None = None
    responsible: str | None = None

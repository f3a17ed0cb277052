"""What is told of asking: counts, rates, and the people and accounts behind what is missing."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from kpi.model import PeriodRef, Scope
from kpi.services.surveys.rates import Rate


@dataclass(frozen=True, slots=True)
class Tally:
    """How many questions came to what. `suppressed` by what people read as the reason; `skipped`: by hand."""

    scheduled: int = 0
    on_its_way: int = 0
    answered: int = 0
    declined: int = 0
    expired: int = 0
    open: int = 0
    failed: int = 0
    cancelled: int = 0
    skipped: int = 0
    suppressed: Mapping[str, int] = field(default_factory=dict)

    @property
    def delivered(self) -> int:
        """Those that reached somebody."""
        return self.answered + self.declined + self.expired + self.open

    @property
    def asked(self) -> int:
        """Those whose message was to go."""
        return self.delivered + self.failed + self.on_its_way

    def document(self) -> dict[str, Any]:
        """It as JSON."""
        counted = {each.name: getattr(self, each.name) for each in fields(self)}
        return {"asked": self.asked, "delivered": self.delivered, **counted}


@dataclass(frozen=True, slots=True)
class Line:
    """What became of one account's, programme's or owner's questions; nameless: of those without any."""

    name: str | None
    tally: Tally
    rate: Rate

    def document(self) -> dict[str, Any]:
        """It as JSON."""
        interval = self.rate.interval
        span = interval and {"low": interval.low, "high": interval.high, "level": interval.level}
        rate = {"value": self.rate.value, "n": self.rate.n, "interval": span, "reason": self.rate.reason}
        return {"name": self.name, **self.tally.document(), "response_rate": rate}


@dataclass(frozen=True, slots=True)
class Silent:
    """An account of which nobody answered the `asked` questions that ran out in the last half year.

    `since` is the first one left unanswered after `last_answered_at`, None where nobody ever answered.
    """

    account: str
    asked: int
    since: datetime
    last_answered_at: datetime | None
    mrr: float | None = None


@dataclass(frozen=True, slots=True)
class Wished:
    """Somebody who wants fewer questions, or none at all."""

    account: str
    contact: str
    no_more: bool
    since: datetime


@dataclass(frozen=True, slots=True)
class Unmapped:
    """Somebody whose answers wait until one of our people says who they are."""

    account: str
    name: str
    answers: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Bounds:
    """A score, and what it would be had everybody who kept silent been dissatisfied, or satisfied."""

    kpi: str
    label: str
    unit: str
    value: float
    n: int
    silent: int
    worst: float
    best: float


@dataclass(frozen=True, slots=True)
class Coverage:
    """How asking went in a period, in all and by `by`, the worst response rate first."""

    period: PeriodRef
    scope: Scope
    by: str
    as_of: datetime
    whole: Line
    lines: tuple[Line, ...]
    silent: tuple[Silent, ...]
    wishes: tuple[Wished, ...]
    strangers: tuple[Unmapped, ...]
    bounds: tuple[Bounds, ...] = ()

    def document(self) -> dict[str, Any]:
        """It as JSON."""
        period = {name: getattr(self.period, name) for name in ("key", "complete")}
        days = {"start": self.period.start.isoformat(), "end": self.period.end.isoformat()}
        lists = {name: [_plain(each) for each in getattr(self, name)] for name in ("silent", "wishes", "strangers")}
        return {
            "period": {**period, **days},
            "scope": {"kind": self.scope.kind, "name": self.scope.name},
            "by": self.by,
            "as_of": self.as_of.isoformat(),
            "whole": self.whole.document(),
            "lines": [line.document() for line in self.lines],
            **lists,
            "bounds": [_plain(each) for each in self.bounds],
        }


def _plain(part: Any) -> dict[str, Any]:
    found = {each.name: getattr(part, each.name) for each in fields(part)}
    return {name: each.isoformat() if isinstance(each, datetime) else each for name, each in found.items()}

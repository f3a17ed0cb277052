"""Whether one more question would be too much: for a person, their account, or the channel. Pure.

The same rules judge what was asked, what is planned and what is only simulated.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from kpi.model import Instrument
from kpi.periods import local_day
from kpi.policy.surveys import Budget

NPS_FIRST = "nps_first"
LESS_FACTOR = 2
"""How many times longer is waited between two questions to somebody who asked for less."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A question at an instant: asked, on its way, or (`is_planned`) still to come.

    `persons` are the contacts, at any account, that are the person asked; none: whoever in the account's channel reads
    it, so that it counts for everybody there.
    """

    account_id: int
    persons: frozenset[int]
    instrument: Instrument
    channel_id: str | None
    at: datetime
    is_planned: bool = False

    def concerns(self, other: "Ask") -> bool:
        """Whether somebody would read both."""
        nameless = not (self.persons and other.persons)
        return bool(self.persons & other.persons) or (nameless and self.account_id == other.account_id)


def reach(budget: Budget) -> timedelta:
    """How far around an instant a question may matter, also to somebody who asked for less."""
    return budget.longest * LESS_FACTOR


def why_not(budget: Budget, new: Ask, others: Iterable[Ask], zone: ZoneInfo, *, asked_less: bool = False) -> str | None:
    """The first limit that `new` would break, as a stored reason; None when it may be asked.

    A planned NPS keeps others away from its time; what else is planned does not keep an NPS away.
    """
    relational = new.instrument is Instrument.NPS
    known = [ask for ask in others if not (ask.is_planned and relational and ask.instrument is not Instrument.NPS)]
    return (
        too_soon(budget, new, known, LESS_FACTOR if asked_less else 1)
        or _account_is_full(budget, new, known)
        or _channel_is_full(budget, new, known, zone)
    )


def binding(asks: Iterable[Ask]) -> list[Ask]:
    """What holds against a question that is due now: what was asked, and a planned NPS; other plans give way."""
    return [ask for ask in asks if not ask.is_planned or ask.instrument is Instrument.NPS]


def too_soon(budget: Budget, new: Ask, others: Sequence[Ask], factor: int = 1) -> str | None:
    """The limit of the person asked that `new` would break; `factor` stretches all of them."""
    for ask in others:
        apart = abs(new.at - ask.at)
        if not ask.concerns(new) or apart >= budget.gap(new.instrument, ask.instrument) * factor:
            continue
        if ask.is_planned and ask.instrument is Instrument.NPS and new.instrument is not Instrument.NPS:
            return NPS_FIRST
        if apart < budget.floor * factor:
            return "asked_recently"
        return "asked_same" if ask.instrument is new.instrument else "asked_other"
    return None


def free_from(budget: Budget, new: Ask, others: Iterable[Ask], *, asked_less: bool = False) -> datetime:
    """From when on the person may be asked again after what they were asked before."""
    factor = LESS_FACTOR if asked_less else 1
    near = [ask for ask in others if ask.concerns(new) and ask.at <= new.at]
    return max((ask.at + budget.gap(new.instrument, ask.instrument) * factor for ask in near), default=new.at)


def _account_is_full(budget: Budget, new: Ask, others: Sequence[Ask]) -> str | None:
    if budget.account_asks is None or not budget.account_span:
        return None
    near = [ask for ask in others if ask.account_id == new.account_id and abs(ask.at - new.at) < budget.account_span]
    if _most(new.at, [ask.at for ask in near], budget.account_span) < budget.account_asks:
        return None
    kept = new.instrument is not Instrument.NPS and any(ask.is_planned and _is_nps(ask) for ask in near)
    return NPS_FIRST if kept else "account_budget"


def _most(at: datetime, others: Sequence[datetime], span: timedelta) -> int:
    """The most others in any window [start, start + span) that holds `at`."""
    starts = [start for start in (at, *others) if start <= at < start + span]
    return max(sum(start <= other < start + span for other in others) for start in starts)


def _channel_is_full(budget: Budget, new: Ask, others: Sequence[Ask], zone: ZoneInfo) -> str | None:
    if budget.channel_asks is None or new.channel_id is None:
        return None
    day = local_day(new.at, zone)
    same = sum(ask.channel_id == new.channel_id and local_day(ask.at, zone) == day for ask in others)
    return "channel_budget" if same >= budget.channel_asks else None


def _is_nps(ask: Ask) -> bool:
    return ask.instrument is Instrument.NPS

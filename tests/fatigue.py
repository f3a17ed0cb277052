"""Every way in which questions can be too many, found the plain way: by looking at all pairs and all windows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations
from zoneinfo import ZoneInfo

from kpi.model import Instrument
from kpi.policy.surveys import Budget


@dataclass(frozen=True)
class Asked:
    """A question that reached somebody; no `person`: everybody of the account."""

    account: int
    person: int | None
    instrument: Instrument
    channel: str | None
    at: datetime


def violations(budget: Budget, asked: Iterable[Asked], zone: ZoneInfo) -> list[str]:
    """What was asked too soon or too often, in words; empty when nothing was."""
    ordered = sorted(asked, key=lambda each: each.at)
    return [*_pairs(budget, ordered), *_windows(budget, ordered), *_days(budget, ordered, zone)]


def _pairs(budget: Budget, ordered: Sequence[Asked]) -> Iterable[str]:
    for one, other in combinations(ordered, 2):
        nameless = one.account == other.account and None in (one.person, other.person)
        if not nameless and (one.person is None or one.person != other.person):
            continue
        same = one.instrument == other.instrument
        least = budget.same.get(one.instrument, timedelta(0)) if same else budget.between
        if other.at - one.at < max(least, budget.floor):
            yield f"{one} and {other} are {other.at - one.at} apart"


def _windows(budget: Budget, ordered: Sequence[Asked]) -> Iterable[str]:
    if budget.account_asks is None:
        return
    for first in ordered:
        within = [each for each in ordered if each.account == first.account
                  and first.at <= each.at < first.at + budget.account_span]  # fmt: skip
        if len(within) > budget.account_asks:
            yield f"{len(within)} questions to account {first.account} from {first.at} on"


def _days(budget: Budget, ordered: Sequence[Asked], zone: ZoneInfo) -> Iterable[str]:
    if budget.channel_asks is None:
        return
    days = [(each.channel, each.at.astimezone(zone).date()) for each in ordered if each.channel]
    for day in sorted(set(days)):
        if days.count(day) > budget.channel_asks:
            yield f"{days.count(day)} questions in {day[0]} on {day[1]}"

"""Communication frequency: on how many days a month we and a client speak."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from kpi.metrics.durations import estimate
from kpi.metrics.listing import Listing, ranked
from kpi.metrics.measure import Measure, of_accounts
from kpi.metrics.tabled import Tabled
from kpi.metrics.touch import active_days, touch_days
from kpi.model import Interval
from kpi.stats.rates import garwood, overdispersion

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    import pandas as pd

    from kpi.facts import Facts
    from kpi.periods import Period

MONTH_DAYS = 30


class Talk(NamedTuple):
    """Of every account: days on which it was active, touch days, and the messages of either side."""

    active: Mapping[int, int]
    touched: Mapping[int, int]
    theirs: Mapping[int, int]
    ours: Mapping[int, int]


def communication_frequency(facts: Facts, period: Period) -> Measure[Any]:
    """30 · touch days/days on which accounts were active, over all of them in the period.

    Exact Poisson interval on both divided by φ, how much more accounts differ than chance lets them. Details:
    client_share, the clients' messages of all in percent.
    """
    return FREQUENCY(facts, period)


def _talk(facts: Facts, period: Period) -> Talk:
    start, end = period.start, period.effective_end(facts.today)
    written = _messages(facts, start, end)
    counts = active_days(facts, start, end), touch_days(facts, start, end), written["from_client"], written["from_us"]
    return Talk(*(dict(zip(count.index.tolist(), count.tolist(), strict=True)) for count in counts))


def _frequency(talk: Talk, accounts: Iterable[int]) -> Measure[Any]:
    asked = sorted(accounts)
    days_of = {
        account: (talk.touched.get(account, 0), talk.active[account]) for account in asked if account in talk.active
    }
    touches, exposure = [count for count, _ in days_of.values()], [days for _, days in days_of.values()]
    days, count, n = sum(exposure), sum(touches), len(days_of)
    value = MONTH_DAYS * count / days if n else None
    interval = _interval(touches, exposure) if n else None
    return of_accounts(
        value,
        interval,
        n,
        numerator=count,
        denominator=days,
        reason=None if n else "No account was active in this period.",
        basis=estimate(value, interval),
        details={"client_share": _client_share(talk, asked)},
        listing=lambda _: (_listing(days_of),),
    )


def _interval(touches: list[int], exposure: list[int]) -> Interval:
    spread = overdispersion(touches, exposure)
    low, high = garwood(sum(touches) / spread, sum(exposure) / spread)
    return Interval(MONTH_DAYS * low, MONTH_DAYS * high, "garwood")


def _messages(facts: Facts, start: date, end: date) -> pd.DataFrame:
    """Those of the days `[start, end)`, by account."""
    days = facts.messages["day"]
    inside = facts.messages[(days >= start.toordinal()) & (days < end.toordinal())]
    return inside.groupby("account_id")[["from_client", "from_us"]].sum()


def _client_share(talk: Talk, accounts: Iterable[int]) -> float | None:
    theirs, ours = (sum(side.get(account, 0) for account in accounts) for side in (talk.theirs, talk.ours))
    return 100 * theirs / (ours + theirs) if ours + theirs else None


def _listing(days_of: Mapping[int, tuple[int, int]]) -> Listing:
    """The accounts we speak with least first."""
    rates = {account: MONTH_DAYS * count / days for account, (count, days) in days_of.items()}
    figures = {account: (rates[account], *days_of[account]) for account in sorted(rates, key=lambda one: rates[one])}
    columns = (("frequency", "per 30 days"), ("touch_days", "count"), ("active_days", "count"))
    return ranked("accounts", figures, *columns)


FREQUENCY = Tabled(_talk, _frequency)

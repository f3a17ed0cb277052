"""Engagement score: how lively the talk with clients is, on the scale of the last half-year's liveliest."""

from __future__ import annotations

from datetime import date, timedelta
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple

from kpi.metrics.churn import nobody
from kpi.metrics.durations import estimate, median_interval
from kpi.metrics.listing import Listing, ranked
from kpi.metrics.measure import Measure, of_accounts
from kpi.metrics.population import clients, last_day
from kpi.metrics.tabled import Tabled
from kpi.stats.percentiles import percentile
from kpi.stats.survival import kaplan_meier

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd

    from kpi.facts import Facts
    from kpi.periods import Period

WINDOW_DAYS, HALF_LIFE_DAYS = 90, 30
INTERACTION, MEETING, CLIENT_MESSAGES, ANSWER, USAGE = 5, 10, 1, 5, 1
LIVELY, MOST = 90, 100
LOOKBACK_DAYS = 184 + WINDOW_DAYS
"""From a day back to the first one its scale is made of."""


class Liveliness(NamedTuple):
    """The points of every account of the workspace active on the `last` day, and what is worth a score of 100."""

    points: Mapping[int, float]
    scale: float
    last: date


def engagement_score(facts: Facts, period: Period) -> Measure[Any]:
    """The median over the scope's accounts active on the last day of min(100, 100 · own points/scale).

    Points: Σ weight · count · 0.5^(age/30) over the 90 days up to the last day. Scale: the 90th percentile (R type 7)
    of the same points of all accounts of the workspace at the end of the last calendar half-year that is over;
    where that is nothing, today's; where that is nothing too, every score is 0. Needs facts of the whole workspace.
    """
    return SCORE(facts, period)


def _liveliness(facts: Facts, period: Period) -> Liveliness:
    last = last_day(period, facts.today)
    own = points(facts, last)
    return Liveliness(own, _scale(points(facts, _half_year_end(last + timedelta(days=1)))) or _scale(own), last)


def _score(live: Liveliness, accounts: Iterable[int]) -> Measure[Any]:
    own, scale, _ = live
    active = [account for account in accounts if account in own]
    scores = [min(float(MOST), MOST * own[account] / scale) if scale else 0.0 for account in active]
    n = len(scores)
    value = median(scores) if n else None
    interval = median_interval(kaplan_meier(scores, [True] * n)) if n else None
    return of_accounts(
        value,
        interval,
        n,
        numerator=None,
        denominator=n,
        reason=None if n else nobody(live.last),
        basis=estimate(value, interval),
        details={"scale_points": scale},
        listing=lambda _: (_listing(dict(zip(active, scores, strict=True)), own),),
    )


def _listing(scores: Mapping[int, float], own: Mapping[int, float]) -> Listing:
    """The quietest accounts first."""
    quietest_first = sorted(scores, key=lambda account: own[account])
    figures = {account: (scores[account], own[account]) for account in quietest_first}
    return ranked("accounts", figures, ("score", "score"), ("points", "number"))


def points(facts: Facts, last: date) -> dict[int, float]:
    """The points of every account active on `last`, those without any included."""
    import pandas as pd

    parts = pd.concat([_weighed(facts, last), _recent(_answered(facts), last)])
    parts = parts.sort_values(["account_id", "day", "weight"])
    age = last.toordinal() - parts["day"]
    sums = (parts["weight"] * 0.5 ** (age / HALF_LIFE_DAYS)).groupby(parts["account_id"]).sum().to_dict()
    return {account: float(sums.get(account, 0.0)) for account, one in clients(facts).items() if one.active_on(last)}


def _recent(frame: pd.DataFrame, last: date) -> pd.DataFrame:
    """The rows of the 90 days up to the last one."""
    age = last.toordinal() - frame["day"].to_numpy()
    return frame.take(((age >= 0) & (age < WINDOW_DAYS)).nonzero()[0])


def _weighed(facts: Facts, last: date) -> pd.DataFrame:
    """What counts on which recent day: account_id, day, weight."""
    import pandas as pd

    logged, messages, used = (_recent(frame, last) for frame in (facts.interactions, facts.messages, facts.usage))
    written = messages[messages["from_client"] > 0]
    weights = (
        (logged, INTERACTION * (logged["total"] - logged["meetings"]) + MEETING * logged["meetings"]),
        (written, CLIENT_MESSAGES),
        (used, USAGE),
    )
    return pd.concat([frame[["account_id", "day"]].assign(weight=weight) for frame, weight in weights])


def _answered(facts: Facts) -> pd.DataFrame:
    import pandas as pd

    at = facts.answers["answered_at"].dt.tz_convert(facts.zone)
    days = [day.toordinal() for day in at.dt.date]
    return pd.DataFrame({"account_id": facts.answers["account_id"].to_numpy(), "day": days, "weight": ANSWER})


def _half_year_end(end: date) -> date:
    """The last day of the last calendar half-year that ends on or before `end`, a first day not looked at."""
    return date(end.year, 7 if end.month >= 7 else 1, 1) - timedelta(days=1)


def _scale(found: dict[int, float]) -> float:
    return percentile(list(found.values()), LIVELY) if found else 0.0


SCORE = Tabled(_liveliness, _score)

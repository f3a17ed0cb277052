"""Feedback implementation: how much of what clients asked for was done, and how soon."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from kpi.metrics.answers import sample, within
from kpi.metrics.shares import clustered_share
from kpi.periods import bounds
from kpi.stats.proportions import Bounds, Share, newcombe
from kpi.stats.survival import kaplan_meier

if TYPE_CHECKING:
    import pandas as pd

    from kpi.facts import Facts
    from kpi.metrics.measure import Measure
    from kpi.periods import Period
    from kpi.stats.survival import Curve

FOLLOW_UP = timedelta(days=90)
DAY_US = 24 * 60 * 60 * 1_000_000


class Followed(NamedTuple):
    """The share implemented, and whether all of it could be followed for 90 days."""

    share: Share
    long_enough: bool


def feedback_implementation(facts: Facts, period: Period) -> Measure[Any]:
    """100 · implemented by as_of/actionable, of the feedback received in the period.

    Details: closure (implemented, or declined with a reason), told_client and within_90_days in percent, and the
    median of the whole days until it was done; what is open counts up to as_of, what was declined up to then.
    """
    asked = within(facts, period, facts.feedback, "received_at")
    done = asked["implemented_at"].notna()
    found: Measure[Any] = clustered_share(
        sample(asked, done.astype(int)), "No actionable feedback came in in this period."
    )
    followed = bounds(period, facts.zone)[1] + FOLLOW_UP <= facts.as_of
    return replace(found, basis=Followed(found.basis, followed), details=_details(asked, facts))


def change(now: Measure[Followed], before: Measure[Followed]) -> Bounds | None:
    """Newcombe's interval in points; None until both cohorts have been followed for 90 days."""
    if not (now.basis.long_enough and before.basis.long_enough):
        return None
    low, high = newcombe(now.basis.share, before.basis.share)
    return Bounds(100 * low, 100 * high)


def _details(asked: pd.DataFrame, facts: Facts) -> dict[str, float | None]:
    n = len(asked)
    if not n:
        return {"closure": None, "told_client": None, "within_90_days": None, "median_days": None}
    declined = asked["declined_at"].notna()
    closed = asked["implemented_at"].notna() | (declined & asked["with_reason"])
    curve = _until_done(asked, facts)
    return {
        "closure": 100 * int(closed.sum()) / n,
        "told_client": 100 * int(asked["client_told_at"].notna().sum()) / n,
        "within_90_days": 100 * (1 - curve.at(FOLLOW_UP.days)),
        "median_days": curve.quantile(0.5),
    }


def _until_done(asked: pd.DataFrame, facts: Facts) -> Curve:
    """Kaplan–Meier over whole days of 24 elapsed hours, rounded down."""
    ended = asked["implemented_at"].fillna(asked["declined_at"]).fillna(facts.as_of)
    waited = (ended - asked["received_at"]).astype("timedelta64[us]").astype("int64") // DAY_US
    return kaplan_meier(waited.to_numpy(), asked["implemented_at"].notna().to_numpy())

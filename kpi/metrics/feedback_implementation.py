"""Feedback implementation: how much of what clients asked for was done, and how soon."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from kpi.metrics.answers import microseconds, sample, within
from kpi.metrics.listing import Listing, tallied
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
NEVER = -(2**63)


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
    done = sample(asked, (_instants(asked, "implemented_at") > NEVER).astype(int))
    found: Measure[Any] = clustered_share(done, "No actionable feedback was received in this period.")
    followed = bounds(period, facts.zone)[1] + FOLLOW_UP <= facts.as_of
    details = _details(asked, facts.as_of)
    return replace(found, basis=Followed(found.basis, followed), details=details, listing=lambda _: (_listing(asked),))


def change(now: Measure[Followed], before: Measure[Followed]) -> Bounds | None:
    """Newcombe's interval in points; None until both cohorts have been followed for 90 days."""
    if not (now.basis.long_enough and before.basis.long_enough):
        return None
    low, high = newcombe(now.basis.share, before.basis.share)
    return Bounds(100 * low, 100 * high)


def _details(asked: pd.DataFrame, as_of: datetime) -> dict[str, float | None]:
    n = len(asked)
    if not n:
        return {"closure": None, "told_client": None, "within_90_days": None, "median_days": None}
    done, declined = _instants(asked, "implemented_at") > NEVER, _instants(asked, "declined_at") > NEVER
    closed = done | (declined & asked["with_reason"].to_numpy())
    curve = _until_done(asked, as_of)
    return {
        "closure": 100 * int(closed.sum()) / n,
        "told_client": 100 * int((_instants(asked, "client_told_at") > NEVER).sum()) / n,
        "within_90_days": 100 * (1 - curve.at(FOLLOW_UP.days)),
        "median_days": curve.quantile(0.5),
    }


def _listing(asked: pd.DataFrame) -> Listing:
    """What became of each account's feedback so far."""
    ended = zip(asked["implemented_at"].notna(), asked["declined_at"].notna(), strict=True)
    fates = ["implemented" if done else "declined" if declined else "open" for done, declined in ended]
    return tallied("feedback", zip(asked["account_id"].tolist(), fates, strict=True), 1)


def _until_done(asked: pd.DataFrame, as_of: datetime) -> Curve:
    """Kaplan–Meier over whole days of 24 elapsed hours, rounded down."""
    import numpy as np

    done, declined = _instants(asked, "implemented_at"), _instants(asked, "declined_at")
    ended = np.where(done > NEVER, done, np.where(declined > NEVER, declined, microseconds(as_of)))
    return kaplan_meier((ended - _instants(asked, "received_at")) // DAY_US, done > NEVER)


def _instants(asked: pd.DataFrame, column: str) -> Any:
    """In microseconds; NEVER where there is none."""
    return asked[column].astype("int64").to_numpy()

"""Upsell success: how many of the decided offers were won."""

from kpi.facts import Facts
from kpi.metrics.answers import sample
from kpi.metrics.listing import tallied
from kpi.metrics.measure import Measure
from kpi.metrics.offers import decided
from kpi.metrics.shares import clustered_share
from kpi.periods import Period
from kpi.stats.proportions import Share


def upsell_success(facts: Facts, period: Period) -> Measure[Share]:
    """100 · won/(won + lost) of the upsell and cross-sell offers decided in the period; open ones are not counted."""
    offers = decided(facts, period)
    won = sample(offers, offers["won"].astype(int))
    fates = ["won" if won else "lost" for won in offers["won"]]
    return clustered_share(
        won,
        "No upsell or cross-sell offer was decided in this period.",
        listing=lambda _: (tallied("offers", zip(offers["account_id"].tolist(), fates, strict=True), 1),),
    )

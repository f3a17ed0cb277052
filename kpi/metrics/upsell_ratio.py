"""Upsell ratio: how many clients bought more."""

from kpi.facts import Facts
from kpi.metrics.churn import nobody
from kpi.metrics.listing import named
from kpi.metrics.measure import Measure
from kpi.metrics.offers import decided
from kpi.metrics.population import clients
from kpi.metrics.shares import account_share
from kpi.periods import Period
from kpi.stats.proportions import Share


def upsell_ratio(facts: Facts, period: Period) -> Measure[Share]:
    """100 · accounts active at start with an offer of more won in the period/accounts active at start."""
    base = {account for account, client in clients(facts).items() if client.active_on(period.start)}
    offers = decided(facts, period)
    bought = base & set(offers.loc[offers["won"], "account_id"].tolist())
    return account_share(
        len(bought),
        len(base),
        nobody(period.start),
        listing=lambda _: (named("bought_more", bought), named("bought_nothing_more", base - bought)),
    )

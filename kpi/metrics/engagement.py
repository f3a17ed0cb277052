"""Engagement: how many clients we are really in touch with."""

from kpi.facts import Facts
from kpi.metrics.churn import nobody
from kpi.metrics.measure import Measure
from kpi.metrics.population import clients, last_day
from kpi.metrics.shares import account_share
from kpi.metrics.touch import touch_days
from kpi.periods import Period
from kpi.stats.proportions import Share


def engagement(facts: Facts, period: Period) -> Measure[Share]:
    """100 · accounts active on the last day with touch days enough/all accounts active on the last day.

    Enough: 2 for 30 days of the period, rounded half up, at least 1.
    """
    last = last_day(period, facts.today)
    end = period.effective_end(facts.today)
    needed = max(1, (4 * (end - period.start).days + 30) // 60)
    active = [account for account, client in clients(facts).items() if client.active_on(last)]
    touched = touch_days(facts, period.start, end).to_dict()
    engaged = sum(touched.get(account, 0) >= needed for account in active)
    return account_share(engaged, len(active), nobody(last))

"""Churn: the share of clients lost, counted in accounts."""

from datetime import date

from kpi.facts import Facts
from kpi.metrics.measure import Measure, account_status, in_percent
from kpi.metrics.population import Client, clients
from kpi.periods import Period, spoken
from kpi.stats.proportions import Share, wilson


def churn(facts: Facts, period: Period) -> Measure[Share]:
    """100 · lost/active at start; lost: active at start, not active at end.

    The end is the first day after the period; while the period is open, the day of as_of.
    """
    start = period.start
    last = period.end if period.complete else facts.today
    everyone = clients(facts).values()
    base = [client for client in everyone if client.active_on(start)]
    lost = sorted((client.name for client in base if not client.active_on(last)), key=lambda name: (name.lower(), name))
    n = len(base)
    share = Share(len(lost) / n, n) if n else Share(0.0, 0.0)
    joined = [client for client in everyone if not client.active_on(start)]
    inside = period.effective_end(facts.today)
    return Measure(
        value=100 * len(lost) / n if n else None,
        numerator=len(lost),
        denominator=n,
        n=n,
        accounts=n,
        interval=in_percent(wilson(share), "wilson") if n else None,
        status=account_status(n),
        reason=None if n else f"No account was active on {spoken(start)}.",
        basis=share,
        details={
            "lost": lost,
            "early_losses": sum(c.active_within(start, inside) and not c.active_on(last) for c in joined),
            "reactivated": sum(c.active_on(last) and c.had_ended_by(last) for c in joined),
        },
        exclusions=_exclusions(joined, start),
    )


def _exclusions(joined: list[Client], start: date) -> tuple[str, ...]:
    unseen = sum(client.served_on(start) for client in joined)
    accounts = "1 account" if unseen == 1 else f"{unseen} accounts"
    return (f"{accounts} with a term on {spoken(start)}, observed only later",) if unseen else ()

"""Churn: the share of clients lost, counted in accounts."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from kpi.facts import Facts
from kpi.metrics.listing import named as listed
from kpi.metrics.measure import Measure
from kpi.metrics.population import Client, clients, closing_day
from kpi.metrics.shares import account_share
from kpi.periods import Period, spoken
from kpi.stats.proportions import Share


def churn(facts: Facts, period: Period) -> Measure[Share]:
    """100 · lost/active at start; lost: active at start, not active at end.

    The end is the first day after the period; while the period is open, the day of as_of.
    """
    start, last = period.start, closing_day(period, facts.today)
    everyone = clients(facts)
    base = {account: client for account, client in everyone.items() if client.active_on(start)}
    kept = {account: client for account, client in base.items() if client.active_on(last)}
    lost = {account: client for account, client in base.items() if account not in kept}
    joined = [client for account, client in everyone.items() if account not in base]
    inside = period.effective_end(facts.today)
    return replace(
        account_share(len(lost), len(kept) + len(lost), nobody(start)),
        details={
            "lost": named(lost.values()),
            "early_losses": sum(c.active_within(start, inside) and not c.active_on(last) for c in joined),
            "reactivated": sum(c.active_on(last) and c.had_ended_by(last) for c in joined),
        },
        exclusions=_exclusions(joined, start),
        listing=lambda _: (listed("lost", lost), listed("kept", kept)),
    )


def nobody(day: date) -> str:
    """Why there is nothing to divide by."""
    return f"No account was active on {spoken(day)}."


def named(some: Iterable[Client]) -> list[str]:
    """Names in alphabetical order."""
    return sorted((client.name for client in some), key=lambda name: (name.lower(), name))


def _exclusions(joined: list[Client], start: date) -> tuple[str, ...]:
    unseen = sum(client.served_on(start) for client in joined)
    accounts = "1 account" if unseen == 1 else f"{unseen} accounts"
    return (f"{accounts} with a term on {spoken(start)}, observed only later",) if unseen else ()

"""Touch days: days on which an account is a client and we spoke with each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kpi.metrics.population import clients, spans

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd

    from kpi.facts import Facts


def touch_days(facts: Facts, start: date, end: date) -> pd.Series[int]:
    """How many touch days each account has in `[start, end)`, by account_id; accounts without any are missing.

    A touch day: the account is active, and there was a logged interaction or there were messages in both directions.
    """
    import pandas as pd

    messages = facts.messages
    both = messages[(messages["from_client"] > 0) & (messages["from_us"] > 0)]
    logged = facts.interactions[facts.interactions["total"] > 0]
    days = pd.concat([logged[["account_id", "day"]], both[["account_id", "day"]]]).drop_duplicates()
    days = days[(days["day"] >= start.toordinal()) & (days["day"] < end.toordinal())]
    seen = days.merge(spans(clients(facts)), on="account_id")
    return seen[(seen["day"] >= seen["first"]) & (seen["day"] < seen["end"])].groupby("account_id").size()


def active_days(facts: Facts, start: date, end: date) -> pd.Series[int]:
    """On how many days of `[start, end)` each account is active, by account_id; accounts without any are missing."""
    found = spans(clients(facts))
    inside = found["end"].clip(upper=end.toordinal()) - found["first"].clip(lower=start.toordinal())
    days = inside.clip(lower=0).groupby(found["account_id"]).sum()
    return days[days > 0]

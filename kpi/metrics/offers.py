"""The upsells and cross-sells decided in a period."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from kpi.facts import Facts
    from kpi.periods import Period


def decided(facts: Facts, period: Period) -> pd.DataFrame:
    """Their rows, with `decided_on` in the period and not after the day of as_of."""
    end = period.effective_end(facts.today)
    inside = [period.start <= day < end for day in facts.offers["decided_on"]]
    return facts.offers[inside] if inside else facts.offers

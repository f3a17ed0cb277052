"""The survey answers a KPI counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kpi.periods import bounds
from kpi.stats.clustering import Sample

if TYPE_CHECKING:
    import pandas as pd

    from kpi.facts import Facts
    from kpi.model import Instrument
    from kpi.periods import Period


def within(facts: Facts, period: Period, frame: pd.DataFrame, column: str) -> pd.DataFrame:
    """The rows whose instant `column` lies in the period, none later than as_of."""
    first, end = bounds(period, facts.zone)
    at = frame[column]
    return frame[(at >= first) & (at < end) & (at <= facts.as_of)]


def given(facts: Facts, period: Period, instrument: Instrument) -> pd.DataFrame:
    """The answers of one instrument with `answered_at` in the period, none later than as_of."""
    return within(facts, period, facts.answers[facts.answers["instrument"] == instrument.value], "answered_at")


def latest(answers: pd.DataFrame) -> pd.DataFrame:
    """The last answer of each respondent; at the same instant that of the later survey, then the lower score."""
    order = ["answered_at", "survey_id", "score"]
    ranked = answers.sort_values(order, ascending=[True, True, False], na_position="first", kind="stable")
    return ranked.drop_duplicates("respondent", keep="last")


def sample(answers: pd.DataFrame, values: pd.Series[int]) -> Sample:
    """`values`, one whole number per answer, grouped by account."""
    return Sample.of(zip(answers["account_id"].tolist(), values.tolist(), strict=True))

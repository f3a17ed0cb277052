"""The survey answers a KPI counts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from kpi.metrics.listing import tallied
from kpi.metrics.series import left_out
from kpi.periods import bounds
from kpi.stats.clustering import Sample

if TYPE_CHECKING:
    import pandas as pd

    from kpi.facts import Facts
    from kpi.metrics.listing import Lister
    from kpi.model import Instrument
    from kpi.periods import Period


def within(facts: Facts, period: Period, frame: pd.DataFrame, column: str) -> pd.DataFrame:
    """The rows whose instant `column` lies in the period, none later than as_of."""
    first, end, last = (microseconds(instant) for instant in (*bounds(period, facts.zone), facts.as_of))
    at = frame[column].astype("int64").to_numpy()
    if (at[1:] >= at[:-1]).all():  # as facts come: a slice copies nothing
        from_row, to_row = at.searchsorted(first), min(at.searchsorted(end), at.searchsorted(last, side="right"))
        return frame.iloc[from_row : max(from_row, to_row)]
    return frame.take(((at >= first) & (at < end) & (at <= last)).nonzero()[0])


def microseconds(instant: datetime) -> int:
    """Since 1970, as the frames store their instants: comparing these is ten times as quick."""
    return (instant - datetime.fromtimestamp(0, UTC)) // timedelta(microseconds=1)


class Given(NamedTuple):
    """Answers of one series, and what must be said of those left out; `series` is None where there are none at all."""

    answers: pd.DataFrame
    series: int | None
    exclusions: tuple[str, ...]


def given(facts: Facts, period: Period, instrument: Instrument) -> Given:
    """The answers of one instrument with `answered_at` in the period, none later than as_of, of the latest series."""
    of_it = (facts.answers["instrument"].to_numpy() == instrument.value).nonzero()[0]
    found = within(facts, period, facts.answers.take(of_it), "answered_at")
    series = found["series"].to_numpy()
    latest = int(series.max()) if len(series) else None
    if latest is None or series.min() == latest:
        return Given(found, latest, ())
    return Given(found[series == latest], latest, left_out(series[series < latest].tolist()))


def latest(answers: pd.DataFrame) -> pd.DataFrame:
    """The last answer of each respondent; at the same instant that of the later survey, then the lower score."""
    import numpy as np

    at, score = (answers[name].astype("int64").to_numpy() for name in ("answered_at", "score"))
    survey = answers["survey_id"].to_numpy(dtype="int64", na_value=-1)
    ranked = answers.take(np.lexsort((-score, survey, at)))
    return ranked[~ranked["respondent"].duplicated(keep="last")]


def scores(answers: pd.DataFrame) -> Any:
    """The score of each, as an array."""
    return answers["score"].to_numpy()


def sample(answers: pd.DataFrame, values: Any) -> Sample:
    """`values`, an array of one whole number per answer, grouped by account."""
    return Sample.of(zip(answers["account_id"].tolist(), values.tolist(), strict=True))


def listing(name: str, some: pd.DataFrame, column: str) -> Lister:
    """What each account answered, or what became of what it was asked: how often each word of a column."""
    return lambda fewest: (tallied(name, zip(some["account_id"].tolist(), some[column].tolist(), strict=True), fewest),)

"""What the arithmetic sees: the facts known at one instant, already cut to one scope, as typed frames."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from kpi.periods import local_day

if TYPE_CHECKING:
    from datetime import date, datetime
    from zoneinfo import ZoneInfo

    import pandas as pd

COLUMNS = {
    "accounts": {
        "account_id": "int64",
        "name": "object",
        "segment": "object",
        "owner_id": "object",
        "observed_from": "object",
    },
    "terms": {"account_id": "int64", "starts_on": "object", "ends_on": "object"},
    "answers": {
        "account_id": "int64",
        "respondent": "object",
        "survey_id": "Int64",
        "instrument": "object",
        "score": "int64",
        "answered_at": "datetime64[us, UTC]",
    },
}
"""The frames and their column types; `object` holds Python values, dates as `datetime.date`, absent ones as None."""


def frame(table: str, rows: Iterable[tuple[Any, ...]] = ()) -> pd.DataFrame:
    """Rows in the order of `COLUMNS[table]` as a frame with exactly those types, also when there are none."""
    import pandas as pd

    types = COLUMNS[table]
    return pd.DataFrame([tuple(row) for row in rows], columns=list(types), dtype=object).astype(types)


@dataclass(frozen=True, eq=False)
class Facts:
    """Everything of one scope that had happened and was recorded by `as_of` (aware, UTC).

    accounts: one row per account of the scope; not counted as active before `observed_from` (None: always observed).
    terms: any number per account, days `[starts_on, ends_on)`; `ends_on` None: running, or its end not yet known.
    answers: one row per final answer, its first instant with its last score; `respondent` names one contact across
    all accounts and is never None, `survey_id` is <NA> for imported answers, `instrument` is csat, nps or ces.
    A frame a KPI does not need (`Kpi.needs`) may be left empty.
    """

    as_of: datetime
    zone: ZoneInfo
    accounts: pd.DataFrame = field(default_factory=partial(frame, "accounts"))
    terms: pd.DataFrame = field(default_factory=partial(frame, "terms"))
    answers: pd.DataFrame = field(default_factory=partial(frame, "answers"))

    @property
    def today(self) -> date:
        """The local day of as_of."""
        return local_day(self.as_of, self.zone)

"""What the arithmetic sees: the facts known at one instant, already cut to one scope, as typed frames."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from kpi.periods import local_day
from kpi.policy import WorkspacePolicy

if TYPE_CHECKING:
    from datetime import date, datetime

    import pandas as pd

    from kpi.policy import Calendars

INSTANT = "datetime64[us, UTC]"
COLUMNS = {
    "accounts": {
        "account_id": "int64",
        "name": "object",
        "segment": "object",
        "owner_id": "object",
        "owner": "object",
        "observed_from": "object",
        "in_scope": "bool",
    },
    "terms": {"account_id": "int64", "starts_on": "object", "ends_on": "object"},
    "answers": {
        "account_id": "int64",
        "owner_id": "object",
        "respondent": "object",
        "survey_id": "Int64",
        "instrument": "object",
        "score": "int64",
        "answered_at": INSTANT,
        "series": "int64",
    },
    "surveys": {"account_id": "int64", "owner_id": "object", "posted_at": INSTANT, "outcome": "object"},
    "interactions": {"account_id": "int64", "day": "int64", "total": "int64", "meetings": "int64"},
    "messages": {"account_id": "int64", "day": "int64", "from_client": "int64", "from_us": "int64"},
    "usage": {"account_id": "int64", "day": "int64"},
    "episodes": {"account_id": "int64", "opened_at": INSTANT, "first_response_at": INSTANT},
    "revenue": {
        "account_id": "int64",
        "kind": "object",
        "starts_on": "object",
        "ends_on": "object",
        "amount_minor": "int64",
        "currency": "object",
    },
    "offers": {"account_id": "int64", "decided_on": "object", "won": "bool"},
    "feedback": {
        "account_id": "int64",
        "received_at": INSTANT,
        "implemented_at": INSTANT,
        "declined_at": INSTANT,
        "with_reason": "bool",
        "client_told_at": INSTANT,
    },
}
"""The frames and their column types; `object` holds Python values, dates as `datetime.date`, absent ones as None.

A `day` is a date's proleptic Gregorian ordinal (`date.toordinal`): frames with a row per account and day are long."""


def frame(table: str, rows: Iterable[tuple[Any, ...]] = ()) -> pd.DataFrame:
    """Rows in the order of `COLUMNS[table]` as a frame with exactly those types, also when there are none."""
    import pandas as pd

    types = COLUMNS[table]
    columns = list(zip(*rows, strict=True)) or [()] * len(types)
    typed = zip(types.items(), columns, strict=True)
    return pd.DataFrame({name: _typed(cells, kind) for (name, kind), cells in typed}, copy=False)


def _typed(cells: tuple[Any, ...], kind: str) -> Any:
    """A column of one type; numpy's own types at once, which for thousands of rows is most of the time."""
    import numpy as np
    import pandas as pd

    if kind in ("int64", "bool"):
        return np.array(cells, dtype=kind)
    held = np.empty(len(cells), dtype=object)
    held[:] = cells
    column: Any = pd.Series(held)
    return held if kind == "object" else column.astype(kind)


@dataclass(frozen=True, eq=False)
class Facts:
    """Everything of one scope that had happened and was recorded by `as_of` (aware, UTC).

    accounts: one row per account, in the order of their keys; not counted as active before `observed_from` (None:
    always observed); `owner` is the present owner's key. All are of the scope (`in_scope`), save for KPIs that read the
    whole workspace.
    terms: any number per account, days `[starts_on, ends_on)`; `ends_on` None: running, or its end not yet known.
    answers: one row per final answer, its first instant with its last score; `respondent` names one contact across
    all accounts and is never None, `survey_id` is <NA> for imported answers, `instrument` is csat, nps or ces,
    `owner_id` whose account it was when they were asked, `series` that of the question's wording (1 where imported).
    surveys: posted ones; `outcome` is answered, expired or open at as_of.
    interactions, messages: counts per account and local day; usage: the days on which anything was used.
    episodes: waits of clients, `first_response_at` NaT while they last. revenue: `[starts_on, ends_on)`, minor units
    per month (recurring) or in all (project). offers: decided upsells and cross-sells. feedback: the actionable one.
    A frame a KPI does not need (`Base.frames`) may be left empty.
    workspace, calendars: money, and when owners work (None: always). target: what is aimed for with this KPI, or None.
    priced_on: the day whose rates hold for all amounts, that of as_of unless said.
    """

    as_of: datetime
    zone: ZoneInfo
    accounts: pd.DataFrame = field(default_factory=partial(frame, "accounts"))
    terms: pd.DataFrame = field(default_factory=partial(frame, "terms"))
    answers: pd.DataFrame = field(default_factory=partial(frame, "answers"))
    surveys: pd.DataFrame = field(default_factory=partial(frame, "surveys"))
    interactions: pd.DataFrame = field(default_factory=partial(frame, "interactions"))
    messages: pd.DataFrame = field(default_factory=partial(frame, "messages"))
    usage: pd.DataFrame = field(default_factory=partial(frame, "usage"))
    episodes: pd.DataFrame = field(default_factory=partial(frame, "episodes"))
    revenue: pd.DataFrame = field(default_factory=partial(frame, "revenue"))
    offers: pd.DataFrame = field(default_factory=partial(frame, "offers"))
    feedback: pd.DataFrame = field(default_factory=partial(frame, "feedback"))
    workspace: WorkspacePolicy = field(default_factory=partial(WorkspacePolicy, ZoneInfo("UTC"), "EUR"))
    calendars: Calendars | None = None
    target: float | None = None
    priced_on: date | None = None

    @property
    def today(self) -> date:
        """The local day of as_of."""
        return local_day(self.as_of, self.zone)

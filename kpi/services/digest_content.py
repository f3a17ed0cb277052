"""What a digest says."""

from dataclasses import dataclass
from datetime import datetime

from kpi.errors import KpiError
from kpi.metrics.catalog import find
from kpi.model import Instrument, KpiValue, PeriodRef, Scope
from kpi.periods import Period, bounds
from kpi.policy import DigestPolicy
from kpi.services.catch_up import ON_TIME
from kpi.services.reports import Reports, Settled
from kpi.services.surveys.rates import rate_of
from kpi.services.surveys.words import SUPPRESSED, Comment, Counts
from kpi.store import coverage, programme
from kpi.store.store import Tx

CADENCES = {
    "weekly": "last week",
    "monthly": "last month",
    "quarterly": "last quarter",
    "half_yearly": "last half",
    "yearly": "last year",
}
"""The period a digest of each cadence reports: the latest that is complete when it falls due."""


def in_files(cadence: str) -> str:
    """A cadence as configuration files write it."""
    return cadence.replace("_", "-")


@dataclass(frozen=True, slots=True)
class Figure:
    """One KPI of a digest: its value of the reported period, as of composing.

    `trailing` is the same KPI over its default period as it stood when the reported one ended; None when both are the
    same days.
    """

    value: KpiValue
    trailing: KpiValue | None = None


@dataclass(frozen=True, slots=True)
class Digest:
    """What a digest says of `period`. `problems` are sentences about KPIs that could not be computed."""

    cadence: str
    period: PeriodRef
    figures: tuple[Figure, ...]
    problems: tuple[str, ...]
    surveys: Counts
    comments: tuple[Comment, ...]
    scheduled_at: datetime
    composed_at: datetime

    @property
    def is_late(self) -> bool:
        """Whether it is posted noticeably after it fell due."""
        return self.composed_at - self.scheduled_at > ON_TIME


@dataclass(frozen=True, slots=True)
class Composer:
    """Puts together what a digest says."""

    reports: Reports
    policy: DigestPolicy

    def keys(self, cadence: str) -> tuple[str, ...]:
        """The KPIs a digest of this cadence shows, in their order."""
        return tuple(self.policy.kpis.get(in_files(cadence), ()))

    def reported(self, cadence: str, due_at: datetime) -> Period:
        """The period a digest due at that instant reports, in the workspace's zone."""
        return self.reports.period(CADENCES[cadence], due_at)

    def compose(self, tx: Tx, cadence: str, due_at: datetime) -> Digest:
        """The digest due at that instant with everything known now."""
        now, period = self.reports.now(), self.reported(cadence, due_at)
        figures, problems = self._figures(tx, cadence, period)
        start, end = bounds(period, self.reports.policy.workspace.timezone)
        return Digest(
            cadence=cadence,
            period=PeriodRef(period.key, period.start, period.end, period.complete),
            figures=figures,
            problems=problems,
            surveys=counts(tx, start, end),
            comments=comments(tx, start, end, self.policy.comments),
            scheduled_at=due_at,
            composed_at=now,
        )

    def _figures(self, tx: Tx, cadence: str, reported: Period) -> tuple[tuple[Figure, ...], tuple[str, ...]]:
        figures, problems = [], []
        for key in self.keys(cadence):
            try:
                figures.append(self._figure(tx, key, reported))
            except KpiError as fault:
                problems.append(f"{key}: {fault}")
        return tuple(figures), tuple(problems)

    def _figure(self, tx: Tx, key: str, reported: Period) -> Figure:
        kpi = find(key, self.reports.policy.kpis)
        value = self.reports.measured(tx, Settled(kpi, reported, Scope(), self.reports.now()))
        trailing = self.reports.trailing(tx, kpi, reported, Scope())
        same_days = (trailing.period.start, trailing.period.end) == (reported.start, reported.end)
        return Figure(value, None if same_days else trailing)


def comments(tx: Tx, start: datetime, end: datetime, limit: int) -> tuple[Comment, ...]:
    """What clients wrote in [start, end), newest first."""
    return tuple(
        Comment(row["account_name"], Instrument(row["instrument"]), row["score"], row["comment"], row["edited_at"])
        for row in programme.comments(tx, start, end, limit)
    )


def counts(tx: Tx, start: datetime, end: datetime) -> Counts:
    """How the survey programme went in [start, end)."""
    reasons = {SUPPRESSED.get(reason, reason): n for reason, n in programme.suppressed(tx, start, end).items()}
    rate = rate_of((row["answered"], row["n"]) for row in coverage.ended(tx, start, end))
    return Counts(**programme.counts(tx, start, end), suppressed=reasons, rate=rate)

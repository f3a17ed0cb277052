"""What an impact check says: the windows after a change, and what the KPIs came to in them."""

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from kpi.errors import KpiError
from kpi.model import Scope
from kpi.periods import shift, spoken
from kpi.periods.period import DAY

MONTHS = (1, 3)
"""How long after a change it is looked at."""
LONGEST_WORDS = 200
_YEARS_BACK = 10
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)

Document = Mapping[str, Any]
"""A KpiValue as JSON; its `previous` is the days before the change."""


@dataclass(frozen=True, slots=True)
class Window:
    """The local days `[start, end)` after a change, seen on a day. One that has not closed is looked at to date."""

    months: int
    start: date
    end: date
    today: date

    @property
    def complete(self) -> bool:
        """Whether it has closed."""
        return self.end <= self.today

    @property
    def key(self) -> str:
        """The whole of it as period words."""
        return f"{self.start}..{self.end - DAY}"

    @property
    def last(self) -> date:
        """The last day looked at."""
        return min(self.end - DAY, self.today)

    @property
    def elapsed(self) -> str:
        """As much of it as there is, today included: a period of days, with as many right before it as its previous."""
        return f"{self.start}..{self.last}"

    @property
    def elapsed_days(self) -> int:
        """How many days that is."""
        return (self.last - self.start).days + 1


@dataclass(frozen=True, slots=True)
class Check:
    """What the KPIs came to in a window. `problems` are sentences about those that cannot be computed as it stands."""

    window: Window
    kpis: tuple[Document, ...]
    problems: tuple[str, ...] = ()

    def document(self) -> dict[str, Any]:
        """It as JSON."""
        window = self.window
        days = {"key": window.key, "start": f"{window.start}", "end": f"{window.end}", "complete": window.complete}
        told = {"kpis": list(self.kpis), "problems": list(self.problems)}
        return {"months": window.months, "period": days, "complete": window.complete, **told}


@dataclass(frozen=True, slots=True)
class Impact:
    """A change of a day and a scope with its checks; a comparison of before and after, not a controlled test."""

    what: str
    changed_on: date
    scope: Scope
    keys: tuple[str, ...]
    checks: tuple[Check, ...]

    def document(self) -> dict[str, Any]:
        """It as JSON."""
        scope = {"kind": self.scope.kind, "name": self.scope.name}
        checks = [check.document() for check in self.checks]
        return {"what": self.what, "changed_on": f"{self.changed_on}", "scope": scope, "checks": checks}


@dataclass(frozen=True, slots=True)
class Marker:
    """An impact check as it is kept: of closed windows what came out for good, of the others nothing yet."""

    id: int
    created_by: str
    recorded_at: datetime
    impact: Impact

    @property
    def state(self) -> str:
        """`due`: a closed window lacks a result; `open`: a window has not closed; `done`: nothing is to come."""
        checks = self.impact.checks
        if any(check.window.complete and len(check.kpis) < len(self.impact.keys) for check in checks):
            return "due"
        return "done" if all(check.window.complete for check in checks) else "open"


def windows(day: date, today: date) -> tuple[Window, ...]:
    """The windows after a change, seen on a day: whole calendar months, to the month's last day where it is shorter."""
    return tuple(Window(months, day, months_after(day, months), today) for months in MONTHS)


def months_after(day: date, months: int) -> date:
    """The same day of a later (or earlier) month, or that month's last."""
    first = shift(day.replace(day=1), "month", months)
    return first.replace(day=min(day.day, monthrange(first.year, first.month)[1]))


def change_words(what: str) -> str:
    """What changed, in one line. KpiError for nothing, too much, or what cannot be printed."""
    plain = " ".join(what.split())
    if not plain or len(plain) > LONGEST_WORDS or not plain.isprintable():
        raise KpiError(f"Say what changed in 1 to {LONGEST_WORDS} characters, as in “new portal”.")
    return plain


def change_day(text: str, today: date) -> date:
    """The day of a change. KpiError for what is no day, one that is to come, or one more than ten years back."""
    try:
        day = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None:
        raise KpiError(f"“{text[:40]}” is not a day in the calendar; write the day of the change like 2026-05-01.")
    if day > today:
        raise KpiError(f"{spoken(day)} is to come: what a change came to can be asked from its day on.")
    if day < months_after(today, -12 * _YEARS_BACK):
        raise KpiError(f"{spoken(day)} is more than {_YEARS_BACK} years back; ask about a later change.")
    return day

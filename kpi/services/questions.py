"""A question about a KPI, in the words of whoever asks; what they name is found later."""

from dataclasses import dataclass
from datetime import datetime

from kpi.errors import KpiError
from kpi.model import Scope

MINE, ANY = "mine", "any"
"""Kinds of scope only people use: the asker's own accounts, and a name that does not say of what."""


@dataclass(frozen=True, slots=True)
class Question:
    """A KPI by any of its names, for a scope named but not yet found (`id` None), a period in words, as of an instant.

    What is None takes its default: the whole workspace, the KPI's own period, now, the usual way to measure it.
    `forgiving`: a scope's name may be taken for the one clearly nearest. `owners`: only theirs are seen.
    """

    kpi: str
    period: str | None = None
    scope: Scope | None = None
    as_of: datetime | None = None
    variant: str | None = None
    forgiving: bool = False
    owners: frozenset[int] | None = None


def instant_of(text: str) -> datetime:
    """An instant with its offset from UTC. KpiError for anything else."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise KpiError(f"“{text[:40]}” is not an instant; write it like 2026-10-01T09:00+02:00.") from None
    if found.tzinfo is None:
        raise KpiError(f"“{text[:40]}” lacks its offset from UTC; write it like 2026-10-01T09:00+02:00.")
    return found

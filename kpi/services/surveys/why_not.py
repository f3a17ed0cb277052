"""Why clients of an account were not asked, or not heard."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from kpi.services.surveys.words import SUPPRESSED
from kpi.store import programme
from kpi.store.store import Record, Tx

DAYS = 90
_SHOWN = 10
_REASONS = {"expired": "nobody answered in time"}
_ASKED, _MISSED = ("posted", "answered", "expired"), ("suppressed", "cancelled", "failed", "expired")


@dataclass(frozen=True, slots=True)
class Skipped:
    """A question that was not asked, or not answered: suppressed, cancelled, failed or expired, and why."""

    at: datetime
    contact: str | None
    instrument: str
    state: str
    reason: str


@dataclass(frozen=True, slots=True)
class WhyNot:
    """What became of an account's questions in so many days; `skipped` are the latest, `more` how many besides."""

    account: str
    days: int
    asked: int
    answered: int
    waiting: int
    skipped: tuple[Skipped, ...]
    more: int


def why_not(tx: Tx, account_id: int, name: str, now: datetime) -> WhyNot:
    """What became of the questions to an account's people in the last 90 days; `name` is the account's."""
    rows = programme.of_account(tx, account_id, now - timedelta(days=DAYS))
    states = Counter(row["state"] for row in rows)
    missed = [_skipped(row) for row in rows if row["state"] in _MISSED]
    return WhyNot(
        account=name,
        days=DAYS,
        asked=sum(states[state] for state in _ASKED),
        answered=states["answered"],
        waiting=states["scheduled"],
        skipped=tuple(missed[:_SHOWN]),
        more=max(len(missed) - _SHOWN, 0),
    )


def _skipped(row: Record) -> Skipped:
    reason = row["reason"] or _REASONS.get(row["state"], "")
    at = row["closed_at"] or row["recorded_at"]
    return Skipped(at, row["contact_name"] or None, row["instrument"], row["state"], SUPPRESSED.get(reason, reason))

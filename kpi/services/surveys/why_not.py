"""Why clients of an account were not asked, or not heard."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from kpi.model import Scope
from kpi.services.surveys.coverage import strangers, wishes
from kpi.services.surveys.covered import Unmapped, Wished
from kpi.services.surveys.words import SUPPRESSED
from kpi.store import coverage, programme
from kpi.store.store import Record, Tx

DAYS = 90
_SHOWN = 10
_REASONS = {"expired": "nobody answered in time", "declined": "they asked for no more questions instead"}
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
class PutOff:
    """A question that waits for its turn until an instant, and why."""

    until: datetime
    contact: str | None
    instrument: str
    reason: str


@dataclass(frozen=True, slots=True)
class WhyNot:
    """What became of an account's questions in so many days; `skipped` are the latest, `more` how many besides.

    Beside it, as of now: what is put off, who wants fewer questions or none, and whose answers wait to be mapped.
    """

    account: str
    days: int
    asked: int
    answered: int
    waiting: int
    skipped: tuple[Skipped, ...]
    more: int
    put_off: tuple[PutOff, ...] = ()
    wishes: tuple[Wished, ...] = ()
    strangers: tuple[Unmapped, ...] = ()


def why_not(tx: Tx, account_id: int, name: str, now: datetime) -> WhyNot:
    """What became of the questions to an account's people in the last 90 days; `name` is the account's."""
    rows = programme.of_account(tx, account_id, now - timedelta(days=DAYS))
    states = Counter(row["state"] for row in rows)
    missed = [_skipped(row) for row in rows if row["state"] in _MISSED]
    scope = Scope("account", name, account_id)
    return WhyNot(
        account=name,
        days=DAYS,
        asked=sum(states[state] for state in _ASKED),
        answered=states["answered"],
        waiting=states["scheduled"],
        skipped=tuple(missed[:_SHOWN]),
        more=max(len(missed) - _SHOWN, 0),
        put_off=tuple(_put_off(row) for row in coverage.put_off(tx, scope)),
        wishes=wishes(tx, scope),
        strangers=strangers(tx, scope),
    )


def _skipped(row: Record) -> Skipped:
    reason = row["reason"] or _REASONS.get("declined" if row["declined_at"] else row["state"], "")
    at = row["closed_at"] or row["recorded_at"]
    return Skipped(at, row["contact_name"] or None, row["instrument"], row["state"], SUPPRESSED.get(reason, reason))


def _put_off(row: Record) -> PutOff:
    reason, whom = str(row["reason"]), row["contact_name"] or None
    return PutOff(row["due_at"], whom, row["instrument"], SUPPRESSED.get(reason, reason))

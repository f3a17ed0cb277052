"""The list of questions: who asked what, when, and what came of it; never the words they typed."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from kpi.errors import KpiError, Refused
from kpi.model import Person, Scope
from kpi.store import asked as rows
from kpi.store import people, scopes
from kpi.store.store import Record, Store

MOST = 10_000
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class Understood:
    """A command as it was understood: what is done (`answer`, `by segment`, `share` …), and of what.

    `scope` is one that was found, `period` a period's key, `shared_to` a channel. None of it is what somebody typed.
    """

    verb: str
    kpi: str | None = None
    scope: Scope | None = None
    period: str | None = None
    shared_to: str | None = None


@dataclass(slots=True)
class Entry:
    """A question on its way through: who asks, by which rule they may, what was understood so far, what came of it."""

    user_id: str = ""
    way: str = ""
    understood: Understood | None = None
    outcome: str = "failed"
    reason: str = ""


@contextmanager
def kept(store: Store, user_id: str, at: datetime) -> Iterator[Entry]:
    """Whatever becomes of the question inside is noted when it ends: answered, refused, not answered or failed."""
    entry = Entry(user_id)
    try:
        yield entry
        entry.outcome, entry.reason = "answered", entry.way
    except Refused as fault:
        entry.outcome, entry.reason = "refused", fault.why
        raise
    except KpiError as fault:
        entry.outcome, entry.reason = "not answered", type(fault).__name__
        raise
    finally:
        with store.transaction() as tx:
            rows.note(tx, _values(entry, at))


def listed(store: Store, since: datetime, user_id: str | None = None) -> list[Record]:
    """The questions since an instant, newest first; `name` is the asker's, `scope` of whom they asked, by its name."""
    with store.transaction() as tx:
        found = rows.since(tx, since, user_id, MOST)
        known = people.known_of(tx, {row["slack_user_id"] for row in found})
        scoped = [row for row in found if row["scope_kind"]]
        whose = {row["asked_id"]: scope for row, scope in zip(scoped, scopes.kept(tx, scoped), strict=True)}
    return [row | {"name": _name(known, row), "scope": whose.get(row["asked_id"])} for row in found]


def _name(known: Mapping[str, Person], row: Record) -> str:
    someone = known.get(row["slack_user_id"])
    return someone.name if someone else ""


def _values(entry: Entry, at: datetime) -> Record:
    what = entry.understood or Understood("")
    told = {
        "slack_user_id": entry.user_id,
        "verb": what.verb or None,
        "kpi_key": what.kpi,
        "period": what.period,
        "shared_to": what.shared_to,
        **(scopes.columns(what.scope) if what.scope else {}),
        "outcome": entry.outcome,
        "reason": entry.reason,
    }
    return {"at": at, **{name: value[:_LONGEST] if value else value for name, value in told.items()}}

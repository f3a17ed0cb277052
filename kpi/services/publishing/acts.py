"""What people and programs did to facts after they were published from, as the audit has it."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from pathlib import PurePath
from zoneinfo import ZoneInfo

from kpi.periods import local_day, spoken
from kpi.store import audit
from kpi.store.store import Record, Tx

FEEDS: Mapping[str, frozenset[str]] = {
    "accounts": frozenset({"accounts", "owners"}),
    "answers": frozenset({"replies", "surveys", "contacts"}),
    "surveys": frozenset({"surveys", "replies", "interactions"}),
    "interactions": frozenset({"interactions"}),
    "messages": frozenset({"messages"}),
    "usage": frozenset({"usage"}),
    "episodes": frozenset({"episodes"}),
    "terms": frozenset({"terms", "accounts"}),
    "revenue": frozenset({"revenue", "accounts"}),
    "offers": frozenset({"offers", "accounts"}),
    "feedback": frozenset({"feedback", "accounts"}),
}
"""By frame: the kinds of rows it is read from."""

_MOST = 3

Told = Callable[[Tx, Record], str]


def _merged(tx: Tx, act: Record) -> str:
    return f"account merge {act['before']['key']} → {audit.key_of(tx, act['subject']) or 'another'}"


def _about(what: str) -> Told:
    return lambda tx, act: what.format(_called(tx, act["subject"]), **(act["after"] or {}))


def _called(tx: Tx, subject: str) -> str:
    """`account acme`, `terms acme/2024-01-01`; what is gone has lost its key."""
    kind, _, name = subject.partition(":")
    return f"{kind} {audit.key_of(tx, subject) or name}"


ACTS: Mapping[str, Told] = {
    "account.merge": _merged,
    "account.assign": _about("{} given to another owner"),
    "account.create": _about("{} set up"),
    "account.edit": _about("{} edited"),
    "owner.handover": _about("handover of {} to {into}"),
    "contact.move": lambda _tx, _act: "a contact moved to another account",
    "survey.cancel": lambda _tx, _act: "a survey cancelled",
    "row.delete": _about("{} deleted"),
    "row.correct": _about("{} corrected"),
    "rows.put": lambda _tx, act: f"{act['subject']} sent in",
    "file.import": lambda _tx, act: f"{act['subject']} imported",
}
"""By action of the audit; what it has besides does not touch facts."""

TOUCHED: Mapping[str, frozenset[str]] = {
    "account.assign": frozenset({"owners"}),
    "account.create": frozenset({"accounts", "terms", "revenue", "contacts"}),
    "account.edit": frozenset({"accounts", "terms", "revenue", "contacts"}),
    "owner.handover": frozenset({"owners"}),
    "contact.move": frozenset({"contacts", "surveys"}),
    "survey.cancel": frozenset({"surveys"}),
}
"""By action: the kinds of rows it may have changed. Of others the subject says so; a merge may have changed any."""


def since(tx: Tx, at: datetime, frames: Collection[str], zone: ZoneInfo) -> str:
    """What was done to what these frames are read from, the first few of it: `terms.csv imported on 3 October 2026`."""
    fed = frozenset().union(*(FEEDS[name] for name in frames))
    acts = [act for act in audit.since(tx, at) if act["action"] in ACTS and _touches(act, fed)]
    said = dict.fromkeys(f"{ACTS[act['action']](tx, act)} on {spoken(local_day(act['at'], zone))}" for act in acts)
    more = [f"{len(said) - _MOST} more in the audit"] if len(said) > _MOST else []
    return ", ".join([*list(said)[:_MOST], *more])


def _touches(act: Record, fed: frozenset[str]) -> bool:
    """Whether it may have changed rows of these kinds; an account takes all of its own with it."""
    if act["action"] in TOUCHED:
        return bool(TOUCHED[act["action"]] & fed)
    kind = PurePath(act["subject"].partition(":")[0]).stem
    is_whole = act["action"] == "account.merge" or (act["action"] == "row.delete" and kind == "account")
    return is_whole or kind in fed or f"{kind}s" in fed

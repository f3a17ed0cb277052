"""People of a channel as contacts of its account: who may be one, and the row that makes them one."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from kpi.model import Actor, Person
from kpi.store import portfolio
from kpi.store.accounts import MADE_BY_US
from kpi.store.store import Record, Tx


def looking_after(tx: Tx, by: Actor) -> frozenset[str]:
    """The users who look after accounts, `by` among them: contacts count as clients, and those ask for nothing."""
    return frozenset({by.user_id, *(row["slack_user_id"] for row in portfolio.owners(tx) if row["slack_user_id"])})


def why_not(user_id: str, someone: Person | None, ours: Collection[str]) -> str | None:
    """Why a Slack user cannot be a contact, as a sentence; None where they can. `ours` are looking after accounts."""
    if someone is None:
        return f"Slack did not tell who {user_id} is; please try again in a moment."
    name = someone.name or user_id
    if someone.is_bot or someone.is_deleted:
        return f"{name} is no person who could be asked."
    if user_id in ours:
        return f"{name} looks after accounts; as a contact they would count as a client and could not ask for KPIs."
    return None


def row(account: Record, someone: Person, known: Record | None, now: datetime) -> dict[str, Any]:
    """The row of a contact: the stored one (`known`) confirmed, or a new one."""
    user = {"slack_user_id": someone.user_id, "slack_team_id": someone.team_id}
    if known is None:
        key = f"{MADE_BY_US}{account['account_id']}:{someone.team_id}:{someone.user_id}"
        named = {"contact": key, "name": someone.name or someone.user_id, "recorded_at": now.isoformat()}
    else:
        named = {"contact": known["key"], "name": known["name"] or someone.name or someone.user_id}
    confirmed = known["confirmed_at"] if known else None
    return {**named, "account": account["key"], **user, "confirmed_at": (confirmed or now).isoformat()}


def by_user(stored: Iterable[Record]) -> Mapping[str, Record]:
    """Stored contacts by their Slack user."""
    return {each["slack_user_id"]: each for each in stored if each["slack_user_id"]}

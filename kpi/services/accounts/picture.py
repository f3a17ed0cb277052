"""An account as a form sees it, in values that JSON takes: what audit keeps, and what tells people what changed."""

from collections.abc import Mapping
from typing import Any

from kpi.services.accounts import amounts, terms
from kpi.store import portfolio
from kpi.store.store import Record, Tx

Picture = dict[str, Any]
_COLUMNS = {
    "name": "name",
    "channel": "channel_id",
    "owner": "owner_name",
    "segment": "segment",
    "language": "language",
    "zone": "timezone",
}


def taken(tx: Tx, account_id: int | None) -> Picture:
    """The account now; empty where there is none."""
    row = None if account_id is None else portfolio.find(tx, account_id)
    if row is None or account_id is None:
        return {}
    course = portfolio.terms(tx, account_id)
    return {
        **{field: row[column] for field, column in _COLUMNS.items()},
        **{field: text or None for field, text in terms.texts(course[-1] if course else None).items()},
        "terms": len(course),
        "revenue": [_amount(paid) for paid in portfolio.recurring(tx, account_id)],
        "contacts": [_contact(each) for each in portfolio.contacts(tx, account_id)],
    }


def changes(before: Picture, after: Picture) -> Mapping[str, tuple[Any, Any]]:
    """By field, what was and what is, where that differs."""
    return {
        field: (before.get(field), now)
        for field, now in after.items()
        if now != before.get(field) and (now or before.get(field))
    }


def _amount(row: Record) -> dict[str, str | None]:
    ends_on = row["ends_on"]
    days = {"starts_on": row["starts_on"].isoformat(), "ends_on": ends_on and ends_on.isoformat()}
    return {**days, "amount": f"{amounts.major(row):f}", "currency": row["currency"]}


def _contact(row: Record) -> dict[str, str | bool | None]:
    who = {"contact": row["key"], "name": row["name"], "slack_user_id": row["slack_user_id"]}
    return {**who, "confirmed": row["confirmed_at"] is not None}

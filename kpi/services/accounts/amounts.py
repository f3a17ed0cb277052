"""A new monthly amount from a day on, beside those there are: what paid until then ends that day."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from kpi.records.money import exponent
from kpi.services.accounts.words import Amount
from kpi.store.store import Record

Row = dict[str, Any]


def listed(stored: Sequence[Record]) -> tuple[Amount, ...]:
    """Stored recurring rows, the latest first."""
    rows = reversed(stored)
    return tuple(Amount(row["starts_on"], row["ends_on"], major(row), row["currency"]) for row in rows)


def major(row: Record) -> Decimal:
    """A stored amount in major units, with all its decimals."""
    return Decimal(row["amount_minor"]).scaleb(-exponent(row["currency"]))


def usual_currency(stored: Sequence[Record], otherwise: str) -> str:
    """The currency of the latest amount."""
    return str(stored[-1]["currency"]) if stored else otherwise


def clash(stored: Sequence[Record], starts_on: date, currency: str) -> str | None:
    """Why no amount can begin that day: another one does that is told apart from it."""
    same_day = [row for row in stored if row["starts_on"] == starts_on]
    if any(row["key"] or row["currency"] != currency for row in same_day):
        said = " and ".join(f"{major(row)} {row['currency']}" for row in same_day)
        return f"{said} begin that day already; change them where they come from, or choose another day."
    return None


def change(stored: Sequence[Record], starts_on: date, amount: str, currency: str) -> list[Row]:
    """The rows of the change: what runs on that day ends, and the new amount takes the rest of its time.

    The rest goes up to the end of what it replaces, or to where the next amount begins.
    """
    replaced = [row for row in stored if row["starts_on"] < starts_on and (row["ends_on"] or date.max) > starts_on]
    same_day = [row for row in stored if row["starts_on"] == starts_on]
    later = [row["starts_on"] for row in stored if row["starts_on"] > starts_on]
    ends = [row["ends_on"] or date.max for row in (same_day or replaced)] or [date.max]
    ends_on = max(ends) if same_day else min([max(ends), *later])
    begun = {"starts_on": starts_on, "ends_on": ends_on, "amount": amount, "currency": currency, "revenue": ""}
    return [*(_ended(row, starts_on) for row in replaced), _texts(begun)]


def _ended(row: Record, ends_on: date) -> Row:
    kept = {"starts_on": row["starts_on"], "currency": row["currency"], "revenue": row["key"]}
    return _texts({**kept, "ends_on": ends_on, "amount": f"{major(row):f}"})


def _texts(row: Mapping[str, Any]) -> Row:
    ends_on = row["ends_on"]
    days = {"starts_on": row["starts_on"].isoformat(), "ends_on": "" if ends_on == date.max else ends_on.isoformat()}
    return {**row, **days, "kind": "recurring"}

"""From a folder of CSV files to what is known as of an instant."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Protocol, TypeVar

from tests.reference.asked import answers_of, surveys_of
from tests.reference.cells import Clock, Row, day, table, word
from tests.reference.facts import (
    Account,
    Book,
    Episode,
    Feedback,
    Interaction,
    Messages,
    Offer,
    Revenue,
    Term,
    Usage,
)


class OfAccount(Protocol):
    """Anything that belongs to an account."""

    @property
    def account(self) -> str: ...


T = TypeVar("T", bound=OfAccount)


def read(folder: Path, clock: Clock, currency: str) -> Book:
    """All that happened and was recorded by as_of. `currency` is the workspace's."""
    everyone = [row for row in table(folder, "accounts") if clock.past(clock.instant(row, "recorded_at"))]
    accounts = {row["account"]: row for row in everyone}

    def rows(name: str) -> list[Row]:
        return [row for row in table(folder, name) if row["account"] in accounts]

    def currencies(row: Row) -> str:
        return (row.get("currency") or accounts[row["account"]].get("currency") or currency).upper()

    return Book(
        accounts=[_account(row) for row in sorted(everyone, key=lambda row: row["account"])],
        terms=by_account(_term(row, clock) for row in rows("terms") if clock.began(row, "starts_on")),
        revenue=by_account(_revenue(row, currencies(row)) for row in rows("revenue") if clock.began(row, "starts_on")),
        offers=by_account(_offer(row, clock) for row in rows("offers") if clock.began(row, "offered_on")),
        messages=by_account(_messages(row) for row in rows("messages") if clock.began(row, "day")),
        usage=by_account(_usage(row) for row in rows("usage") if clock.began(row, "day")),
        episodes=by_account(_episode(row, clock) for row in rows("episodes") if clock.happened(row, "opened_at")),
        interactions=by_account(
            _interaction(row, clock) for row in rows("interactions") if clock.happened(row, "occurred_at")
        ),
        feedback=by_account(_feedback(row, clock) for row in rows("feedback") if clock.happened(row, "received_at")),
        surveys=surveys_of(folder, clock, accounts),
        answers=answers_of(folder, clock, accounts),
    )


def by_account(facts: Iterable[T]) -> Mapping[str, Sequence[T]]:
    """Facts by their account; an account without any has an empty list."""
    found: dict[str, list[T]] = defaultdict(list)
    for fact in facts:
        found[fact.account].append(fact)
    return found


def _account(row: Row) -> Account:
    owner, segment = row.get("owner") or None, row.get("segment") or None
    return Account(row["account"], row["name"], owner, segment, day(row, "observed_from"))


def _term(row: Row, clock: Clock) -> Term:
    ends_on = day(row, "ends_on")
    known = ends_on is not None and clock.past(_end_known(row, ends_on, clock))
    return Term(row["account"], _starts_on(row), ends_on if known else None)


def _end_known(row: Row, ends_on: date, clock: Clock) -> datetime:
    recorded = clock.instant(row, "end_recorded_at") or clock.instant(row, "recorded_at")
    return recorded or clock.midnight(day(row, "notice_on") or ends_on)


def _starts_on(row: Row) -> date:
    return date.fromisoformat(row["starts_on"])


def _revenue(row: Row, currency: str) -> Revenue:
    recurring = word(row.get("kind", "")) != "project"
    return Revenue(row["account"], recurring, _starts_on(row), day(row, "ends_on"), Fraction(row["amount"]), currency)


def _offer(row: Row, clock: Clock) -> Offer:
    decided_on = day(row, "decided_on")
    recorded = clock.instant(row, "decision_recorded_at") or clock.instant(row, "recorded_at")
    if decided_on is None or not clock.past(clock.midnight(decided_on), recorded):
        return Offer(row["account"], word(row["kind"]), None, None)
    return Offer(row["account"], word(row["kind"]), decided_on, word(row["outcome"]) == "won")


def _messages(row: Row) -> Messages:
    return Messages(row["account"], date.fromisoformat(row["day"]), int(row["from_client"]), int(row["from_us"]))


def _usage(row: Row) -> Usage:
    return Usage(row["account"], date.fromisoformat(row["day"]), float(row["value"]))


def _episode(row: Row, clock: Clock) -> Episode:
    opened_at = clock.instant(row, "opened_at")
    assert opened_at
    known = clock.past(clock.instant(row, "response_recorded_at"))
    return Episode(row["account"], opened_at, clock.known(row, "first_response_at") if known else None)


def _interaction(row: Row, clock: Clock) -> Interaction:
    occurred_at = clock.instant(row, "occurred_at")
    assert occurred_at
    return Interaction(row["account"], word(row["kind"]), clock.local(occurred_at))


def _feedback(row: Row, clock: Clock) -> Feedback:
    received_at = clock.instant(row, "received_at")
    assert received_at
    judged = clock.past(clock.instant(row, "triaged_at"))
    return Feedback(
        account=row["account"],
        received_at=received_at,
        actionable=judged and row.get("actionable", "").lower() in {"yes", "true", "1"},
        implemented_at=clock.known(row, "implemented_at"),
        declined_at=clock.known(row, "declined_at"),
        with_reason=bool(row.get("decline_reason")),
        told=clock.known(row, "client_told_at") is not None,
    )

"""Questions and answers as of an instant: edits folded, states told from times, owners at send."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from tests.reference.cells import Clock, Row, table, word
from tests.reference.facts import Answer, Survey

Rows = Mapping[str, Row]
"""Rows by their key."""


def keyed(folder: Path, name: str, key: str) -> dict[str, Row]:
    """The rows of a file by their key."""
    return {row[key]: row for row in table(folder, name)}


def surveys_of(folder: Path, clock: Clock, accounts: Rows) -> list[Survey]:
    """The questions asked by as_of."""
    interactions = keyed(folder, "interactions", "interaction")
    replies: dict[str, list[Row]] = defaultdict(list)
    for row in table(folder, "replies"):
        replies[row.get("survey", "")].append(row)
    found = []
    for row in table(folder, "surveys"):
        if row["account"] in accounts and clock.happened(row, "posted_at"):
            owner = _owner_at_send(row, interactions) or accounts[row["account"]].get("owner") or None
            outcome = _outcome(row, replies[row["survey"]], clock)
            found.append(Survey(row["account"], owner, _at(row, "posted_at", clock), outcome))
    return found


def _outcome(row: Row, replies: list[Row], clock: Clock) -> str:
    if any(clock.happened(reply, "answered_at") for reply in replies):
        return "answered"
    state = word(row["state"])
    if state == "answered" and not replies:
        return "answered"
    if clock.known(row, "expires_at") or (state == "expired" and not row.get("expires_at")):
        return "expired"
    return "open"


def _owner_at_send(row: Row, interactions: Rows) -> str | None:
    about = interactions.get(row.get("interaction", ""), {})
    return row.get("owner") or about.get("owner") or None


def answers_of(folder: Path, clock: Clock, accounts: Rows) -> list[Answer]:
    """The answers given by as_of, edits folded, in the order in which their first rows stand."""
    surveys, interactions = keyed(folder, "surveys", "survey"), keyed(folder, "interactions", "interaction")
    versions: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in table(folder, "replies"):
        if clock.happened(row, "answered_at"):
            versions[_identity(row)].append(row)
    folded = [_answer(rows, clock, accounts, surveys, interactions) for rows in versions.values()]
    return [answer for answer in folded if answer.account in accounts]


def _identity(row: Row) -> tuple[str, str]:
    """Rows with the same survey and contact are one answer; all others are one each."""
    survey, contact = row.get("survey", ""), row.get("contact", "")
    return (f"survey {survey}", contact) if survey and contact else (f"reply {row['reply']}", "")


def _answer(rows: list[Row], clock: Clock, accounts: Rows, surveys: Rows, interactions: Rows) -> Answer:
    first, *_ = ordered = sorted(rows, key=lambda row: (_at(row, "answered_at", clock), row["reply"]))
    last = ordered[-1]
    survey = surveys.get(last.get("survey", ""), {})
    account = last.get("account") or survey["account"]
    owner = last.get("owner") or _owner_at_send(survey, interactions) or _owner_at_send(last, interactions)
    return Answer(
        account=account,
        owner=owner or accounts.get(account, {}).get("owner") or None,
        respondent=f"contact {last['contact']}" if last.get("contact") else f"reply {first['reply']}",
        instrument=word(last.get("instrument") or survey["instrument"]),
        score=int(last["score"]),
        answered_at=_at(first, "answered_at", clock),
    )


def _at(row: Row, name: str, clock: Clock) -> datetime:
    found = clock.instant(row, name)
    assert found
    return found

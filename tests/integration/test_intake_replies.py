"""Answers that come in with gaps, out of order, or late."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from kpi.model import Scope
from kpi.records.catalog import BY_NAME
from kpi.services.intake import Taken
from kpi.store import facts, tables
from kpi.store.store import Store
from tests.books import Books
from tests.builders import BERLIN
from tests.sheets import intake


def put(store: Store, **row: Any) -> Taken:
    said = {"reply": "r", "account": "", "score": "5", "answered_at": "2026-09-01T10:00:00Z"}
    return intake(store).put(BY_NAME["replies"], [said | row], "test")


@pytest.fixture
def books(tenant: Store) -> Books:
    books = Books(tenant)
    books.accounts("acme", "beta")
    return books


def test_an_answer_of_nobodys_account_is_refused_not_dropped(books: Books) -> None:
    taken = put(books.store, instrument="csat")
    assert [(flaw.column, flaw.text) for flaw in taken.flaws] == [("account", "needed where there is no survey")]


def test_an_answer_that_does_not_repeat_its_survey_keeps_it_and_its_account(books: Books) -> None:
    asked = {"survey": "s", "account": "acme", "instrument": "csat", "posted_at": "2026-09-01", "state": "answered"}
    books.put("surveys", asked)
    put(books.store, survey="s", instrument="")
    assert put(books.store, instrument="", score=2).changed == 1
    assert [(row["score"], row["survey_id"] is None) for row in books.rows(tables.reply)] == [(2, False)]


VERSIONS = [
    ("2026-09-01T12:00:00", 5),
    ("2026-09-02T12:00:00", 2),
    ("2026-09-10T12:00:00", 3),
    ("2026-09-21T12:00:00", 1),
]
"""When, and what the answer's score was as far as anybody knew."""


def test_an_answers_score_is_the_last_that_was_given_and_known_by_then_whatever_came_in_first(books: Books) -> None:
    books.put("contacts", {"contact": "c", "account": "acme"})
    asked = {"survey": "s", "account": "acme", "contact": "c", "instrument": "csat"}
    books.put("surveys", {**asked, "posted_at": "2026-09-01", "state": "answered"})
    for key, score, at, recorded in (
        ("third", 3, "2026-09-03", ""),
        ("second", 2, "2026-09-02", ""),
        ("first", 5, "2026-09-01T10:00:00Z", ""),
        ("known late", 1, "2026-09-03T10:00:00Z", "2026-09-20T10:00:00Z"),
    ):
        books.answer(key, "acme", score, at, survey="s", contact="c", recorded_at=recorded)
    assert [(at, score_at(books, at)) for at, _ in VERSIONS] == VERSIONS


def score_at(books: Books, at: str) -> int:
    """The one answer's score as it was known then."""
    as_of = datetime.fromisoformat(at).replace(tzinfo=UTC)
    wanted = facts.Wanted(("answers",), Scope("workspace"), date(2026, 9, 1), date(2026, 10, 1), as_of, BERLIN)
    with books.store.transaction() as tx:
        (score,) = facts.load(tx, wanted).answers["score"]
    return int(score)

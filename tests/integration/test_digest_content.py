"""A digest says what its own period came to, whenever it is composed."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from bot.blocks.digest import digest_card
from kpi.model import Status
from kpi.services.digest_content import Digest
from kpi.services.questions import Question
from kpi.store.store import Store
from tests.builders import at
from tests.cards import EN
from tests.digest_office import MONDAY, Office, words

MONDAYS = [MONDAY + timedelta(weeks=week) for week in range(3)]
WEEKS = ["2026-W40", "2026-W41", "2026-W42"]
LATE_NOTE = 1
"""The block of a digest's card that says when it was due and when it was posted."""


@pytest.fixture
def office(store: Store) -> Office:
    """Ten clients since 2020, one of them lost in week 41, one on the first day after week 42."""
    office = Office(store, windows={"weekly": timedelta(days=30)})
    for number in range(10):
        account = office.portfolio.account(f"C{number}")
        office.portfolio.term(account, "2020-01-01", {3: "2026-10-07", 4: "2026-10-19"}.get(number))
    return office


def three_weeks_of_answers(office: Office) -> None:
    """60 %, 80 % and 100 % satisfied, 5 answers each; the last of week 41 in the last second of its Sunday."""
    for day, scores in (("2026-10-01", [5, 5, 5, 1, 1]), ("2026-10-07", [5, 5, 5, 1]), ("2026-10-13", [5] * 5)):
        office.portfolio.answers(scores, day)
    office.portfolio.reply(
        office.portfolio.account("Late"), 5, at("2026-10-11", 21) + timedelta(minutes=59, seconds=59)
    )


def composed(office: Office) -> list[Digest]:
    """Every digest that has fallen due by now."""
    found: list[Digest] = []

    def keep(digest: Digest) -> Mapping[str, Any]:
        found.append(digest)
        return words(digest)

    office.tick(keep)
    return found


def test_three_missed_weeks_caught_up_with_are_three_digests_each_with_its_own_weeks_values(office: Office) -> None:
    three_weeks_of_answers(office)
    office.subscribe(catch_up="all")
    office.now.at = MONDAYS[-1] + timedelta(days=2)
    digests = composed(office)
    assert [digest.period.key for digest in digests] == WEEKS
    csat = [digest.figures[0].value for digest in digests]
    assert [(value.period.key, value.value, value.n) for value in csat] == [
        (week, satisfied, 5) for week, satisfied in zip(WEEKS, (60, 80, 100), strict=True)
    ]
    before = [value.previous and value.previous.value for value in csat]
    assert before == [None, 60, 80]
    assert [digest.figures[2].value.details["lost"] for digest in digests] == [[], ["C3"], ["C4"]]
    seen = [figure.n for digest in digests if (figure := digest.figures[0].trailing)]
    assert seen == [5, 10, 15]


def test_a_digest_two_days_late_says_what_a_punctual_one_said_but_for_its_late_note(office: Office) -> None:
    three_weeks_of_answers(office)
    cards = []
    for late in (timedelta(), timedelta(days=2)):
        office.now.at = MONDAYS[1] + late
        with office.store.transaction() as tx:
            cards.append(digest_card(office.digests.composer.compose(tx, "weekly", MONDAYS[1]), EN))
    punctual, late_one = (card["blocks"] for card in cards)
    assert "late" in str(late_one.pop(LATE_NOTE))
    assert "as of" in str(punctual.pop(LATE_NOTE))
    assert late_one == punctual
    assert cards[0]["text"] == cards[1]["text"]


def test_a_digests_values_are_those_anybody_gets_who_asks_for_the_week(office: Office) -> None:
    three_weeks_of_answers(office)
    office.now.at = MONDAYS[1]
    for figure in office.digests.preview("weekly").figures:
        assert figure.value == office.reports.answer(Question(figure.value.key, period="2026-W41"))


def test_the_longer_view_ends_with_the_reported_week_and_knows_nothing_of_later(office: Office) -> None:
    three_weeks_of_answers(office)
    office.portfolio.reply(office.portfolio.account("After"), 1, at("2026-10-11", 22))  # Monday, midnight in Berlin
    office.now.at = MONDAYS[1]
    csat, _, churn = (figure.trailing for figure in office.digests.preview("weekly").figures)
    assert csat
    assert (csat.period.key, str(csat.period.start), str(csat.period.end)) == (
        "last 90 days",
        "2026-07-14",
        "2026-10-12",
    )
    assert (csat.n, csat.value) == (10, 70)
    assert churn
    assert (churn.period.key, str(churn.period.end)) == ("last 12 months", "2026-10-01")
    assert churn == office.reports.answer(Question("churn", as_of=churn.as_of))


def test_a_week_with_too_few_answers_is_withheld_beside_a_longer_view_that_is_not(office: Office) -> None:
    office.portfolio.answers([5] * 8, "2026-09-10")
    office.portfolio.answers([5, 1], "2026-10-01")
    office.now.at = MONDAY
    csat = office.digests.preview("weekly").figures[0]
    assert (csat.value.status, csat.value.value, csat.value.n) == (Status.INSUFFICIENT, None, 2)
    assert csat.trailing
    assert (csat.trailing.value, csat.trailing.n) == (90, 10)


def test_a_yearly_digest_is_the_last_twelve_months_and_says_them_once(office: Office) -> None:
    office.cadence = "yearly"
    office.now.at = at("2027-01-04")
    csat, _, churn = office.digests.preview("yearly").figures
    assert (churn.value.period.key, churn.value.details["lost"], churn.trailing) == ("2026", ["C3", "C4"], None)
    assert csat.trailing
    assert str(csat.trailing.period.end) == "2027-01-01"


def test_a_digest_reports_the_week_of_kpis_surveys_and_comments(office: Office) -> None:
    acme = office.portfolio.account("Acme")
    for score in (5, 5, 4, 1):
        office.portfolio.reply(acme, score, at("2026-09-30"))
    monday = at("2026-09-28")
    survey = office.portfolio.survey(acme, "answered", posted_at=monday, closed_at=monday)
    office.portfolio.reply(acme, 5, at("2026-10-01"), survey_id=survey, comment="Great <work>")
    office.portfolio.survey(acme, "suppressed", reason="opted_out", recorded_at=monday)
    office.portfolio.survey(acme, "suppressed", reason="opted_out", recorded_at=at("2026-10-05"))
    office.now.at = MONDAY
    digest = office.digests.preview("weekly")
    assert digest.period.key == "2026-W40"
    assert {figure.value.period.key for figure in digest.figures} == {"2026-W40"}
    trailing = [figure.trailing and figure.trailing.period.key for figure in digest.figures]
    assert trailing == ["last 90 days", "last 90 days", "last 12 months"]
    assert (digest.figures[0].value.value, digest.figures[0].value.n) == (80, 5)
    assert (digest.surveys.asked, digest.surveys.answered) == (1, 1)
    assert digest.surveys.suppressed == {"the contact asked not to be surveyed": 1}
    assert [(comment.account, comment.comment) for comment in digest.comments] == [("Acme", "Great <work>")]


def test_a_digest_counts_what_was_called_off_by_hand_and_answers_of_the_questions_whose_time_ended(
    office: Office,
) -> None:
    acme = office.portfolio.account("Acme")
    week = {"posted_at": at("2026-09-24"), "expires_at": at("2026-10-01")}
    for state in ["answered"] * 4 + ["expired"] * 2:
        office.portfolio.survey(acme, state, **week)
    office.portfolio.survey(acme, "posted", posted_at=at("2026-10-02"), expires_at=at("2026-10-09"))
    office.portfolio.survey(acme, "answered", posted_at=at("2026-10-02"), expires_at=at("2026-10-09"))
    office.portfolio.survey(acme, "cancelled", reason="A hard week.", decided_by="U0ANNA", closed_at=at("2026-10-01"))
    office.portfolio.survey(acme, "cancelled", reason="reopened", closed_at=at("2026-10-01"))
    office.now.at = MONDAY
    found = office.digests.preview("weekly").surveys
    assert (found.cancelled, found.skipped) == (2, 1)
    assert found.rate
    assert (round(found.rate.value or 0, 1), found.rate.n) == (66.7, 6)

"""How asking went: every question has one fate, and the rate is the KPI's."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from kpi.errors import KpiError
from kpi.model import Scope
from kpi.services.questions import Question
from kpi.services.reports import Reports
from kpi.services.surveys.coverage import coverage
from kpi.services.surveys.covered import Coverage, Line
from kpi.store import tables
from kpi.store.store import Store
from tests.builders import Portfolio, at
from tests.fakes import FakeNow
from tests.press import shipped

NOW = at("2026-10-05")
POSTED = at("2026-09-01")
SEPTEMBER = "2026-09"


@pytest.fixture
def portfolio(tenant: Store) -> Portfolio:
    tenant.count_by("Europe/Berlin", "EUR")
    return Portfolio(tenant)


def reports(portfolio: Portfolio) -> Reports:
    return Reports(portfolio.store, shipped(), FakeNow(NOW))


def told(portfolio: Portfolio, by: str = "account", scope: Scope | None = None, **more: Any) -> Coverage:
    period = more.pop("period", SEPTEMBER)
    return coverage(reports(portfolio), Question("", period, scope), by, **more)


def posted(portfolio: Portfolio, account_id: int, fates: Sequence[str], **more: Any) -> list[int]:
    """Questions of the first of September that were answered, declined, ran out or are open."""
    over = at("2026-09-08")
    columns = {
        "answered": {"state": "answered", "expires_at": over},
        "declined": {"state": "expired", "expires_at": over, "declined_at": over},
        "expired": {"state": "expired", "expires_at": over},
        "unswept": {"state": "posted", "expires_at": over},
        "open": {"state": "posted", "expires_at": at("2026-11-01")},
    }
    usual = {"posted_at": POSTED, "recorded_at": POSTED, **more}
    return [portfolio.survey(account_id, **{**usual, **columns[fate]}) for fate in fates]


def named(found: Coverage) -> dict[str | None, Line]:
    return {line.name: line for line in found.lines}


def test_every_question_has_one_fate_and_belongs_to_the_time_it_was_posted_or_decided(portfolio: Portfolio) -> None:
    acme = portfolio.account("Acme")
    posted(portfolio, acme, ["answered", "declined", "expired", "unswept", "open"])
    decided = {"recorded_at": POSTED}
    portfolio.survey(acme, "scheduled", due_at=NOW, **decided)
    under_way = portfolio.survey(acme, "scheduled", due_at=POSTED, **decided)
    portfolio.row(tables.delivery, kind="survey", audience="client", method="chat.postMessage", channel_id="C1",
                  payload={}, dedupe_key="one", state="unknown", survey_id=under_way, created_at=POSTED)  # fmt: skip
    for reason in ("asked_recently", "asked_recently", "no_channel"):
        portfolio.survey(acme, "suppressed", reason=reason, **decided)
    portfolio.survey(acme, "cancelled", reason="the interaction was reopened", closed_at=POSTED, **decided)
    portfolio.survey(acme, "cancelled", reason="A hard week.", decided_by="U0ANNA", closed_at=POSTED, **decided)
    portfolio.survey(acme, "failed", reason="is_archived", closed_at=POSTED, **decided)
    portfolio.survey(acme, "failed", reason="is_archived", closed_at=NOW, **decided)
    posted(portfolio, acme, ["answered"], posted_at=at("2026-08-01"))

    whole = told(portfolio).whole.tally

    assert (whole.answered, whole.declined, whole.expired, whole.open) == (1, 1, 2, 1)
    assert (whole.delivered, whole.failed, whole.on_its_way, whole.asked) == (5, 1, 1, 7)
    assert (whole.scheduled, whole.cancelled, whole.skipped) == (1, 1, 1)
    assert list(whole.suppressed.items()) == [
        ("they would be asked twice within the quiet time between two questions", 2),
        ("there is nowhere to ask: no channel, no Slack user, no link", 1),
    ]


def test_the_rate_and_its_interval_are_those_of_the_kpi_whole_by_account_and_by_owner(portfolio: Portfolio) -> None:
    anna, ben = portfolio.owner("Anna"), portfolio.owner("Ben")
    mixed = (["answered"] * 4 + ["expired"] * 3, ["answered"] * 2 + ["expired", "declined", "unswept"], ["expired"] * 2)
    for number, (fates, sent_by) in enumerate(zip(mixed, (anna, ben, anna), strict=True)):
        account_id = portfolio.account(f"Client {number}", owner_id=ben, segment="smb" if number else "big")
        posted(portfolio, account_id, [*fates, "open"], owner_at_send=sent_by)
    asked = reports(portfolio)
    scopes = [
        None,
        Scope("segment", "smb"),
        Scope("owner", "Anna"),
        Scope("owner", "Ben"),
        Scope("account", "Client 0"),
    ]
    for scope in scopes:
        kpi = asked.answer(Question("survey_response_rate", SEPTEMBER, scope))
        rate = told(portfolio, scope=scope).whole.rate
        assert (rate.value, rate.n, rate.interval) == (kpi.value, kpi.n, kpi.interval), scope
    by_owner = named(told(portfolio, "owner"))
    assert {name: line.rate.n for name, line in by_owner.items()} == {"Anna": 9, "Ben": 5}
    assert (
        by_owner["Ben"].rate.value
        == asked.answer(Question("survey_response_rate", SEPTEMBER, Scope("owner", "Ben"))).value
    )


@pytest.mark.parametrize("seed", range(3))
def test_the_rate_is_the_kpis_whatever_became_of_the_questions(portfolio: Portfolio, seed: int) -> None:
    draw = Random(seed)  # noqa: S311 not a secret
    owners = [portfolio.owner("Anna"), portfolio.owner("Ben"), None]
    clients = [portfolio.account(f"Client {number}", owner_id=draw.choice(owners)) for number in range(6)]
    days = [at("2026-08-31", 21), at("2026-08-31", 23), at("2026-09-10"), at("2026-09-30", 23), at("2026-10-04")]
    for _ in range(120):
        state, posted_at = draw.choice(["posted", "answered", "expired"]), draw.choice(days)
        expires_at = draw.choice([None, posted_at + timedelta(days=7), NOW + timedelta(days=1), NOW])
        recorded_at = draw.choice([posted_at, NOW + timedelta(hours=1)])
        times = {"posted_at": posted_at, "expires_at": expires_at, "recorded_at": recorded_at}
        survey = portfolio.survey(draw.choice(clients), state, **times, owner_at_send=draw.choice(owners))
        if draw.random() < 0.3:
            portfolio.reply(clients[0], 4, posted_at, survey_id=survey)
    asked = reports(portfolio)
    for period in (SEPTEMBER, "last 90 days", "2026-W40"):
        for scope in (None, Scope("owner", "Anna"), *(Scope("account", f"Client {number}") for number in range(6))):
            kpi = asked.answer(Question("survey_response_rate", period, scope))
            found = told(portfolio, scope=scope, period=period).whole
            assert (found.rate.value, found.rate.n, found.rate.interval) == (kpi.value, kpi.n, kpi.interval)
            assert kpi.exclusions == () or str(found.tally.open) in kpi.exclusions[0]


def test_below_five_questions_that_are_over_there_is_no_rate_and_a_reason(portfolio: Portfolio) -> None:
    posted(portfolio, portfolio.account("Few"), ["answered"] * 4 + ["open"])
    posted(portfolio, portfolio.account("None"), ["open"])
    posted(portfolio, portfolio.account("Enough"), ["answered"] * 5)
    found = told(portfolio)
    assert [line.name for line in found.lines] == ["Enough", "Few", "None"]
    rates = [line.rate for line in found.lines]
    assert [(rate.value, rate.n) for rate in rates] == [(100, 5), (None, 4), (None, 0)]
    assert rates[1].interval is None
    assert rates[1].reason == "Only 4 closed surveys; at least 5 are needed, so that small groups stay private."
    assert "No survey posted" in (rates[2].reason or "")


def test_by_programme_and_what_belongs_to_none_has_no_name(portfolio: Portfolio) -> None:
    acme = portfolio.account("Acme")
    posted(portfolio, acme, ["answered"] * 3, programme="csat")
    posted(portfolio, acme, ["expired"] * 5, programme="nps", instrument="nps")
    posted(portfolio, acme, ["open"])
    found = named(told(portfolio, "programme"))
    assert {name: line.tally.delivered for name, line in found.items()} == {"nps": 5, "csat": 3, None: 1}
    assert found["nps"].rate.value == 0
    with pytest.raises(KpiError, match="by account, by programme or by owner"):
        told(portfolio, "segment")


def test_silent_is_who_let_two_questions_run_out_in_half_a_year_and_answered_none(portfolio: Portfolio) -> None:
    names = ("Silent", "Once", "Answers", "Long ago", "Stranger", "Rich", "Old")
    silent, once, answers, long_ago, stranger, rich, old = (portfolio.account(name) for name in names)
    for account_id in (silent, answers, long_ago, stranger, rich):
        posted(portfolio, account_id, ["expired", "unswept"])
    posted(portfolio, silent, ["expired"], posted_at=at("2026-01-05"))
    posted(portfolio, once, ["expired", "open"])
    posted(portfolio, old, ["expired", "expired"], posted_at=at("2026-01-05"))
    portfolio.reply(answers, 5, at("2026-09-20"))
    portfolio.reply(long_ago, 5, at("2026-02-01"))
    (survey, *_) = posted(portfolio, stranger, ["open"])
    portfolio.row(tables.held_answer, survey_id=survey, slack_user_id="U0X", slack_team_id="T0X", name="Xenia",
                  score=4, answered_at=POSTED, edited_at=POSTED)  # fmt: skip
    portfolio.term(rich, "2026-01-01")
    portfolio.row(tables.revenue, account_id=rich, kind="recurring", starts_on=date(2026, 1, 1), amount_minor=90_000,
                  currency="EUR")  # fmt: skip
    found = told(portfolio)
    assert [(each.account, each.asked, each.since, each.last_answered_at, each.mrr) for each in found.silent] == [
        ("Rich", 2, POSTED, None, 900.0),
        ("Long ago", 2, POSTED, at("2026-02-01"), None),
        ("Silent", 2, at("2026-01-05"), None, None),
    ]
    assert [(each.account, each.name, each.answers) for each in found.strangers] == [("Stranger", "Xenia", 1)]
    assert [each.account for each in told(portfolio, scope=Scope("account", "Silent")).silent] == ["Silent"]


def test_silent_accounts_are_named_also_where_a_rate_of_exchange_is_missing(portfolio: Portfolio) -> None:
    acme = portfolio.account("Acme")
    posted(portfolio, acme, ["expired"] * 2)
    portfolio.term(acme, "2026-01-01")
    portfolio.row(tables.revenue, account_id=acme, kind="recurring", starts_on=date(2026, 1, 1), amount_minor=90_000,
                  currency="CHF")  # fmt: skip
    assert [(each.account, each.mrr) for each in told(portfolio).silent] == [("Acme", None)]


def test_who_wants_fewer_questions_or_none_is_listed_for_their_account_manager(portfolio: Portfolio) -> None:
    anna, ben = portfolio.owner("Anna"), portfolio.owner("Ben")
    acme, globex = portfolio.account("Acme", owner_id=anna), portfolio.account("Globex", owner_id=ben)
    for account_id, name, wish in (
        (acme, "Carla", {"opted_out_at": POSTED, "asked_less_at": at("2026-08-01")}),
        (acme, "Chris", {"asked_less_at": POSTED}),
        (acme, "Content", {}),
        (globex, "Gus", {"opted_out_at": POSTED}),
    ):
        portfolio.row(tables.contact, account_id=account_id, key=name.lower(), name=name, **wish)
    found = told(portfolio, scope=Scope("owner", "Anna")).wishes
    assert [(each.account, each.contact, each.no_more, each.since) for each in found] == [
        ("Acme", "Carla", True, POSTED),
        ("Acme", "Chris", False, POSTED),
    ]


def test_the_bounds_of_a_score_take_everybody_who_kept_silent_for_unhappy_and_for_happy(portfolio: Portfolio) -> None:
    acme = portfolio.account("Acme")
    carla, dora = portfolio.contact(acme, "Carla"), portfolio.contact(acme, "Dora")
    for score in (5, 5, 4, 1):
        (survey,) = posted(portfolio, acme, ["answered"])
        portfolio.reply(acme, score, at("2026-09-02"), survey_id=survey)
    portfolio.reply(acme, 5, at("2026-09-02"))
    posted(portfolio, acme, ["expired", "declined", "unswept", "open"])
    for number, score in enumerate((10, 9, 9, 7, 0)):
        whose = {"contact_id": carla} if number == 0 else {}
        portfolio.reply(acme, score, at("2026-09-02"), instrument="nps", **whose)
    for contact in (carla, dora, dora, None):
        posted(portfolio, acme, ["expired"], instrument="nps", contact_id=contact)
    csat, nps = told(portfolio, bounded=True).bounds
    assert (csat.value, csat.n, csat.silent, csat.worst, csat.best) == (80, 5, 3, 50, 87.5)
    assert (nps.value, nps.n, nps.silent) == (40, 5, 2)
    assert (round(nps.worst, 6), round(nps.best, 6)) == (0, round(400 / 7, 6))
    assert told(portfolio).bounds == ()


def test_silence_about_an_earlier_series_of_a_question_does_not_count_for_the_score_of_the_latest(
    portfolio: Portfolio,
) -> None:
    acme = portfolio.account("Acme")
    carla = portfolio.contact(acme, "Carla")
    for instrument, score in (("csat", 5), ("nps", 10)):
        for _ in range(5):
            (survey,) = posted(portfolio, acme, ["answered"], instrument=instrument, series=2)
            portfolio.reply(acme, score, at("2026-09-02"), survey_id=survey, instrument=instrument)
        (before,) = posted(portfolio, acme, ["answered"], instrument=instrument)
        portfolio.reply(acme, 0 if instrument == "nps" else 1, POSTED, survey_id=before, instrument=instrument,
                        contact_id=carla)  # fmt: skip
        posted(portfolio, acme, ["expired"] * 4, instrument=instrument, series=1)
        posted(portfolio, acme, ["expired"], instrument=instrument, series=2, contact_id=carla)
    assert [(each.value, each.n, each.silent) for each in told(portfolio, bounded=True).bounds] == [
        (100, 5, 1),
        (100, 5, 1),
    ]


def test_a_score_too_few_people_gave_has_no_bounds(portfolio: Portfolio) -> None:
    acme = portfolio.account("Acme")
    for _ in range(4):
        portfolio.reply(acme, 5, at("2026-09-02"))
    posted(portfolio, acme, ["expired"] * 9)
    assert told(portfolio, bounded=True).bounds == ()


def test_an_asker_who_sees_their_own_accounts_alone_hears_of_no_others(portfolio: Portfolio) -> None:
    anna, ben = portfolio.owner("Anna"), portfolio.owner("Ben")
    posted(portfolio, portfolio.account("Acme", owner_id=anna), ["expired"] * 2, owner_at_send=anna)
    posted(portfolio, portfolio.account("Globex", owner_id=ben), ["expired"] * 2, owner_at_send=ben)
    own = Question("", SEPTEMBER, Scope("owner", "Anna", anna), owners=frozenset({anna}))
    found = coverage(reports(portfolio), own, "account")
    assert ([line.name for line in found.lines], [each.account for each in found.silent]) == (["Acme"], ["Acme"])
    with pytest.raises(KpiError):
        coverage(reports(portfolio), replace(own, scope=Scope("account", "Globex")), "account")
    with pytest.raises(KpiError):
        coverage(reports(portfolio), replace(own, scope=None), "account")


def test_without_a_period_it_tells_of_the_last_90_days(portfolio: Portfolio) -> None:
    acme = portfolio.account("Acme")
    posted(portfolio, acme, ["expired"], posted_at=NOW - timedelta(days=80))
    posted(portfolio, acme, ["expired"], posted_at=NOW - timedelta(days=100))
    assert told(portfolio, period=None).whole.tally.delivered == 1
    assert told(portfolio, period=None).document()["period"]["key"] == "last 90 days"

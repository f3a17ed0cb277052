"""Facts as they were known at an instant."""

from datetime import date, datetime, timedelta

import pytest

from kpi.facts import Facts
from kpi.model import Scope
from kpi.store.facts import Wanted, load
from kpi.store.store import Store
from tests.builders import BERLIN, Portfolio, at

EVERYTHING = ("accounts", "terms", "answers")
OCTOBER = at("2026-10-05")


@pytest.fixture
def portfolio(store: Store) -> Portfolio:
    return Portfolio(store)


def known(portfolio: Portfolio, as_of: datetime = OCTOBER, scope: Scope | None = None, **more: object) -> Facts:
    window = {"first": date(2026, 7, 1), "end": date(2026, 10, 1), "zone": BERLIN, "needs": EVERYTHING}
    wanted = Wanted(**{**window, "scope": scope or Scope(), "as_of": as_of, **more})  # type: ignore[arg-type]  # mixed words
    with portfolio.store.transaction() as tx:
        return load(tx, wanted)


def scores(facts: Facts) -> list[int]:
    return sorted(facts.answers["score"].tolist())


def ends(facts: Facts) -> list[date | None]:
    return list(facts.terms["ends_on"])


def test_only_answers_of_the_window_are_read_by_local_midnights(portfolio: Portfolio) -> None:
    acme = portfolio.account("Acme")
    for score, instant in enumerate(
        ("2026-06-30T21:59:59Z", "2026-06-30T22:00:00Z", "2026-09-30T21:59:59Z", "2026-09-30T22:00:00Z"), 1
    ):
        portfolio.reply(acme, score, datetime.fromisoformat(instant))
    assert scores(known(portfolio)) == [2, 3]


def test_an_answer_given_or_recorded_after_as_of_does_not_exist(portfolio: Portfolio) -> None:
    acme = portfolio.account("Acme")
    portfolio.reply(acme, 1, at("2026-09-01"))
    portfolio.reply(acme, 2, at("2026-09-20"))
    portfolio.reply(acme, 3, at("2026-09-01"), recorded_at=at("2026-09-20"))
    assert scores(known(portfolio, at("2026-09-10"))) == [1]
    assert scores(known(portfolio)) == [1, 2, 3]


def test_an_answer_is_known_from_its_very_instant(portfolio: Portfolio) -> None:
    portfolio.reply(portfolio.account("Acme"), 4, at("2026-09-01"))
    assert scores(known(portfolio, at("2026-09-01"))) == [4]
    assert scores(known(portfolio, at("2026-09-01") - timedelta(microseconds=1))) == []


def test_an_edited_answer_keeps_its_first_instant_and_has_the_last_score_known_then(portfolio: Portfolio) -> None:
    reply = portfolio.reply(portfolio.account("Acme"), 5, at("2026-08-01"), edited_at=at("2026-09-20"))
    portfolio.edited(reply, [(1, at("2026-08-01")), (3, at("2026-08-10")), (5, at("2026-09-20"))])
    for as_of, score in (("2026-08-05", 1), ("2026-08-15", 3), ("2026-09-25", 5)):
        facts = known(portfolio, at(as_of))
        assert scores(facts) == [score]
        assert facts.answers["answered_at"].tolist() == [at("2026-08-01")]


def test_an_answer_edited_after_the_window_still_belongs_to_its_first_day(portfolio: Portfolio) -> None:
    reply = portfolio.reply(portfolio.account("Acme"), 5, at("2026-09-30"), edited_at=at("2026-10-02"))
    portfolio.edited(reply, [(2, at("2026-09-30")), (5, at("2026-10-02"))])
    assert scores(known(portfolio)) == [5]
    assert scores(known(portfolio, at("2026-10-01"))) == [2]


def test_one_contact_is_one_respondent_whatever_name_they_answered_under(portfolio: Portfolio) -> None:
    acme = portfolio.account("Acme")
    carla = portfolio.contact(acme, "Carla")
    for respondent in ("slack U1", "imported 7"):
        portfolio.reply(acme, 9, at("2026-09-01"), instrument="nps", respondent=respondent, contact_id=carla)
    portfolio.reply(acme, 3, at("2026-09-01"), instrument="nps", respondent="slack U2")
    assert known(portfolio).answers["respondent"].nunique() == 2


@pytest.mark.parametrize(
    ("recording", "known_from"),
    [
        ({"end_recorded_at": at("2026-08-20"), "recorded_at": at("2026-01-01")}, "2026-08-20"),
        ({"end_recorded_at": at("2026-08-20"), "notice_on": date(2026, 5, 1)}, "2026-08-20"),
        ({"notice_on": date(2026, 5, 1)}, "2026-05-01"),
        ({}, "2026-09-01"),
    ],
    ids=["when it was recorded", "also after a notice", "else from the notice", "else from the end itself"],
)
def test_before_its_end_is_known_a_term_runs(
    portfolio: Portfolio, recording: dict[str, object], known_from: str
) -> None:
    portfolio.term(portfolio.account("Acme"), "2020-01-01", "2026-09-01", **recording)
    assert ends(known(portfolio, at(known_from))) == [date(2026, 9, 1)]
    assert ends(known(portfolio, at(known_from) - timedelta(days=1))) == [None]


def test_an_end_recorded_with_its_term_is_known_with_it(portfolio: Portfolio) -> None:
    portfolio.term(portfolio.account("Acme"), "2020-01-01", "2026-09-01", recorded_at=at("2026-07-20"))
    assert ends(known(portfolio, at("2026-07-20"))) == [date(2026, 9, 1)]
    assert ends(known(portfolio, at("2026-07-19"))) == []


def test_a_date_is_known_from_its_midnight_in_the_workspace(portfolio: Portfolio) -> None:
    portfolio.term(portfolio.account("Acme"), "2020-01-01", "2026-09-01")
    midnight = datetime.fromisoformat("2026-08-31T22:00:00Z")
    assert ends(known(portfolio, midnight)) == [date(2026, 9, 1)]
    assert ends(known(portfolio, midnight - timedelta(seconds=1))) == [None]


def test_a_term_or_account_recorded_later_is_invisible_until_then(portfolio: Portfolio) -> None:
    late = portfolio.account("Late", recorded_at=at("2026-09-15"))
    portfolio.term(late, "2020-01-01")
    old = portfolio.account("Old")
    portfolio.term(old, "2020-01-01", recorded_at=at("2026-09-15"))
    portfolio.term(old, "2026-12-01")
    before, after = known(portfolio, at("2026-09-01")), known(portfolio)
    assert (before.accounts["name"].tolist(), len(before.terms)) == (["Old"], 0)
    assert (sorted(after.accounts["name"]), len(after.terms)) == (["Late", "Old"], 2)


def test_a_scope_goes_by_the_present_segment_and_owner(portfolio: Portfolio) -> None:
    anna, ben = portfolio.owner("Anna"), portfolio.owner("Ben")
    acme = portfolio.account("Acme", segment="large", owner_id=anna, observed_from=date(2026, 1, 1))
    globex = portfolio.account("Globex", segment="small", owner_id=ben)
    for number in (acme, globex):
        portfolio.term(number, "2020-01-01")
    for scope in (Scope("account", "Acme", acme), Scope("segment", "large", "large"), Scope("owner", "Anna", anna)):
        facts = known(portfolio, scope=scope)
        assert facts.accounts["account_id"].tolist() == [acme], scope
        assert facts.terms["account_id"].tolist() == [acme], scope
    assert facts.accounts["observed_from"].tolist() == [date(2026, 1, 1)]


def test_an_answer_belongs_to_the_owner_of_its_day_else_to_the_present_one(portfolio: Portfolio) -> None:
    anna, ben = portfolio.owner("Anna"), portfolio.owner("Ben")
    acme = portfolio.account("Acme", owner_id=ben)
    portfolio.reply(acme, 5, at("2026-09-01"), owner_id=anna)
    portfolio.reply(acme, 1, at("2026-09-01"))
    assert scores(known(portfolio, scope=Scope("owner", "Anna", anna))) == [5]
    assert scores(known(portfolio, scope=Scope("owner", "Ben", ben))) == [1]
    assert scores(known(portfolio, scope=Scope("account", "Acme", acme))) == [1, 5]


def test_a_frame_nobody_needs_stays_empty(portfolio: Portfolio) -> None:
    portfolio.term(portfolio.account("Acme"), "2020-01-01")
    facts = known(portfolio, needs=("accounts",))
    assert (len(facts.accounts), len(facts.terms), len(facts.answers)) == (1, 0, 0)


def test_only_answers_to_the_instruments_asked_for_are_read(portfolio: Portfolio) -> None:
    acme = portfolio.account("Acme")
    portfolio.reply(acme, 5, at("2026-09-01"))
    portfolio.reply(acme, 9, at("2026-09-01"), instrument="nps")
    assert scores(known(portfolio, instruments=("nps",))) == [9]
    assert scores(known(portfolio)) == [5, 9]

"""How large a sample is, and what cannot be asked for."""

from datetime import date

import pytest

from kpi.errors import Misfilled
from kpi.sources.sample import Plan, Wish, planned
from kpi.sources.sample.plan import months_later

UNTIL = date(2026, 10, 1)


def test_by_default_there_are_forty_accounts_and_two_years() -> None:
    assert planned(Wish(), UNTIL) == Plan(40, date(2024, 10, 1), UNTIL, 1)


def test_ten_million_events_are_two_thousand_accounts_in_thirty_six_months() -> None:
    plan = planned(Wish(events=10_000_000), UNTIL)
    assert (plan.accounts, plan.since) == (2_000, date(2023, 10, 1))


def test_a_tenth_of_the_events_are_the_same_accounts_in_a_tenth_of_the_time() -> None:
    plan = planned(Wish(events=1_000_000), UNTIL)
    assert plan.accounts == 2_000
    assert plan.days == round(1096 / 10)


@pytest.mark.parametrize(
    ("wish", "accounts", "days"),
    [
        (Wish(events=1_000_000, accounts=200), 200, 1096),
        (Wish(events=1_000_000, months=12), 600, 365),
        (Wish(accounts=7), 7, 730),
        (Wish(months=1), 40, 30),
    ],
)
def test_what_is_not_said_follows_from_what_is(wish: Wish, accounts: int, days: int) -> None:
    plan = planned(wish, UNTIL)
    assert (plan.accounts, plan.days) == (accounts, days)


@pytest.mark.parametrize(
    ("wish", "field", "sentence"),
    [
        (Wish(accounts=0), "accounts", "it can be 1 to 20,000"),
        (Wish(accounts=20_001), "accounts", "it can be 1 to 20,000"),
        (Wish(months=0), "months", "it can be 1 to 240"),
        (Wish(months=241), "months", "it can be 1 to 240"),
        (Wish(events=0), "events", "it can be 1 to"),
        (Wish(seed=-1), "seed", "it can be 0 to"),
        (Wish(accounts=2, months=3, events=1000), "events", "leave one out"),
        (Wish(events=1000), "events", "less than a day"),
        (Wish(events=10, months=12), "events", "are 0 accounts"),
        (Wish(events=1_000_000_000, accounts=10), "events", "there can be"),
    ],
)
def test_what_cannot_be_is_refused_with_its_field_and_what_can(wish: Wish, field: str, sentence: str) -> None:
    with pytest.raises(Misfilled, match=sentence) as refused:
        planned(wish, UNTIL)
    assert refused.value.field == field


@pytest.mark.parametrize("year", [1999, 2101])
def test_a_year_far_away_is_refused(year: int) -> None:
    with pytest.raises(Misfilled, match="the year can be 2000 to 2100"):
        planned(Wish(), date(year, 1, 1))


@pytest.mark.parametrize(
    ("day", "count", "later"),
    [
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
        (date(2026, 12, 1), 25, date(2029, 1, 1)),
    ],
)
def test_months_later_is_the_same_day_or_the_months_last(day: date, count: int, later: date) -> None:
    assert months_later(day, count) == later

"""What follows an interaction: which programme asks, when, and why not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.settings.conditions import rule
from kpi.model import Instrument
from kpi.policy import Calendar, SurveyPolicy
from kpi.policy.surveys import Budget, Programme
from kpi.services.surveys.budget import Ask, why_not
from kpi.services.surveys.rules import Case, Rules
from kpi.services.surveys.turns import Turn, due_from

UTC_ZONE = ZoneInfo("UTC")
NOW = datetime(2026, 9, 16, 10, tzinfo=UTC)
DAY = timedelta(days=1)
AFTER = Programme("after", Instrument.CSAT, ("meeting", "call"), working_hours=False)
CASE = Case(1, "acme", Calendar(UTC_ZONE, {}), {"kind": "meeting", "segment": "enterprise", "tag": ("vip", "late"),
                                               "term_age": 40}, frozenset({7}), "C1", ("thread",))  # fmt: skip


def verdict(*programmes: Programme, chance: float = 0.0, asks: tuple[Ask, ...] = (), **case: Any) -> tuple[Any, ...]:
    rules = Rules(SurveyPolicy({}, programmes or (AFTER,), Budget()), UTC_ZONE, lambda: chance)
    found = rules.after(replace(CASE, **case), (NOW, NOW), asks)
    return found.programme and found.programme.key, found.reason, found.due_at


def test_a_meeting_is_followed_after_the_delay() -> None:
    assert verdict() == ("after", None, NOW + timedelta(hours=3))


def test_the_first_programme_that_fits_asks() -> None:
    picky = replace(AFTER, key="picky", when=rule({"all": [{"segment": "small"}]}))
    calls = replace(AFTER, key="calls", kinds=("call",))
    assert verdict(calls, picky, AFTER)[0] == "after"
    assert verdict(calls, picky)[:2] == ("picky", "conditions")
    assert verdict(calls)[:2] == (None, "kind_not_asked")


@pytest.mark.parametrize(
    ("written", "holds"),
    [
        ({}, True),
        ({"all": [{"segment": ["enterprise", "mid"]}, {"tag": "vip"}]}, True),
        ({"all": [{"segment": {"not": ["enterprise"]}}]}, False),
        ({"all": [{"tag": {"not": ["vip"]}}]}, False),
        ({"any": [{"segment": "small"}, {"tag": "late"}]}, True),
        ({"any": [{"segment": "small"}, {"plan": "gold"}]}, False),
        ({"all": [{"term_age": {"at_least": "30d", "at_most": "60d"}}]}, True),
        ({"all": [{"term_age": {"at_least": "41d"}}]}, False),
        ({"all": [{"term_age": {"at_most": "0d"}}]}, False),
        ({"all": [{"segment": [" enterprise "]}]}, True),
        ({"all": [{"plan": {"not": ["trial"]}}]}, True),
        ({"all": [{"any": [{"segment": "small"}, {"all": [{"tag": "vip"}, {"kind": "meeting"}]}]}]}, True),
    ],
)
def test_conditions_read_as_they_are_written(written: Any, holds: bool) -> None:
    assert rule(written).holds(CASE.facts) is holds


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"opted_out": True}, "opted_out"),
        ({"places": ()}, "no_channel"),
        ({"languages": frozenset()}, "no_wording"),
    ],
)
def test_nobody_is_asked_who_cannot_or_will_not_be(changed: dict[str, Any], reason: str) -> None:
    assert verdict(**changed)[:2] == ("after", reason)


def test_an_account_can_be_left_alone() -> None:
    assert verdict(replace(AFTER, off=frozenset({"acme"})))[:2] == ("after", "switched_off")


def test_the_draw_decides_last() -> None:
    half = replace(AFTER, sample=0.5)
    assert verdict(half, chance=0.49)[1] is None
    assert verdict(half, chance=0.5)[1] == "not_sampled"


def asked(days: float, instrument: Instrument = Instrument.CSAT, **more: Any) -> Ask:
    usual = {"account_id": 1, "persons": frozenset({7}), "channel_id": "C1"}
    return Ask(**{**usual, "instrument": instrument, "at": NOW - days * DAY, **more})


@pytest.mark.parametrize(
    ("before", "reason"),
    [
        (asked(0.5), "asked_recently"),
        (asked(10), "asked_same"),
        (asked(30), None),
        (asked(10, Instrument.CES), "asked_other"),
        (asked(14, Instrument.CES), None),
        (asked(10, persons=frozenset({8})), None),
        (asked(10, persons=frozenset()), "asked_same"),
        (asked(10, persons=frozenset(), account_id=2), None),
        (asked(10, account_id=2), "asked_same"),
        (asked(0, persons=frozenset({8}), account_id=2), "channel_budget"),
        (asked(-10, Instrument.NPS, is_planned=True), "nps_first"),
        (asked(-20, Instrument.NPS, is_planned=True), None),
    ],
)
def test_each_limit_says_its_name(before: Ask, reason: str | None) -> None:
    assert why_not(Budget(), asked(0), [before], UTC_ZONE) == reason


def test_an_account_gets_two_in_thirty_days_and_keeps_room_for_a_planned_nps() -> None:
    colleagues = [asked(days, persons=frozenset({days})) for days in (20, 10)]
    new = asked(0, persons=frozenset({99}))
    assert why_not(Budget(), new, colleagues, UTC_ZONE) == "account_budget"
    assert why_not(Budget(), new, colleagues[:1], UTC_ZONE) is None
    planned = asked(-5, Instrument.NPS, persons=frozenset({3}), is_planned=True)
    assert why_not(Budget(), new, [colleagues[0], planned], UTC_ZONE) == "nps_first"
    nps = asked(0, Instrument.NPS, persons=frozenset({99}))
    csat = asked(-5, persons=frozenset({3}), is_planned=True)
    assert why_not(Budget(), nps, [colleagues[0], csat], UTC_ZONE) is None, "a planned CSAT keeps no NPS away"


def test_who_asked_for_less_is_asked_half_as_often() -> None:
    assert why_not(Budget(), asked(0), [asked(40)], UTC_ZONE, asked_less=True) == "asked_same"
    assert why_not(Budget(), asked(0), [asked(60)], UTC_ZONE, asked_less=True) is None


@pytest.mark.parametrize(
    ("last", "renews", "due"),
    [
        (None, None, 0),  # never asked: now
        (10, None, 170),  # every 180 days
        (10, 200, 80),  # 120 days before the renewal in 200, which is 90 days after the last
        (100, 130, 10),  # the window opens in 10 days
        (100, 300, 80),  # the regular turn comes before the window opens
        (30, 100, 60),  # the window is open already; 90 days after the last
        (10, 100, 170),  # they were asked in it
    ],
)
def test_a_turn_comes_by_the_calendar_or_before_the_renewal(last: int | None, renews: int | None, due: int) -> None:
    half_yearly = Programme("round", Instrument.NPS, every=180 * DAY, before_renewal=120 * DAY)
    rules = Rules(SurveyPolicy({}, (half_yearly,), Budget()), UTC_ZONE, lambda: 0.0)
    midnight = NOW.replace(hour=0)
    renewing = replace(CASE, renews_on=None if renews is None else (midnight + renews * DAY).date())
    turn = Turn(7, renewing, None if last is None else midnight - last * DAY)
    assert due_from(half_yearly, rules, turn, midnight) == midnight + due * DAY

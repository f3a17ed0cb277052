"""A year of 200 accounts, asked by the live rules: nobody too often, and everybody alike probably."""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from scipy.stats import binomtest

from kpi.model import Instrument
from kpi.policy import Calendar, SurveyPolicy
from kpi.policy.surveys import Budget, Programme
from kpi.services.surveys.budget import reach
from kpi.services.surveys.history import History
from kpi.services.surveys.moments import right_moment
from kpi.services.surveys.rules import Case, Rules
from kpi.services.surveys.simulating import Client, Happened, Outcome, Simulation
from tests.fatigue import Asked, violations

BERLIN = ZoneInfo("Europe/Berlin")
START = datetime(2026, 1, 1, tzinfo=UTC)
YEAR = timedelta(days=365)
OFFICE = Calendar(BERLIN, dict.fromkeys(range(5), ((540, 1020),)), "DE")
KINDS = ("meeting", "call", "support")
AFTER = Programme("after_contact", Instrument.CSAT, KINDS, sample=0.6)
ROUND = Programme("relationship", Instrument.NPS, every=timedelta(days=90), never_on=frozenset({0, 4}))
CES = Programme("effort", Instrument.CES, ("support",), sample=0.5)


def case(account: int, person: int | None, kind: str | None = None) -> Case:
    return Case(
        account_id=account,
        account=f"account-{account}",
        calendar=OFFICE,
        facts={"kind": kind},
        persons=frozenset() if person is None else frozenset({person}),
        channel_id=f"C{account // 2}",  # two accounts share a channel
        places=("thread",),
    )


def portfolio(accounts: int, seed: int, per_account: int = 45) -> tuple[list[Happened], list[Client]]:
    """Interactions of a year with six people of each account, some with nobody in particular."""
    draw = random.Random(seed)  # noqa: S311
    happened, clients = [], []
    for account in range(accounts):
        people = [account * 10 + number for number in range(6)]
        clients += [Client(each, str(each), case(account, each)) for each in people]
        for _ in range(per_account):
            person, kind = draw.choice([*people, None]), draw.choice(KINDS)
            at = START + timedelta(seconds=draw.randrange(int(YEAR.total_seconds())))
            happened.append(Happened(at, case(account, person, kind), str(person)))
    return happened, clients


def simulated(
    programmes: Sequence[Programme],
    portfolio: tuple[list[Happened], list[Client]],
    budget: Budget,
    seed: int = 1,
    days: int = 365,
) -> list[Outcome]:
    rules = Rules(SurveyPolicy({}, tuple(programmes), budget), BERLIN, random.Random(seed).random)  # noqa: S311
    return Simulation(rules, START, START + timedelta(days=days), History([], reach(budget))).run(*portfolio)


def asked(outcomes: Sequence[Outcome]) -> list[Asked]:
    return [
        Asked(
            each.ask.account_id, next(iter(each.ask.persons), None), each.ask.instrument, each.ask.channel_id, each.at
        )
        for each in outcomes
        if each.ask
    ]


def test_a_year_of_two_hundred_accounts_stays_within_every_budget() -> None:
    outcomes = simulated((AFTER, CES, ROUND), portfolio(200, 1), Budget())
    found = asked(outcomes)
    assert violations(Budget(), found, BERLIN) == []
    assert Counter(each.instrument for each in found).keys() == set(Instrument) - {Instrument.CES}
    assert len(found) > 2_000
    suppressed = Counter(each.reason for each in outcomes if each.reason)
    assert {"not_sampled", "nps_first", "account_budget", "asked_same", "not_drawn"} <= suppressed.keys()


@pytest.mark.parametrize("seed", range(4))
def test_other_budgets_hold_as_well(seed: int) -> None:
    draw = random.Random(seed)  # noqa: S311
    budget = Budget(
        floor=timedelta(hours=draw.choice([0, 6, 48])),
        between=timedelta(days=draw.choice([0, 3, 40])),
        same=dict.fromkeys(Instrument, timedelta(days=draw.choice([0, 5, 60]))),
        account_asks=draw.choice([None, 1, 3]),
        account_span=timedelta(days=draw.choice([7, 50])),
        channel_asks=draw.choice([None, 1, 2]),
    )
    after = replace(AFTER, kinds=("meeting", "call"), working_hours=draw.random() < 0.5)
    found = asked(simulated((after, CES, ROUND), portfolio(20, seed), budget, seed))
    assert len(found) > 50
    assert violations(budget, found, BERLIN) == []


def test_everybody_is_asked_in_working_hours_and_never_on_the_wrong_days() -> None:
    for each in simulated((AFTER, ROUND), portfolio(40, 2), Budget()):
        if each.ask:
            programme = ROUND if each.ask.instrument is Instrument.NPS else AFTER
            assert right_moment(programme, OFFICE, each.at) == each.at


@pytest.mark.parametrize("probability", [0.1, 0.5, 0.9])
def test_the_draw_takes_the_share_it_says(probability: float) -> None:
    free = Budget(timedelta(0), timedelta(0), {}, None, timedelta(0), None, timedelta(0))
    after = replace(AFTER, sample=probability)
    outcomes = simulated((after,), (portfolio(60, 3)[0], []), free)
    drawn = [each.reason is None for each in outcomes if each.reason in (None, "not_sampled")]
    assert {each.probability for each in outcomes} == {probability}
    assert binomtest(sum(drawn), len(drawn), probability).pvalue > 0.001


def test_when_an_account_has_not_room_for_all_each_of_its_people_is_as_likely() -> None:
    """With 6 contacts and 2 questions in 30 days, who comes first is chance: recorded, and the same for everybody."""
    first: Counter[str] = Counter()
    for seed in range(120):
        clients = portfolio(5, seed, per_account=0)[1]
        early = simulated((ROUND,), ([], clients), Budget(channel_asks=None), seed, days=14)
        assert {each.probability for each in early} == {1 / 3}
        first.update(str(int(each.contact or 0) % 10) for each in early if each.reason is None)
    assert sum(first.values()) == 120 * 5 * 2
    for number in range(6):
        assert binomtest(first[str(number)], 120 * 5, 1 / 3).pvalue > 0.001

"""What counts as an answer of a period, and when it may be shown."""

from datetime import UTC, datetime

import pytest

from kpi.metrics.catalog import CATALOG
from kpi.metrics.csat import csat
from kpi.metrics.evaluate import measures
from kpi.metrics.nps import nps
from kpi.model import Status
from kpi.periods import parse
from tests.portfolio import AS_OF, BERLIN, definition, facts, scored

SEPTEMBER = parse("2026-09", as_of=AS_OF, zone=BERLIN)
CSAT = next(kpi for kpi in CATALOG if kpi.key == "csat")
NOON = datetime(2026, 9, 15, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "counted"),
    [
        ("2026-08-31T21:59:59.999999Z", 0),
        ("2026-08-31T22:00:00Z", 1),
        ("2026-09-30T21:59:59.999999Z", 1),
        ("2026-09-30T22:00:00Z", 0),
    ],
)
def test_an_answer_belongs_to_its_local_day(at: str, counted: int) -> None:
    seen = facts(answers=[(1, "ann", "csat", 5, datetime.fromisoformat(at))])
    assert csat(seen, SEPTEMBER).n == counted


def test_an_answer_after_as_of_does_not_exist_yet() -> None:
    rows = [(1, "ann", "csat", 5, NOON), (1, "bob", "csat", 5, NOON.replace(minute=1))]
    seen = facts(answers=rows, as_of=NOON)
    assert csat(seen, parse("2026-09", as_of=NOON, zone=BERLIN)).n == 1


def test_every_csat_answer_counts_and_other_instruments_do_not() -> None:
    rows = [(1, "ann", "csat", score, NOON.replace(minute=score)) for score in (1, 3, 4, 5)]
    measure = csat(facts(answers=[*rows, (1, "ann", "nps", 10, NOON), (1, "ann", "ces", 7, NOON)]), SEPTEMBER)
    assert (measure.numerator, measure.denominator, measure.accounts) == (2, 4, 1)


def test_nps_takes_the_latest_answer_of_each_respondent_in_the_period() -> None:
    rows = [
        (1, "ann", "nps", 2, NOON),
        (1, "ann", "nps", 10, NOON.replace(day=20)),
        (1, "ann", "nps", 0, NOON.replace(month=10, day=1, hour=1)),
        (2, "bob", "nps", 7, NOON),
    ]
    measure = nps(facts(answers=rows), SEPTEMBER)
    assert (measure.value, measure.n) == (50, 2)
    assert measure.exclusions == ("1 earlier answer of people who answered again in this period",)


def test_at_the_same_instant_the_later_survey_counts_whatever_the_order() -> None:
    from kpi.facts import Facts, frame

    rows = [(1, None, "ann", survey, "nps", score, NOON, 1) for survey, score in ((7, 0), (8, 10), (None, 5))]
    for order in (rows, rows[::-1]):
        assert nps(Facts(AS_OF, BERLIN, answers=frame("answers", order)), SEPTEMBER).value == 100


def test_nps_tells_promoters_passives_detractors_and_the_mean_of_accounts() -> None:
    rows = [(1, f"a{i}", "nps", score, NOON) for i, score in enumerate((9, 10, 9))]
    rows += [(2, "b", "nps", 8, NOON), (3, "c", "nps", 6, NOON), (3, "d", "nps", 7, NOON)]
    measure = nps(facts(answers=rows), SEPTEMBER)
    assert measure.value == pytest.approx(100 * 2 / 6)
    assert measure.details == {"promoters": 3, "passives": 2, "detractors": 1, "account_weighted": (100 + 0 - 50) / 3}


@pytest.mark.parametrize(
    ("answers", "per_account", "status", "reason"),
    [
        (0, 1, Status.UNDEFINED, "No CSAT answers in this period."),
        (1, 1, Status.INSUFFICIENT, "Only 1 answer; at least 5 are needed, so that small groups stay private."),
        (4, 1, Status.INSUFFICIENT, "Only 4 answers; at least 5 are needed, so that small groups stay private."),
        (5, 1, Status.INDICATIVE, None),
        (29, 1, Status.INDICATIVE, None),
        (30, 4, Status.INDICATIVE, None),
        (30, 30, Status.INDICATIVE, None),
        (30, 3, Status.FULL, None),
    ],
)
def test_few_answers_or_few_accounts_say_less(answers: int, per_account: int, status: str, reason: str | None) -> None:
    (measure,) = measures(CSAT, definition("csat"), scored("csat", [5] * answers, per_account=per_account), [SEPTEMBER])
    assert (measure.status, measure.reason) == (status, reason)


def test_answers_that_cluster_in_accounts_widen_the_interval() -> None:
    agreeing = csat(scored("csat", [5] * 20 + [1] * 20, per_account=4), SEPTEMBER).interval
    mixed = csat(scored("csat", [5, 1] * 20, per_account=4), SEPTEMBER).interval
    alone = csat(scored("csat", [5, 1] * 20), SEPTEMBER).interval
    assert agreeing is not None
    assert mixed is not None
    assert alone is not None
    assert agreeing.low < mixed.low < alone.low
    assert agreeing.high > mixed.high > alone.high

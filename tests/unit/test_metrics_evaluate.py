"""A value comes with its comparable earlier one, whether the change is real, and whether the target is met."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from kpi.facts import Facts
from kpi.metrics.catalog import CATALOG
from kpi.metrics.document import to_json
from kpi.metrics.evaluate import evaluate
from kpi.model import KpiValue, Scope, Status
from kpi.periods import parse
from tests.portfolio import BERLIN, clients, definition, facts, scored

KPIS = {kpi.key: kpi for kpi in CATALOG}


def evaluated(key: str, seen: Facts, words: str = "2026-09", **more: Any) -> KpiValue:
    period = parse(words, as_of=seen.as_of, zone=BERLIN)
    better = KPIS[key].better
    return evaluate(KPIS[key], definition(key, better=better, **more), seen, period, Scope())


def two_months(august: list[int], september: list[int], instrument: str = "csat") -> Facts:
    rows = [
        (number, f"{month}/{number}", instrument, score, datetime(2026, month, 15, 12, tzinfo=UTC))
        for month, scores in ((8, august), (9, september))
        for number, score in enumerate(scores)
    ]
    return facts(answers=rows)


def test_a_clear_fall_is_beyond_noise_and_a_small_one_is_not() -> None:
    fall = evaluated("csat", two_months([5] * 40, [5] * 20 + [1] * 20)).change
    wobble = evaluated("csat", two_months([5] * 36 + [1] * 4, [5] * 34 + [1] * 6)).change
    assert fall is not None
    assert wobble is not None
    assert (fall.delta, fall.beyond_noise) == (-50, True)
    assert (wobble.delta, wobble.beyond_noise) == (-5, False)


def test_an_nps_change_is_centred_on_the_adjusted_difference() -> None:
    value = evaluated("nps", two_months([10] * 20 + [8] * 18 + [1] * 12, [10] * 30 + [8] * 15 + [1] * 5, "nps"))
    assert value.change is not None
    assert value.change.delta == 34
    assert value.change.low == pytest.approx(4.15584, abs=1e-4)
    assert value.change.high == pytest.approx(59.9951, abs=1e-4)
    assert value.change.beyond_noise


@pytest.mark.parametrize(
    ("august", "september"), [([5] * 4, [5] * 9), ([5] * 9, [5] * 4), ([], [5] * 9), ([5] * 9, [])]
)
def test_without_a_value_on_both_sides_there_is_no_change_and_no_earlier_value(
    august: list[int], september: list[int]
) -> None:
    value = evaluated("csat", two_months(august, september))
    assert value.change is None
    assert value.previous is not None
    assert (value.previous.period, value.previous.value, value.previous.n) == ("2026-08", None, len(august))


def test_small_groups_show_only_how_many_they_are() -> None:
    value = evaluated("nps", scored("nps", [10, 9, 2, 8]), target=50)
    assert (value.status, value.n) == (Status.INSUFFICIENT, 4)
    assert (value.value, value.numerator, value.denominator, value.interval) == (None, None, None, None)
    assert value.details == {}
    assert value.target is not None
    assert value.target.met is None


def test_a_workspace_may_ask_for_more_answers_but_never_fewer() -> None:
    answers = scored("csat", [5] * 7)
    assert evaluated("csat", answers, min_n=8).reason == (
        "Only 7 answers; at least 8 are needed, so that small groups stay private."
    )
    assert evaluated("csat", answers, min_n=7).value == 100
    assert evaluated("csat", scored("csat", [5] * 4), min_n=1).value is None
    assert evaluated("churn", clients(3, 1), min_n=5).value is not None


@pytest.mark.parametrize(
    ("key", "target", "met"), [("csat", 80, True), ("csat", 80.1, False), ("churn", 20, True), ("churn", 19.9, False)]
)
def test_a_target_is_met_in_the_better_direction(key: str, target: float, met: bool) -> None:
    seen = scored("csat", [5] * 32 + [1] * 8) if key == "csat" else clients(10, 2)
    value = evaluated(key, seen, target=target)
    assert value.target is not None
    assert value.target.met is met


@pytest.mark.parametrize(("target", "met"), [(80, None), (55, True), (96, False)])
def test_with_few_answers_a_target_inside_the_interval_cannot_be_judged_yet(target: float, met: bool | None) -> None:
    value = evaluated("csat", scored("csat", [5] * 10 + [1] * 2), target=target)
    assert value.target is not None
    assert (value.status, value.target.met) == (Status.INDICATIVE, met)


def test_churn_to_date_is_compared_with_as_many_days_of_the_month_before() -> None:
    seen = replace(clients(20, 2), as_of=datetime(2026, 9, 12, 12, tzinfo=UTC))
    value = evaluated("churn", seen, "this month")
    assert (value.value, value.period.complete, value.period.end) == (10, False, date(2026, 10, 1))
    assert value.previous is not None
    assert (value.previous.period, value.previous.value, value.previous.n) == ("2026-08-01..2026-08-12", 0, 20)


def test_the_document_has_the_promised_names_in_order_and_only_plain_values() -> None:
    document = to_json(evaluated("churn", clients(12, 2), target=5.0))
    again = json.loads(json.dumps(document, allow_nan=False))
    assert again == document
    assert " ".join(document) == (
        "key label unit period scope value n accounts numerator denominator interval status reason previous change "
        "target details formula exclusions definition_version as_of"
    )
    assert list(document["interval"]) == ["low", "high", "level", "method"]
    assert list(document["change"]) == ["delta", "low", "high", "beyond_noise"]
    assert document["period"] == {"key": "2026-09", "start": "2026-09-01", "end": "2026-10-01", "complete": True}
    assert document["as_of"] == "2026-10-01T12:00:00Z"
    assert document["details"]["lost"] == ["Client 001", "Client 002"]


def test_what_is_not_finite_is_null_in_the_document() -> None:
    value = replace(evaluated("csat", scored("csat", [5] * 9)), value=float("nan"), details={"a": [float("inf")]})
    document = to_json(value)
    assert (document["value"], document["details"]) == (None, {"a": [None]})


def test_the_same_facts_in_another_order_give_the_same_bytes() -> None:
    seen = scored("nps", [10, 9, 3, 7, 8, 9, 2, 10, 6] * 4, per_account=3)
    shuffled = replace(seen, answers=seen.answers.sample(frac=1, random_state=7))
    assert json.dumps(to_json(evaluated("nps", seen))) == json.dumps(to_json(evaluated("nps", shuffled)))

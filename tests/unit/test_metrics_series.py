"""Answers to a question that was worded anew: a figure is of one series, and is not compared with one of another."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.blocks.signals import signals_sentence
from kpi.metrics.catalog import CATALOG
from kpi.metrics.course import course
from kpi.metrics.document import to_json
from kpi.metrics.evaluate import evaluate
from kpi.metrics.series import marked
from kpi.model import KpiValue, PeriodRef, Scope, Status
from kpi.periods import parse, shift
from kpi.services.breakdowns import covered, set_apart
from kpi.services.publishing import basis
from tests.cards import EN
from tests.portfolio import AS_OF, BERLIN, definition, facts
from tests.samples import CSAT

KPIS = {kpi.key: kpi for kpi in CATALOG}
SURVEYED = pytest.mark.parametrize("key", ["csat", "nps", "ces"])
BEST, WORST = {"csat": 5, "nps": 10, "ces": 7}, {"csat": 1, "nps": 0, "ces": 1}
AUGUST, SEPTEMBER = datetime(2026, 8, 15, 12, tzinfo=UTC), datetime(2026, 9, 15, 12, tzinfo=UTC)
CHANGED = "the question's wording changed (series 1 → 2): not compared with 2026-08"

Answers = list[tuple[Any, ...]]


def answers(key: str, score: int, count: int, at: datetime, series: int = 1) -> Answers:
    """One each of `count` accounts, whose people are others at each instant."""
    return [(number, f"{at}/{series}/{number}", key, score, at, series) for number in range(1, count + 1)]


def valued(key: str, given: Answers, words: str = "2026-09") -> KpiValue:
    period = parse(words, as_of=AS_OF, zone=BERLIN)
    return evaluate(KPIS[key], definition(key), facts(answers=given), period, Scope())


@SURVEYED
def test_a_period_of_another_series_than_the_one_before_it_has_no_change_and_says_why(key: str) -> None:
    before = answers(key, BEST[key], 10, AUGUST)
    same, other = (valued(key, before + answers(key, WORST[key], 10, SEPTEMBER, series)) for series in (1, 2))
    assert same.change is not None
    assert same.exclusions == ()
    assert (other.change, other.exclusions) == (None, (CHANGED,))
    assert other.previous == same.previous, "what it was is still said"
    assert replace(other, change=same.change, exclusions=(), series=1) == same


@SURVEYED
def test_of_a_period_with_several_series_the_latest_counts_and_the_rest_is_said_to_be_left_out(key: str) -> None:
    mixed = [
        *answers(key, BEST[key], 3, SEPTEMBER, 1),
        *answers(key, BEST[key], 1, SEPTEMBER, 2),
        *answers(key, WORST[key], 6, SEPTEMBER + timedelta(days=1), 3),
    ]
    found = valued(key, mixed)
    alone = valued(key, answers(key, WORST[key], 6, SEPTEMBER + timedelta(days=1), 3))
    assert (found.n, found.value) == (6, -100.0 if key == "nps" else 0.0)
    assert found.exclusions == ("4 answers to an earlier wording of the question (series 1, 2)",)
    assert replace(found, exclusions=()) == alone


@SURVEYED
def test_a_period_before_counts_by_its_latest_series_too(key: str) -> None:
    before = answers(key, WORST[key], 7, AUGUST, 1) + answers(key, BEST[key], 6, AUGUST + timedelta(days=1), 2)
    found = valued(key, before + answers(key, BEST[key], 6, SEPTEMBER, 2))
    assert found.previous
    assert (found.previous.n, found.exclusions) == (6, ())
    assert found.change
    assert found.change.delta == 0


def test_one_answer_left_out_is_spoken_of_as_one() -> None:
    mixed = answers("csat", 5, 1, SEPTEMBER, 1) + answers("csat", 5, 5, SEPTEMBER, 2)
    assert valued("csat", mixed).exclusions == ("1 answer to an earlier wording of the question (series 1)",)


def test_a_person_who_answered_both_wordings_counts_once_and_is_said_once() -> None:
    rows = [(1, "ann", "nps", 0, SEPTEMBER, 1), (1, "ann", "nps", 6, SEPTEMBER + timedelta(days=1), 2)]
    rows += [(1, "ann", "nps", 10, SEPTEMBER + timedelta(days=2), 2)]
    found = valued("nps", rows + answers("nps", 9, 5, SEPTEMBER, 2))
    assert (found.n, found.value) == (6, 100)
    assert found.exclusions == (
        "1 earlier answer of people who answered again in this period",
        "1 answer to an earlier wording of the question (series 1)",
    )


@SURVEYED
def test_nothing_is_said_of_a_wording_nobody_answered_before(key: str) -> None:
    assert valued(key, answers(key, BEST[key], 6, SEPTEMBER, 2)).exclusions == ()
    assert valued(key, answers(key, BEST[key], 6, AUGUST, 1)).exclusions == ()


def test_it_is_said_also_where_there_are_too_few_answers_to_show() -> None:
    found = valued("csat", answers("csat", 5, 3, AUGUST, 1) + answers("csat", 5, 6, SEPTEMBER, 2))
    assert (found.change, found.exclusions) == (None, (CHANGED,))


given_answers = st.lists(
    st.tuples(st.integers(1, 5), st.integers(1, 3), st.integers(1, 5), st.integers(0, 60)), max_size=40
)


@SURVEYED
@settings(deadline=None, max_examples=25)
@given(given_answers, st.integers(2, 9))
def test_the_number_of_the_series_alone_changes_no_document(key: str, rows: Sequence[Any], series: int) -> None:
    def of(number: int) -> dict[str, Any]:
        made = [
            (account, f"{account}/{who}", key, score, SEPTEMBER - timedelta(days=45) + timedelta(days=day), number)
            for account, who, score, day in rows
        ]
        return to_json(valued(key, made))

    assert of(1) == of(series)


def test_what_a_value_rests_on_has_the_digest_it_had_before_there_were_series() -> None:
    first, second = (facts(answers=answers("csat", 5, 3, SEPTEMBER, series)) for series in (1, 2))
    was = replace(first, answers=first.answers.drop(columns="series"))
    digests = [basis.frames(KPIS["csat"], each)["answers"] for each in (was, first, second)]
    assert digests[0] == digests[1] != digests[2]


def months(values: Sequence[float | None], series: Sequence[int | None]) -> list[KpiValue]:
    starts = [shift(date(2025, 1, 1), "month", number) for number in range(len(values) + 1)]
    return [
        replace(
            CSAT,
            value=value,
            n=100,
            denominator=100,
            numerator=value,
            period=PeriodRef(f"{start:%Y-%m}", start, end, complete=True),
            series=one,
        )
        for value, one, start, end in zip(values, series, starts, starts[1:], strict=False)
    ]


def test_the_usual_range_of_a_trend_is_that_of_the_latest_series() -> None:
    values = months([50.0] * 6 + [84.0, 86.0, 85.0, 84.0, 86.0, 85.0], [1] * 6 + [2] * 6)
    found = course(KPIS["csat"], values)
    assert (found.points, found.centre, found.outside, found.runs) == (6, 85.0, (), ())
    assert signals_sentence(found, values, EN).endswith(
        "The question's wording changed: values before July 2025 are not compared."
    )
    one = [replace(value, series=1) for value in values]
    assert course(KPIS["csat"], one).points == 12
    assert "wording" not in signals_sentence(course(KPIS["csat"], one), one, EN)


def test_a_trend_says_where_each_series_begins_also_after_months_without_answers() -> None:
    found = marked(months([80.0, 80.0, None, 90.0, 90.0], [1, 1, None, 2, 2]))
    said = "the question's wording changed (series 1 → 2): not compared with 2025-02"
    assert [value.exclusions for value in found] == [(), (), (), (said,), ()]
    assert marked(found) == found, "once is enough"


def test_groups_of_an_earlier_series_say_so_beside_the_others() -> None:
    later, earlier, nobody = (replace(CSAT, series=series) for series in (2, 1, None))
    assert [value.exclusions for value in set_apart([later, earlier, nobody])] == [
        (),
        ("the question's wording changed (series 1 → 2): not compared with the others",),
        (),
    ]


def test_a_small_group_cannot_be_worked_out_from_a_whole_of_its_own_series() -> None:
    hidden = replace(CSAT, n=3, value=None, status=Status.INSUFFICIENT, series=2)
    shown, other = replace(CSAT, n=10, series=2), replace(CSAT, n=3, value=None, status=Status.INSUFFICIENT, series=1)
    found = covered([hidden, shown, other], 5)
    assert found[1].value is None, "six are hidden in all, but only three of them are in the whole"
    assert found[2] == other

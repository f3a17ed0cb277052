"""How good predictions were: scikit-learn's documented examples, and counting pairs."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.stats.scoring import average_precision, brier, brier_skill, precision_at, roc_auc

TRUTH, SCORES = [False, False, True, True], [0.1, 0.4, 0.35, 0.8]
ranked = st.lists(st.tuples(st.booleans(), st.integers(0, 5)), min_size=1, max_size=25)


def test_the_examples_scikit_learn_documents() -> None:
    assert brier([False, True, True, False], [0.1, 0.9, 0.8, 0.3]) == pytest.approx(0.0375)
    assert average_precision(TRUTH, SCORES) == pytest.approx(0.8333333)
    assert roc_auc(TRUTH, SCORES) == 0.75


def test_precision_counts_the_top_and_shares_a_tie_at_the_cut() -> None:
    assert precision_at(TRUTH, SCORES, 1) == 1
    assert precision_at(TRUTH, SCORES, 2) == 0.5
    assert precision_at([True, True, False, False], [0.9, 0.5, 0.5, 0.5], 2) == pytest.approx((1 + 1 / 3) / 2)


def test_more_than_there_are_cannot_be_called() -> None:
    assert precision_at(TRUTH, SCORES, 5) is None
    assert precision_at(TRUTH, SCORES, 0) is None


def test_saying_the_base_rate_has_no_skill_and_knowing_has_all() -> None:
    assert brier_skill(TRUTH, [0.5] * 4) == 0
    assert brier_skill(TRUTH, [0, 0, 1, 1]) == 1
    assert brier_skill(TRUTH, [1, 1, 0, 0]) == -3
    assert brier_skill(TRUTH, [0.25] * 4, base=0.25) == 0


def test_what_only_ever_happened_or_never_cannot_be_ranked() -> None:
    assert roc_auc([True, True], [0.2, 0.9]) is None
    assert average_precision([False], [0.3]) is None
    assert brier_skill([True], [0.3]) is None
    assert brier([], []) is brier_skill([], []) is roc_auc([], []) is None


@given(ranked)
def test_the_area_is_the_share_of_pairs_in_the_right_order(rows: list[tuple[bool, int]]) -> None:
    truth, scores = [each for each, _ in rows], [score for _, score in rows]
    pairs = [(a > b) + (a == b) / 2 for (hit, a), (other, b) in product(rows, rows) if hit and not other]
    assert roc_auc(truth, scores) == (pytest.approx(sum(pairs) / len(pairs)) if pairs else None)


@given(ranked)
def test_the_order_of_the_rows_is_nothing(rows: list[tuple[bool, int]]) -> None:
    for figure in (roc_auc, average_precision):
        both = [figure([hit for hit, _ in each], [score for _, score in each]) for each in (rows, rows[::-1])]
        assert both[0] == pytest.approx(both[1])


@given(ranked)
def test_all_called_is_the_base_rate(rows: list[tuple[bool, int]]) -> None:
    truth, scores = [each for each, _ in rows], [score for _, score in rows]
    assert precision_at(truth, scores, len(rows)) == pytest.approx(sum(truth) / len(rows))

"""Percentiles and the interval of a median, against scipy and exact chances."""

from itertools import product
from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import quantile_test

from kpi.stats.percentiles import median_interval, percentile


def test_percentiles_of_nist_and_numpy() -> None:
    assert percentile([10, 7, 4, 3, 2, 1], 50) == 3.5
    assert percentile([1, 2, 3, 4], 25) == 1.75
    assert percentile([1, 2, 3, 4], 25, "type 6") == 1.25


def test_the_nine_methods_are_numbered_as_by_hyndman_and_fan() -> None:
    found = [percentile(range(1, 11), 33, f"type {number}") for number in range(1, 10)]
    assert found == pytest.approx([4, 4, 3, 3.3, 3.8, 3.63, 3.97, 3.7433333333333333, 3.7575])


def test_of_ten_values_the_second_and_the_ninth_enclose_the_median() -> None:
    found = median_interval([7, 3, 1, 10, 2, 9, 4, 6, 5, 8])
    assert found is not None
    assert found[:3] == (5.5, 2, 9)
    assert found.coverage == pytest.approx(0.979, abs=6e-4)


def test_five_values_are_too_few_for_95_per_cent_but_not_for_90() -> None:
    assert median_interval([1, 2, 3, 4, 5]) is None
    assert median_interval([]) is None
    assert median_interval([1, 2, 3, 4, 5], level=0.9) == (3, 1, 5, 1 - 2 / 32)
    assert median_interval([1, 2, 3, 4, 5, 6]) == (3.5, 1, 6, 1 - 2 / 64)


@pytest.mark.parametrize(("n", "level"), [*product([6, 7, 20, 51, 400], [0.8, 0.95, 0.99])])
def test_the_coverage_is_reached_and_one_step_inward_would_miss_it(n: int, level: float) -> None:
    found = median_interval(range(1, n + 1), level)
    if found is None:
        assert 1 - 2 / 2**n < level
        return
    k = int(found.low)
    assert found.high == n + 1 - k
    assert found.coverage == pytest.approx(1 - 2 * sum(comb(n, i) for i in range(k)) / 2**n)
    assert found.coverage >= level > 1 - 2 * sum(comb(n, i) for i in range(k + 1)) / 2**n


@settings(deadline=None, max_examples=30)
@given(st.lists(st.integers(-50, 50), min_size=6, max_size=60))
def test_scipy_gives_the_same_interval(values: list[int]) -> None:
    theirs = quantile_test(values, p=0.5).confidence_interval(0.95)
    found = median_interval(values)
    assert found is not None
    assert (found.low, found.high) == (theirs.low, theirs.high)


def test_thousands_of_values_are_fine() -> None:
    found = median_interval(range(5000))
    assert found is not None
    assert 0.95 <= found.coverage < 0.9525

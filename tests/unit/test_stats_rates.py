"""Events per exposure, against R's manual, statsmodels and the definitions."""

from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import poisson
from statsmodels.stats.rates import confint_poisson

from kpi.stats.rates import garwood, overdispersion, rate_ratio


def test_an_exact_interval_is_the_one_in_rs_manual() -> None:
    assert garwood(137, 24.19893) == pytest.approx((4.753125, 6.692709), abs=1e-6)


@settings(deadline=None)
@given(st.integers(0, 400), st.floats(0.1, 1000), st.sampled_from([0.8, 0.95, 0.99]))
def test_statsmodels_has_the_same_interval_for_whole_counts(count: int, exposure: float, level: float) -> None:
    theirs = confint_poisson(count, exposure, method="exact-c", alpha=1 - level)
    assert garwood(count, exposure, level) == pytest.approx(theirs, rel=1e-9, abs=1e-12)


def test_the_ends_leave_a_fortieth_on_each_side() -> None:
    low, high = garwood(9, 1)
    assert poisson.sf(8, low) == pytest.approx(0.025)
    assert poisson.cdf(9, high) == pytest.approx(0.025)


def test_no_event_is_no_proof_of_none() -> None:
    assert garwood(0, 2) == pytest.approx((0, 3.688879454113936 / 2))


def test_a_broken_count_lies_between_its_neighbours() -> None:
    for below, count, above in ((0, 0.4, 1), (2, 2.5, 3)):
        lows, highs = zip(*(garwood(each, 1) for each in (below, count, above)), strict=True)
        assert list(lows) == sorted(lows)
        assert list(highs) == sorted(highs)
        assert garwood(count, 1).low < count < garwood(count, 1).high


def test_counts_that_scatter_more_than_chance_are_worth_less() -> None:
    assert overdispersion([2, 18], [1, 1]) == pytest.approx((8**2 / 10 + 8**2 / 10) / 1)
    assert overdispersion([10, 30, 20], [1, 3, 2]) == 1
    assert overdispersion([4, 0, 20], [10, 20, 30]) == pytest.approx(((4 - 4) ** 2 / 4 + 8**2 / 8 + 8**2 / 12) / 2)


def test_one_account_no_event_and_no_exposure_scatter_not_at_all() -> None:
    assert overdispersion([7], [30]) == 1
    assert overdispersion([0, 0], [30, 30]) == 1
    assert overdispersion([], []) == 1
    assert overdispersion([2, 18, 0], [1, 1, 0]) == overdispersion([2, 18], [1, 1])


@given(st.lists(st.tuples(st.integers(0, 50), st.floats(1, 31)), max_size=20))
def test_scatter_is_at_least_that_of_chance_in_any_order(rows: list[tuple[int, float]]) -> None:
    counts, exposures = [y for y, _ in rows], [e for _, e in rows]
    found = overdispersion(counts, exposures)
    assert found >= 1
    assert overdispersion(counts[::-1], exposures[::-1]) == found


def test_two_rates_are_compared_as_in_rs_manual() -> None:
    ratio, bounds, p = rate_ratio((11, 800), (21, 3011))
    assert ratio == pytest.approx(1.971488, abs=1e-6)
    assert bounds == pytest.approx((0.8584264, 4.277266), abs=1e-6)
    assert p == pytest.approx(0.07967, abs=1e-5)


def test_the_other_way_round_the_ratio_is_the_inverse() -> None:
    one, other = rate_ratio((11, 800), (21, 3011)), rate_ratio((21, 3011), (11, 800))
    assert one.ratio is not None
    assert other.ratio == pytest.approx(1 / one.ratio)
    assert other.bounds == pytest.approx((1 / one.bounds.high, 1 / one.bounds.low))
    assert other.p == pytest.approx(one.p)


def test_without_events_on_a_side_the_ratio_has_an_open_end() -> None:
    assert rate_ratio((0, 10), (5, 10)).ratio == 0
    assert rate_ratio((0, 10), (5, 10)).bounds.low == 0
    assert rate_ratio((5, 10), (0, 10)).ratio == inf
    assert rate_ratio((5, 10), (0, 10)).bounds.high == inf
    assert rate_ratio((0, 10), (0, 10)) == (None, (0, inf), 1)

"""Differences of two estimates with lopsided intervals."""

from math import inf, isnan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.stats.mover import Estimate, mover
from kpi.stats.proportions import Share, newcombe, wilson

ends = st.one_of(st.floats(0, 50), st.just(inf))
estimates = st.tuples(st.floats(-100, 100), ends, ends).map(lambda t: Estimate(t[0], t[0] - t[1], t[0] + t[2]))


def test_from_wilsons_intervals_it_is_newcombes() -> None:
    now, before = Share(0.8, 70), Share(0.6, 80)
    estimates = [Estimate(share.p, *wilson(share)) for share in (now, before)]
    assert mover(*estimates) == pytest.approx(newcombe(now, before))
    assert mover(*estimates) == pytest.approx((0.0524, 0.3339), abs=6e-5)


def test_each_end_takes_the_opposite_end_of_the_earlier_value() -> None:
    assert mover(Estimate(10, 7, 18), Estimate(6, 0, 10)) == (4 - 5, 4 + 10)


def test_an_infinite_end_opens_its_own_side_only() -> None:
    assert mover(Estimate(10, 7, inf), Estimate(6, 2, 10)) == (4 - 5, inf)
    assert mover(Estimate(10, 7, 14), Estimate(6, 3, inf)) == (-inf, 4 + 5)


@given(estimates, estimates)
def test_the_difference_lies_inside_and_turns_its_sign_with_the_order(now: Estimate, before: Estimate) -> None:
    low, high = mover(now, before)
    assert not isnan(low)
    assert not isnan(high)
    assert low <= now.value - before.value <= high
    assert mover(before, now) == (-high, -low)

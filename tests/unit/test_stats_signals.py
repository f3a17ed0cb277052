"""Charts, against NIST's handbook, NHS England's package and their rules."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.stats.signals import EwmaRule, ewma, p_chart, run_of_eight, standing, xmr

FLOW = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]
NHS = [
    *(-0.56047565, -0.23017749, 1.55870831, 0.07050839, 0.12928774, 1.71506499, 0.46091621, -1.26506123, -0.68685285),
    *(-0.44566197, 1.2240818, 0.35981383, 0.40077145, 0.11068272, 10, 1.78691314, 0.49785048, -1.96661716, 0.7013559),
    -0.47279141,
]
DRIFT = [52.0, 47.0, 53.0, 49.3, 50.1, 47.0, 51.0, 50.1, 51.2, 50.5, *FLOW]


def test_the_chart_of_nists_handbook() -> None:
    chart = xmr(FLOW, scale=3 / 1.128)
    assert (chart.mean, chart.moving_range) == pytest.approx((50.81, 1.8778), abs=5e-5)
    assert (chart.low, chart.high) == pytest.approx((45.8159, 55.8041), abs=6e-5)
    assert chart.signals == ()


def test_without_a_word_the_scale_is_wheelers() -> None:
    chart = xmr(FLOW)
    assert (chart.low, chart.high) == pytest.approx((45.8151, 55.8049), abs=6e-5)


def test_screening_leaves_out_great_leaps_as_nhs_does() -> None:
    chart = xmr(NHS, screen=True)
    assert (chart.mean, chart.low, chart.high) == pytest.approx((0.6694159, -2.383666, 3.722497), abs=2e-6)
    assert chart.outside == (14,)
    assert xmr(NHS).high > chart.high


def test_screening_of_a_flat_line_leaves_nothing_out() -> None:
    assert xmr([5, 5, 5], screen=True).moving_range == 0


def test_a_frozen_baseline_judges_what_comes_after() -> None:
    chart = xmr([*FLOW, 30], baseline=10)
    assert (chart.low, chart.high) == (xmr(FLOW).low, xmr(FLOW).high)
    assert chart.outside == (10,)


def test_both_rules_name_their_points() -> None:
    chart = xmr([3, 1, 3, 1, 3, 1, *[2.5] * 8, 90], baseline=6)
    assert chart.runs == (13, 14)
    assert chart.outside == (14,)
    assert chart.signals == (13, 14)


@pytest.mark.parametrize(
    ("sides", "points"),
    [
        ([1] * 7, ()),
        ([1] * 8, (7,)),
        ([-1] * 10, (7, 8, 9)),
        ([1] * 7 + [0] + [1] * 7, ()),
        ([1] * 4 + [-1] * 8, (11,)),
        ([0] * 20, ()),
        ([0] + [-1] * 8, (8,)),
    ],
)
def test_eight_in_a_row_on_one_side_are_a_signal(sides: list[int], points: tuple[int, ...]) -> None:
    assert run_of_eight([50 + side for side in sides], 50) == points


def test_each_share_has_limits_of_its_own_n() -> None:
    chart = p_chart([2, 30, 300], [10, 100, 1000], 0.2)
    assert [limit.high for limit in chart.limits] == pytest.approx([0.2 + 1.2 / n**0.5 for n in (10, 100, 1000)])
    assert chart.limits[0].low == 0
    assert chart.outside == (2,)


def test_a_share_is_held_against_limits_within_0_and_1() -> None:
    assert p_chart([5], [5], 0.9).limits[0].high == 1
    assert p_chart([5], [5], 0.9).outside == ()
    assert p_chart([4], [5], 1.0).outside == (0,)


def test_the_smoothed_chart_of_nists_handbook() -> None:
    chart = ewma(DRIFT, EwmaRule(50, 2.0539))
    assert chart.values[:4] == pytest.approx([50.6, 49.52, 50.56, 50.18], abs=0.0051)
    assert chart.values[-1] == pytest.approx(51.99, abs=0.0051)
    assert chart.limits[0] == chart.limits[-1] == pytest.approx((47.4115, 52.5884), abs=1e-3)
    assert chart.outside == ()


def test_exact_limits_begin_at_one_point_and_settle() -> None:
    rule = EwmaRule(0, 1, weight=0.2, width=3)
    steady, exact = ewma([0.0] * 40, rule), ewma([0.0] * 40, rule, exact=True)
    assert exact.limits[0].high == pytest.approx(3 * 0.2)
    assert exact.limits[1].high == pytest.approx(3 * (0.2**2 * (1 + 0.8**2)) ** 0.5)
    assert exact.limits[-1] == pytest.approx(steady.limits[-1], rel=1e-6)
    assert [limit.high for limit in exact.limits] == sorted(limit.high for limit in exact.limits)


def test_a_slow_drift_leaves_the_smoothed_limits() -> None:
    assert ewma([0.7] * 40, EwmaRule(0, 0.5, weight=0.2)).outside == tuple(range(5, 40))


@given(st.lists(st.floats(-100, 100), max_size=30))
def test_full_weight_on_the_newest_point_smooths_nothing(values: list[float]) -> None:
    assert ewma(values, EwmaRule(0, 10, weight=1.0)).values == tuple(values)


def test_few_points_make_no_chart_and_some_a_trial() -> None:
    assert [standing(points) for points in (0, 5, 6, 11, 12, 99)] == [
        *("no chart", "no chart", "trial", "trial", "firm", "firm")
    ]

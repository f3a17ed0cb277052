"""Curves of waiting, against statsmodels, R's printed figures and the definition."""

from fractions import Fraction
from math import exp, inf, isnan, log, sqrt

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from statsmodels.duration.survfunc import SurvfuncRight

from kpi.stats.survival import kaplan_meier, log_rank

waits = st.lists(st.tuples(st.integers(1, 12), st.booleans()), min_size=1, max_size=30)
late = st.lists(st.tuples(st.integers(0, 8), st.integers(1, 8), st.booleans()), min_size=1, max_size=30)


def slowly(rows: list[tuple[int, int, bool]]) -> dict[int, tuple[int, int, Fraction]]:
    """Per event time: at risk, events and S, counted one by one; rows are (entry, duration, observed)."""
    rows, found, survival = [row for row in rows if row[0] < row[1]], {}, Fraction(1)
    for time in sorted({duration for _, duration, seen in rows if seen}):
        n = sum(entry < time <= duration for entry, duration, _ in rows)
        d = sum(duration == time and seen for _, duration, seen in rows)
        survival *= Fraction(n - d, n)
        found[time] = (n, d, survival)
    return found


@settings(deadline=None)
@given(late)
def test_the_curve_is_the_defined_one(rows: list[tuple[int, int, bool]]) -> None:
    rows = [(entry, entry + length, seen) for entry, length, seen in rows]
    entries, durations, seen = zip(*rows, strict=True)
    curve, expected = kaplan_meier(durations, seen, entries), slowly(rows)
    assert curve.times.tolist() == list(expected)
    assert curve.at_risk.tolist() == [n for n, _, _ in expected.values()]
    assert curve.events.tolist() == [d for _, d, _ in expected.values()]
    assert curve.survival == pytest.approx([float(s) for _, _, s in expected.values()], abs=1e-15)


@settings(deadline=None)
@given(late)
def test_statsmodels_draws_the_same_curve_and_errors(rows: list[tuple[int, int, bool]]) -> None:
    entries = np.array([entry for entry, _, _ in rows])
    durations = entries + [length for _, length, _ in rows]
    seen = np.array([seen for _, _, seen in rows])
    assume(seen.any())
    curve, theirs = kaplan_meier(durations, seen, entries), SurvfuncRight(durations, seen, entry=entries)
    steps = np.isin(theirs.surv_times, curve.times)
    alive = curve.survival > 0
    assert theirs.surv_prob[steps] == pytest.approx(curve.survival, abs=1e-12)
    errors = (curve.survival * np.sqrt(np.where(alive, curve.variance, 0)))[alive]
    assert theirs.surv_prob_se[steps][alive] == pytest.approx(errors, rel=1e-9)


@settings(deadline=None)
@given(waits, st.sampled_from([0.1, 0.5, 0.9]))
def test_statsmodels_reads_the_same_quantile(rows: list[tuple[int, bool]], p: float) -> None:
    durations, seen = zip(*rows, strict=True)
    assume(any(seen))
    curve, theirs = kaplan_meier(durations, seen), SurvfuncRight(durations, seen)
    at_a_step = bool((np.abs(curve.survival - p) < 1e-9).any())
    if not at_a_step:  # there statsmodels goes one step further
        expected = theirs.quantile(1 - p)
        assert curve.quantile(p) == (None if isnan(expected) else expected)


@settings(deadline=None)
@given(waits)
def test_a_weight_is_that_many_subjects(rows: list[tuple[int, bool]]) -> None:
    durations, seen = (list(column) for column in zip(*rows, strict=True))
    weights = [1 + number % 3 for number in range(len(rows))]
    weighted = kaplan_meier(durations, seen, weights=weights)
    repeated = kaplan_meier(np.repeat(durations, weights), np.repeat(seen, weights))
    assert weighted.at_risk.tolist() == repeated.at_risk.tolist()
    assert weighted.survival.tolist() == repeated.survival.tolist()


def test_broken_weights_still_end_at_zero() -> None:
    curve = kaplan_meier([0, 0, 1, 2], [True, False, True, True], weights=[0.1, 0.2, 0.3, 0.7])
    assert curve.survival[-1] == 0
    assert curve.at(0) == pytest.approx(1.2 / 1.3)


def test_the_figures_r_prints_for_log_log_bands() -> None:
    curve = kaplan_meier([34, 32, 9, 19, 50, 48], [True, True, True, True, False, False])
    low, high = curve.bands()
    assert curve.survival == pytest.approx([0.833, 0.667, 0.5, 0.333], abs=6e-4)
    assert low == pytest.approx([0.2731, 0.1946, 0.1109, 0.0461], abs=6e-5)
    assert high == pytest.approx([0.975, 0.904, 0.804, 0.676], abs=6e-4)


def test_a_subject_counts_from_where_it_was_seen_as_in_r() -> None:
    curve = kaplan_meier([2, 10, 5, 4, 3], [True] * 5, entry=[1, 2, 4, 0, 0])
    assert curve.survival == pytest.approx([2 / 3, 4 / 9, 2 / 9, 1 / 9, 0])


def test_without_entries_an_event_at_zero_counts_and_with_them_nobody_is_there_yet() -> None:
    assert kaplan_meier([0, 2], [True, True]).at(0) == 0.5
    assert kaplan_meier([0, 2], [True, True], entry=[0, 0]).at(0) == 1


def test_a_quantile_is_the_first_time_the_curve_is_at_the_share_or_below() -> None:
    curve = kaplan_meier([1, 2, 3, 4], [True] * 4)
    assert [curve.quantile(p) for p in (0.75, 0.5, 0.4, 0.0)] == [1, 2, 3, 4]
    assert isinstance(curve.quantile(0.5), int)
    tenths = kaplan_meier(list(range(1, 11)), [True] * 10)
    assert [tenths.quantile(1 - share / 10) for share in range(1, 11)] == list(range(1, 11))


def test_a_median_that_is_not_reached_is_none_and_its_bound_infinite() -> None:
    curve = kaplan_meier([1, 5, 5, 5], [True, False, False, False])
    assert curve.quantile(0.5) is None
    assert curve.at(99) == 0.75
    assert curve.quantile_bounds(0.5) == (1, inf)


def test_the_bounds_of_a_median_read_the_bands() -> None:
    curve = kaplan_meier(list(range(1, 21)), [True] * 20)
    low, high = curve.bands()
    assert curve.quantile_bounds(0.5) == (curve.times[low <= 0.5][0], curve.times[high <= 0.5][0])
    narrow = curve.quantile_bounds(0.5, level=0.5)
    assert curve.quantile_bounds(0.5).low < narrow.low < narrow.high < curve.quantile_bounds(0.5).high


def test_bands_are_built_from_greenwoods_error() -> None:
    curve = kaplan_meier([1, 2, 3], [True, True, True])
    low, high = curve.bands(level=0.9)
    factor = exp(1.6448536269514722 * sqrt(1 / 6) / -log(2 / 3))
    assert (low[0], high[0]) == pytest.approx(((2 / 3) ** factor, (2 / 3) ** (1 / factor)))
    assert low[-1] == 0
    assert isnan(high[-1])


def test_nobody_gives_an_empty_curve() -> None:
    for curve in (kaplan_meier([], []), kaplan_meier([3, 4], [False, False]), kaplan_meier([3], [True], entry=[3])):
        assert curve.at(10) == 1
        assert curve.quantile(0.5) is None
        assert curve.quantile_bounds(0.5) == (inf, inf)


def test_two_curves_are_compared_as_r_does() -> None:
    control = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]
    treated = [6, 6, 6, 7, 10, 13, 16, 22, 23, 6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 25]
    chi2, p = log_rank((control, [True] * 21), (treated, [True] * 9 + [False] * 12))
    assert chi2 == pytest.approx(16.8, abs=0.05)
    assert p == pytest.approx(4.17e-5, abs=1e-7)


@pytest.mark.parametrize("other", [([], []), ([2], [True]), ([1, 2], [False, True])])
def test_events_that_tell_nothing_are_no_difference(other: tuple[list[int], list[bool]]) -> None:
    assert log_rank(([2, 2], [True, True]), other) == (0, 1)
    assert log_rank(([2, 3], [False, False]), ([2, 3], [False, False])) == (0, 1)

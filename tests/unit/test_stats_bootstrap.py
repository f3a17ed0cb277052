"""Drawn intervals, against scipy's own and the figures they must not make up."""

import warnings
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from kpi.stats import bootstrap
from kpi.stats.bootstrap import DRAWS, SEED, bca, percentile_change, ratio

Floats = NDArray[np.float64]


def accounts(n: int, seed: int = 7) -> Floats:
    """Money at the end and at the start, a few accounts being most of it."""
    rng = np.random.default_rng(seed)
    start = np.round(rng.lognormal(8, 1.2, n), 2)
    return np.stack([np.round(start * rng.choice([0, 0.7, 1, 1.1], n, p=[0.05, 0.1, 0.6, 0.25]), 2), start], axis=1)


def quotient(now: Any, before: Any, axis: int) -> Any:
    return now.sum(axis=axis) / before.sum(axis=axis)


def theirs(columns: Floats, level: float = 0.95, method: str = "BCa") -> tuple[float, float]:
    found = stats.bootstrap(
        (columns[:, 0], columns[:, 1]),
        quotient,
        paired=True,
        vectorized=True,
        n_resamples=DRAWS,
        confidence_level=level,
        method=method,
        rng=np.random.default_rng(SEED),
    )
    return float(found.confidence_interval.low), float(found.confidence_interval.high)


@pytest.mark.parametrize("n", [3, 8, 20, 57, 300])
@pytest.mark.parametrize("level", [0.95, 0.8])
def test_the_interval_is_scipys(n: int, level: float) -> None:
    columns = accounts(n, seed=n)
    assert bca(columns, ratio, level) == pytest.approx(theirs(columns, level), abs=1e-9)


def test_many_accounts_are_drawn_in_parts_and_give_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    columns = accounts(120)
    at_once = bca(columns, ratio)
    monkeypatch.setattr(bootstrap, "CELLS", 1000)
    assert bca(columns, ratio) == at_once
    monkeypatch.setattr(bootstrap, "CELLS", 1)
    assert bca(columns, ratio) == at_once


def test_a_statistic_may_use_more_columns_than_two() -> None:
    columns = np.column_stack([accounts(30), np.arange(30)])

    def three(sums: Floats) -> Floats:
        both: Floats = (sums[..., 0] + sums[..., 2]) / sums[..., 1]
        return both

    joined = np.stack([columns[:, 0] + columns[:, 2], columns[:, 1]], axis=1)
    assert bca(columns, three) == pytest.approx(bca(joined, ratio), abs=1e-12)


def test_one_account_or_none_has_no_interval() -> None:
    assert bca(accounts(1), ratio) is None
    assert bca(accounts(0), ratio) is None
    assert percentile_change(accounts(1), accounts(1), ratio) is None
    assert percentile_change(accounts(0), accounts(0), ratio) is None


def test_sums_in_another_order_are_no_change() -> None:
    now = np.array([[0.1, 1.0], [0.2, 1.0], [0.3, 1.0], [0.7, 1.0]])
    assert percentile_change(now, now[::-1][::-1], ratio) == (0, 0)
    assert bca(np.array([[0.1 + 0.2, 3.0], [0.3, 3.0], [0.3, 3.0]]), ratio) is None


def test_accounts_that_are_all_alike_have_none_either_as_with_scipy() -> None:
    same = np.tile([90.0, 100.0], (12, 1))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert np.isnan(theirs(same)).all()
    assert bca(same, ratio) is None


def test_a_single_draw_without_a_denominator_takes_the_interval_away() -> None:
    columns = accounts(6)
    columns[1:, 1] = 0
    assert bca(columns, ratio) is None
    assert percentile_change(columns, accounts(6), ratio) is None


def test_a_change_draws_the_same_accounts_on_both_sides() -> None:
    now, before = accounts(40, seed=1), accounts(40, seed=2)
    rows = np.random.default_rng(SEED).integers(0, 40, (DRAWS, 40))
    changes = ratio(now[rows].sum(axis=1)) - ratio(before[rows].sum(axis=1))
    assert percentile_change(now, before, ratio) == pytest.approx(np.percentile(changes, [2.5, 97.5]), abs=1e-12)


def test_no_change_anywhere_is_a_change_of_exactly_nothing() -> None:
    assert percentile_change(accounts(25), accounts(25), ratio) == (0, 0)


def test_against_a_fixed_figure_a_change_is_scipys_percentile_interval() -> None:
    columns = accounts(30)
    fixed = np.column_stack([columns[:, 1], columns[:, 1]])
    low, high = theirs(columns, method="percentile")
    assert percentile_change(columns, fixed, ratio) == pytest.approx((low - 1, high - 1), abs=1e-9)

"""Intervals and effective sample sizes, checked by other means than the formula in use."""

from fractions import Fraction
from math import isclose, log, sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi.stats import net_score, proportions
from kpi.stats.clustering import Sample, design_effect, effective_n, t_quantile
from kpi.stats.net_score import Tally
from kpi.stats.percentiles import percentile
from kpi.stats.proportions import Share, newcombe, wilson
from kpi.stats.rates import scaled, with_joiners
from kpi.stats.shifted_beta import ShiftedBeta, Tenure, fit

Z = 1.959963984540054
answers = st.lists(st.tuples(st.integers(1, 6), st.sampled_from([-1, 0, 1])), min_size=1, max_size=40)
shares = st.tuples(st.integers(0, 60), st.floats(0.2, 500)).map(lambda pair: Share(pair[0] / 60, pair[1]))


def slow_effective_n(pairs: list[tuple[int, int]]) -> float:
    """KPIS.md, Clustering, word by word, in fractions."""
    n, accounts = len(pairs), sorted({account for account, _ in pairs})
    m, mean = len(accounts), Fraction(sum(x for _, x in pairs), n)
    if m in (n, 1):
        return n
    var_s = sum((x - mean) ** 2 for _, x in pairs) / n / n
    per_account = [sum(x - mean for account, x in pairs if account == each) for each in accounts]
    var_c = Fraction(m, m - 1) * sum(each**2 for each in per_account) / n**2
    deff = max(Fraction(1), var_c / var_s) if var_s else Fraction(1)
    return float(n / deff) * (t_quantile(n - 1) / t_quantile(m - 1)) ** 2


@settings(deadline=None)
@given(answers)
def test_the_effective_n_is_the_defined_one(pairs: list[tuple[int, int]]) -> None:
    assert isclose(effective_n(Sample.of(pairs)), slow_effective_n(pairs), rel_tol=1e-12)


@settings(deadline=None)
@given(answers)
def test_the_order_of_answers_changes_no_bit(pairs: list[tuple[int, int]]) -> None:
    assert effective_n(Sample.of(pairs)) == effective_n(Sample.of(reversed(pairs)))


@settings(deadline=None)
@given(answers)
def test_clustered_answers_are_worth_at_most_as_many(pairs: list[tuple[int, int]]) -> None:
    sample = Sample.of(pairs)
    assert 0 < effective_n(sample) <= sample.n


def test_two_accounts_that_agree_within_themselves_are_worth_two_answers_before_the_t_factor() -> None:
    sample = Sample.of([(1, 1)] * 5 + [(2, 0)] * 5)
    assert design_effect(sample) == 20 / 2
    assert effective_n(sample) == pytest.approx(10 / 10 * (2.262157162798205 / 12.706204736174696) ** 2, rel=1e-12)


def test_one_answer_per_account_or_one_account_alone_stay_as_they_are() -> None:
    assert effective_n(Sample.of([(1, 1), (2, 0), (3, 1)])) == 3
    assert effective_n(Sample.of([(1, 1), (1, 0), (1, 1)])) == 3


def test_unanimous_answers_have_no_design_effect_but_still_pay_for_few_accounts() -> None:
    sample = Sample.of([(1, 1), (1, 1), (2, 1), (3, 1)])
    assert design_effect(sample) == 1
    assert effective_n(sample) == pytest.approx(4 * (3.1824463052837078 / 4.302652729749462) ** 2, rel=1e-9)


@settings(deadline=None)
@given(shares)
def test_wilson_bounds_solve_the_score_equation(share: Share) -> None:
    low, high = wilson(share)
    assert 0 <= low <= share.p <= high <= 1
    for bound in (low, high):
        assert (share.p - bound) ** 2 == pytest.approx(Z**2 * bound * (1 - bound) / share.n, rel=1e-6, abs=1e-12)


def test_wilson_touches_zero_and_one_exactly() -> None:
    assert wilson(Share(0.0, 40)).low == 0
    assert wilson(Share(1.0, 40)).high == 1


@settings(deadline=None)
@given(shares, shares)
def test_a_difference_turns_its_sign_with_the_order(now: Share, before: Share) -> None:
    low, high = newcombe(now, before)
    other = newcombe(before, now)
    assert low <= now.p - before.p <= high
    assert (low, high) == pytest.approx((-other.high, -other.low), abs=1e-12)


@settings(deadline=None)
@given(shares)
def test_newcombe_is_built_from_the_two_wilson_intervals(now: Share) -> None:
    before = Share(0.5, 20.5)
    (l1, u1), (l2, u2) = wilson(now), wilson(before)
    low, high = newcombe(now, before)
    d = now.p - before.p
    assert d - low == pytest.approx(sqrt((now.p - l1) ** 2 + (u2 - before.p) ** 2), abs=1e-12)
    assert high - d == pytest.approx(sqrt((u1 - now.p) ** 2 + (before.p - l2) ** 2), abs=1e-12)


@pytest.mark.parametrize("method", sorted(proportions.METHODS))
def test_every_named_interval_holds_the_share(method: str) -> None:
    low, high = proportions.METHODS[method](Share(0.25, 40), 0.95)
    assert low < 0.25 < high


def test_five_promoters_are_no_proof_of_a_hundred() -> None:
    low, high = net_score.adjusted_wald(Tally(5, 0, 0))
    assert low == pytest.approx(0.174915, abs=1e-6)
    assert high == 1


@settings(deadline=None)
@given(st.floats(0.05, 300), st.integers(0, 9), st.integers(0, 9), st.integers(1, 9))
def test_scaling_a_tally_keeps_its_shares(n: float, up: int, middle: int, down: int) -> None:
    tally = Tally(up, middle, down)
    assert tally.scaled(n).n == pytest.approx(n)
    assert tally.scaled(n).score == pytest.approx(tally.score)
    assert tally.scaled(n).variance == pytest.approx(tally.variance)


def test_a_net_score_difference_adds_both_variances() -> None:
    now, before = Tally(30, 15, 5), Tally(20, 18, 12)
    found = net_score.difference(now, before)
    assert found.delta == pytest.approx(0.5 - 0.16)
    assert found.error == pytest.approx(sqrt((0.7 - 0.25) / 50 + (0.64 - 0.0256) / 50))


def test_percentiles_name_their_method() -> None:
    values = [95.1772, 95.1567, 95.1937, 95.1959, 95.1442, 95.061, 95.1591, 95.1195, 95.1772, 95.0925, 95.199, 95.1682]
    assert percentile(values, 90) == pytest.approx(95.19568, abs=1e-9)
    assert percentile(values, 90, "type 6") == pytest.approx(95.19807, abs=1e-9)


def test_rates_compound_and_joiners_widen_the_base() -> None:
    assert scaled(0.05, 12) == pytest.approx(1 - 0.95**12)
    assert with_joiners(6, 100, 20) == 0.05
    assert with_joiners(0, 0, 0) is None


def test_a_late_entry_counts_only_from_where_it_was_seen() -> None:
    model = ShiftedBeta(0.7, 1.2)
    seen_late = [Tenure(3, 5, True)]
    survival = [1.0]
    for month in range(1, 6):
        survival.append(survival[-1] * model.retention(month))
    chance = (survival[4] - survival[5]) / survival[3]
    assert model.log_likelihood(seen_late) == pytest.approx(log(chance))


def test_a_model_is_recovered_from_its_own_survival() -> None:
    truth = ShiftedBeta(0.9, 2.5)
    survival = [1.0]
    for month in range(1, 25):
        survival.append(survival[-1] * truth.retention(month))
    tenures = [Tenure(0, t, True, survival[t - 1] - survival[t]) for t in range(1, 25)]
    found = fit([*tenures, Tenure(0, 24, False, survival[24])])
    assert found is not None
    assert found == pytest.approx(truth, rel=1e-4)


def test_without_a_loss_there_is_no_model() -> None:
    assert fit([Tenure(0, 12, False)]) is None

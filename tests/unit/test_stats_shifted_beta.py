"""The model of tenures: published fits, its borders, and a search that knows nothing of our shortcut."""

from math import exp, inf, lgamma
from time import process_time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize

from kpi.stats.shifted_beta import ShiftedBeta, Tenure, fit

HIGH_END = [1, 0.869, 0.743, 0.653, 0.593, 0.551, 0.517, 0.491]
REGULAR = [1, 0.631, 0.468, 0.382, 0.326, 0.289, 0.262, 0.241]


def yearly(survival: list[float]) -> list[Tenure]:
    lost = [Tenure(0, t, True, survival[t - 1] - survival[t]) for t in range(1, len(survival))]
    return [*lost, Tenure(0, len(survival) - 1, False, survival[-1])]


def simulated(n: int, seed: int, alpha: float, beta: float) -> list[Tenure]:
    """Clients first seen up to a year after their beginning, and watched for up to eight more."""
    rng = np.random.default_rng(seed)
    life, entry = rng.geometric(rng.beta(alpha, beta, n)), rng.integers(0, 12, n)
    last = entry + rng.integers(0, 96, n)
    rows = zip(entry.tolist(), life.tolist(), last.tolist(), strict=True)
    return [Tenure(e, min(end, seen), end <= seen) for e, end, seen in rows if end > e]


def searched(tenures: list[Tenure]) -> ShiftedBeta:
    def cost(logs: np.ndarray) -> float:
        alpha, beta = (exp(value) for value in logs)
        return -ShiftedBeta(alpha, beta).log_likelihood(tenures) if 0 < alpha < inf and 0 < beta < inf else inf

    found = minimize(cost, (0.0, 1.0), method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-12, "maxiter": 4000})
    return ShiftedBeta(*(exp(float(value)) for value in found.x))


@pytest.mark.parametrize(
    ("survival", "alpha", "beta", "likelihood"), [(HIGH_END, 0.668, 3.806, -1.611), (REGULAR, 0.704, 1.182, -1.680)]
)
def test_the_fits_of_fader_and_hardie(survival: list[float], alpha: float, beta: float, likelihood: float) -> None:
    model = fit(yearly(survival))
    assert model is not None
    assert model == pytest.approx((alpha, beta), abs=6e-4)
    assert model.log_likelihood(yearly(survival)) == pytest.approx(likelihood, abs=6e-4)


@pytest.mark.parametrize(("alpha", "beta", "seed"), [(0.9, 2.5, 1), (0.7, 30, 2), (2, 40, 3)])
def test_a_search_over_alpha_and_beta_ends_at_the_same_model(alpha: float, beta: float, seed: int) -> None:
    tenures = simulated(200, seed, alpha, beta)
    found, theirs = fit(tenures), searched(tenures)
    assert found is not None
    assert found == pytest.approx(theirs, rel=1e-4)
    assert found.log_likelihood(tenures) >= theirs.log_likelihood(tenures) - 1e-10


def test_the_order_and_the_splitting_of_weights_change_next_to_nothing() -> None:
    tenures = simulated(120, 5, 0.9, 8)
    halves = [tenure._replace(weight=0.5) for tenure in tenures]
    assert fit(tenures) == fit(tenures[::-1])
    assert fit([*halves, *halves]) == pytest.approx(fit(tenures), rel=1e-9)


def test_clients_who_are_all_alike_give_the_geometric_model() -> None:
    lost = [Tenure(0, month, True, 1000 * 0.97 ** (month - 1) * 0.03) for month in range(1, 61)]
    model = fit([*lost, Tenure(0, 60, False, 1000 * 0.97**60)])
    assert model is not None
    assert model.alpha + model.beta > 1e5
    assert [exp(model.log_survival(months)) for months in (1, 60, 600)] == pytest.approx(
        [0.97**months for months in (1, 60, 600)], rel=1e-3
    )


def test_losses_that_become_more_with_age_end_at_the_same_border() -> None:
    model = fit([Tenure(0, 12, True), Tenure(0, 13, True), Tenure(0, 12, True)])
    assert model is not None
    assert model.mean_loss == pytest.approx(3 / 37, rel=1e-6)
    assert model.retention(1) == pytest.approx(model.retention(500), rel=1e-4)


def test_all_lost_at_once_and_only_some_lost_at_once_have_a_model() -> None:
    everybody = fit([Tenure(0, 1, True), Tenure(0, 1, True)])
    some = fit([Tenure(0, 1, True), Tenure(0, 40, False), Tenure(0, 40, False)])
    assert everybody is not None
    assert some is not None
    assert everybody.mean_loss == pytest.approx(1)
    assert exp(some.log_survival(40)) == pytest.approx(2 / 3, rel=1e-4)


def test_only_late_entries_still_give_a_model() -> None:
    model = fit([Tenure(5, 6, True), Tenure(6, 9, False)])
    assert model is not None
    assert exp(model.log_survival(9) - model.log_survival(6)) > 0


def test_a_tenure_that_ended_before_it_was_seen_says_nothing() -> None:
    tenures = simulated(80, 6, 0.9, 8)
    assert fit([*tenures, Tenure(9, 4, True), Tenure(7, 7, True), Tenure(3, 9, True, 0)]) == fit(tenures)
    assert fit([Tenure(9, 4, True)]) is None
    assert fit([]) is None


@given(st.floats(0.05, 50), st.floats(0.05, 50), st.integers(0, 120))
def test_survival_is_the_quotient_of_two_beta_functions(alpha: float, beta: float, months: int) -> None:
    model = ShiftedBeta(alpha, beta)
    quotient = lgamma(beta + months) - lgamma(alpha + beta + months) - lgamma(beta) + lgamma(alpha + beta)
    assert model.log_survival(months) == pytest.approx(quotient, rel=1e-9, abs=1e-9)
    assert model.log_survivals(months)[-1] == pytest.approx(model.log_survival(months), rel=1e-12)
    assert len(model.log_survivals(months)) == months + 1


def test_thousands_of_tenures_are_quick() -> None:
    tenures = simulated(8000, 7, 0.9, 25)
    began = process_time()
    assert fit(tenures) is not None
    assert process_time() - began < 0.5

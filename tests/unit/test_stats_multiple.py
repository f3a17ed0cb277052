"""Many comparisons at once, against the published example and the definitions."""

from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import false_discovery_control
from statsmodels.stats.multitest import multipletests

from kpi.stats.multiple import benjamini_hochberg, bonferroni, holm

PUBLISHED = [
    *(0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344),
    *(0.0459, 0.324, 0.4262, 0.5719, 0.6528, 0.759, 1.0),
]
chances = st.lists(st.floats(0, 1), min_size=1, max_size=25)


def test_the_example_of_benjamini_and_hochberg() -> None:
    assert benjamini_hochberg(PUBLISHED, 0.05) == (True,) * 4 + (False,) * 11
    assert holm(PUBLISHED, 0.05) == (True,) * 3 + (False,) * 12
    assert bonferroni(PUBLISHED, 0.05) == (True,) * 3 + (False,) * 12


def test_the_order_is_the_callers() -> None:
    assert benjamini_hochberg([0.9, 0.001, 0.5], 0.1) == (False, True, False)
    assert holm([0.9, 0.001, 0.5], 0.1) == (False, True, False)


def test_nothing_compared_is_nothing_rejected() -> None:
    assert benjamini_hochberg([], 0.1) == holm([], 0.1) == ()


@given(chances, st.sampled_from([0.01, 0.05, 0.1, 0.2]))
def test_scipys_adjusted_chances_reject_the_same(p_values: list[float], q: float) -> None:
    adjusted = false_discovery_control(p_values)
    near = any(abs(each - q) < 1e-9 for each in adjusted)
    assert near or benjamini_hochberg(p_values, q) == tuple(adjusted <= q)


@settings(deadline=None, max_examples=20)  # statsmodels takes its time
@given(chances, st.sampled_from([0.01, 0.05, 0.2]))
def test_statsmodels_rejects_the_same(p_values: list[float], alpha: float) -> None:
    assert holm(p_values, alpha) == tuple(multipletests(p_values, alpha, "holm")[0])
    assert benjamini_hochberg(p_values, alpha) == tuple(multipletests(p_values, alpha, "fdr_bh")[0])
    assert bonferroni(p_values, alpha) == tuple(multipletests(p_values, alpha, "bonferroni")[0])


@given(chances, st.sampled_from([0.01, 0.05, 0.2]))
def test_the_stricter_the_fewer(p_values: list[float], alpha: float) -> None:
    counts = [sum(method(p_values, alpha)) for method in (bonferroni, holm, benjamini_hochberg)]
    assert counts == sorted(counts)
    assert counts[-1] <= sum(p <= alpha for p in p_values)

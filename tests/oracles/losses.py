"""Clients lost, and how long the others stay."""

from math import exp

from kpi.metrics.churn import churn
from kpi.stats import rates
from kpi.stats.shifted_beta import ShiftedBeta, Tenure, fit
from tests.oracles.given import Figures, spelled
from tests.oracles.surveys import SEPTEMBER
from tests.portfolio import clients

SPANS = {"daily": 12 / 365, "weekly": 84 / 365, "monthly": 1, "quarterly": 3, "half_yearly": 6, "annual": 12}
"""In months of a twelfth of 365 days."""


def churn_kind(given: Figures) -> Figures:
    start, joined = given["customers_start"], given.get("new_in_period", 0)
    lost = given["customers_lost"] if "customers_lost" in given else start + joined - given["customers_end"]
    value = churn(clients(start, lost, joined), SEPTEMBER).value
    return {
        "churn_rate": None if value is None else value / 100,
        "retention_rate": None if value is None else 1 - value / 100,
    }


def churn_with_joiners(given: Figures) -> Figures:
    found = rates.with_joiners(given["churned_in_30d"], given["active_30d_ago"], given["new_in_30d"])
    return {"churn_rate": found}


def churn_scaling(given: Figures) -> Figures:
    goal = given.get("to", "annual")
    source = next((span for span in SPANS if f"{span}_churn" in given), None)
    if source:
        rate, months = given[f"{source}_churn"], SPANS[source]
    else:
        rate, months = spelled(given, "churn", "churn_rate"), spelled(given, "days", "period_days") * SPANS["daily"]
    times = SPANS[goal] / months
    found = [rates.scaled(each, times) for each in rate] if isinstance(rate, list) else rates.scaled(rate, times)
    return {f"{goal}_churn": found}


def retention_projection(given: Figures) -> Figures:
    if "survival" in given:
        tenures = yearly(given["survival"])
        model = fit(tenures)
    else:
        tenures, model = [], ShiftedBeta(given["alpha"], given["beta"])
    if model is None:
        return {}
    years = range(1, given.get("years", 12) + 1)
    survival = model.log_survivals(len(years))
    return {
        **model._asdict(),
        "ll": model.log_likelihood(tenures) if tenures else None,
        "mean_churn": model.mean_loss,
        **{f"retention_year{year}": model.retention(year) for year in years},
        **{f"survival_year{year}": exp(survival[year]) for year in years},
    }


def yearly(survival: list[float]) -> list[Tenure]:
    """The shares lost in each year, and those who stayed to the last; survival begins with 1 at the start."""
    lost = [Tenure(0, t, True, survival[t - 1] - survival[t]) for t in range(1, len(survival))]
    return [*lost, Tenure(0, len(survival) - 1, False, survival[-1])]

"""Published figures against our arithmetic: `python -m tests.oracles FILE`.

FILE is a JSON list of {id, kpi, input, expected, tolerance}; exit status 1 when a figure is off.
`KINDS` says how each kind is computed, `NOT_BUILT` why one is passed over.
"""

import json
import sys
from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from math import erfc, sqrt
from pathlib import Path
from statistics import fmean, pstdev
from typing import Any

from kpi.metrics.churn import churn
from kpi.metrics.csat import csat
from kpi.metrics.nps import nps
from kpi.periods import parse
from kpi.stats import net_score, percentiles, proportions, rates
from kpi.stats.net_score import Tally
from kpi.stats.proportions import Share
from kpi.stats.shifted_beta import ShiftedBeta, Tenure, fit
from tests.portfolio import AS_OF, BERLIN, clients, scored

Figures = Mapping[str, Any]
SEPTEMBER = parse("2026-09", as_of=AS_OF, zone=BERLIN)


def listed(given: Figures) -> list[int]:
    """The scores one by one, whether given so or as counts {"5": 2, "1": 1}."""
    counts = given.get("counts", {})
    return list(given.get("scores", ())) or [int(score) for score, count in counts.items() for _ in range(count)]


def csat_kind(given: Figures) -> Figures:
    if "counts" in given or "scores" in given:
        top = given.get("top_box", [4, 5])
        hits = [score in top for score in listed(given)]
    else:
        hits = [number < given["satisfied"] for number in range(given["total"])]
    value = csat(scored("csat", [5 if hit else 1 for hit in hits]), SEPTEMBER).value
    return {"csat": value, "rounded": value and int(Decimal(value).quantize(Decimal(1), ROUND_HALF_UP))}


def csat_mean(given: Figures) -> Figures:
    return {"mean": fmean(listed(given))}


def tally(given: Figures) -> Tally:
    """Counts as given, or shares of n (1 when n is not said)."""
    if "share_promoter" in given or "share_detractor" in given:
        n, up, down = given.get("n", 1), given["share_promoter"], given["share_detractor"]
        return Tally(n * up, n * (1 - up - down), n * down)
    if "scores" in given or "counts" in given:
        details = nps(scored("nps", listed(given)), SEPTEMBER).details
        return Tally(details["promoters"], details["passives"], details["detractors"])
    return Tally(given["promoters"], given["passives"], given["detractors"])


def nps_kind(given: Figures) -> Figures:
    answers, scores = tally(given), listed(given)
    if not answers.n:
        return {"nps": None}
    return {
        "nps": nps(scored("nps", scores), SEPTEMBER).value if scores else 100 * answers.score,
        "variance_unit": answers.variance,
        "se_points": 100 * sqrt(answers.variance / answers.n),
        "mean": fmean(scores) if scores else None,
        "sd_population": pstdev(scores) if scores else None,
    }


def nps_interval(given: Figures) -> Figures:
    answers, level = tally(given), given.get("confidence", 0.95)
    used = answers.adjusted() if given.get("method") == "adjusted_wald" else answers
    low, high = net_score.wald(used, level)
    return {
        "nps_raw": 100 * answers.score,
        "adj_estimate": 100 * answers.adjusted().score,
        "lo": 100 * low,
        "hi": 100 * high,
        "ci_width_points": 100 * (high - low),
        "margin_points": 50 * (high - low),
        "se_points": 100 * sqrt(used.variance / used.n),
    }


def nps_change(given: Figures) -> Figures:
    pair = (tally(given["current"]), tally(given["previous"]))
    now, before = (each.adjusted() if given.get("method") == "adjusted_wald" else each for each in pair)
    difference = net_score.difference(now, before)
    low, high = difference.bounds(given.get("confidence", 0.95))
    z = difference.delta / difference.error
    return {
        "delta_points": 100 * difference.delta,
        "z": z,
        "p_value": erfc(abs(z) / sqrt(2)),
        "lo": 100 * low,
        "hi": 100 * high,
    }


def share_interval(given: Figures) -> Figures:
    interval = proportions.METHODS[given.get("method", "wilson")]
    low, high = interval(Share(given["count"] / given["n"], given["n"]), given.get("confidence", 0.95))
    return {"p": given["count"] / given["n"], "lo": low, "hi": high}


def share_change(given: Figures) -> Figures:
    now = Share(given["count_current"] / given["n_current"], given["n_current"])
    before = Share(given["count_previous"] / given["n_previous"], given["n_previous"])
    low, high = proportions.newcombe(now, before, given.get("confidence", 0.95))
    return {"diff": now.p - before.p, "lo": low, "hi": high}


def churn_kind(given: Figures) -> Figures:
    seen = clients(given["customers_start"], given["customers_lost"], given.get("new_in_period", 0))
    value = churn(seen, SEPTEMBER).value
    return {
        "churn_rate": None if value is None else value / 100,
        "retention_rate": None if value is None else 1 - value / 100,
    }


def churn_with_joiners(given: Figures) -> Figures:
    return {"churn_rate": rates.with_joiners(given["churned_in_30d"], given["active_30d_ago"], given["new_in_30d"])}


def churn_scaling(given: Figures) -> Figures:
    spans = {"monthly_churn": 1, "quarterly_churn": 3, "half_yearly_churn": 6, "annual_churn": 12}
    source = next(name for name in spans if name in given)
    goal = f"{given.get('to', 'annual')}_churn"
    rate, times = given[source], spans[goal] / spans[source]
    return {goal: [rates.scaled(each, times) for each in rate] if isinstance(rate, list) else rates.scaled(rate, times)}


def retention_projection(given: Figures) -> Figures:
    if "survival" in given:
        shares = given["survival"]
        tenures = [Tenure(0, t, True, shares[t - 1] - shares[t]) for t in range(1, len(shares))]
        tenures.append(Tenure(0, len(shares) - 1, False, shares[-1]))
        model = fit(tenures)
        if model is None:
            return {}
        likelihood = model.log_likelihood(tenures)
    else:
        model, likelihood = ShiftedBeta(given["alpha"], given["beta"]), None
    yearly = {f"retention_year{year}": model.retention(year) for year in range(1, 13)}
    return {**model._asdict(), "ll": likelihood, "mean_churn": model.mean_loss, **yearly}


def percentile(given: Figures) -> Figures:
    method = "type 6" if any(word in given.get("method", "") for word in ("weibull", "type 6")) else "type 7"
    return {"value": percentiles.percentile(given["values"], given["p"], method)}


KINDS: dict[str, Callable[[Figures], Figures]] = {
    "csat": csat_kind,
    "csat_ci": share_interval,
    "csat_mean": csat_mean,
    "nps": nps_kind,
    "nps_ci": nps_interval,
    "nps_change_test": nps_change,
    "proportion_change": share_change,
    "churn_rate": churn_kind,
    "churn_rate_stripe": churn_with_joiners,
    "churn_ci": share_interval,
    "churn_scaling": churn_scaling,
    "retention_projection": retention_projection,
    "percentile": percentile,
}

NOT_BUILT = {
    "gross_mrr_churn": "revenue KPIs",
    "gross_mrr_churn_daily_sum": "revenue KPIs",
    "nrr_grr": "revenue KPIs",
    "sales_growth_rate": "revenue KPIs",
    "clv_formula": "lifetime value",
    "clv_predictive": "lifetime value of clients without a contract is not offered",
    "clv_predictive_discrete": "lifetime value of clients without a contract is not offered",
    "response_time_business": "business time",
    "response_time_calendar": "business time",
    "median_ci": "medians",
    "communication_frequency_ci": "rates of contact",
    "communication_frequency_change": "rates of contact",
    "engagement_score_raw": "engagement",
    "upsell_rate": "offers",
    "feedback_implementation_rate": "feedback",
    "signal_xmr": "signals",
    "signal_ewma": "signals",
    "multiple_comparisons": "signals",
    "retention_curve": "survival curves",
    "retention_curve_compare": "survival curves",
    "retention_curve_left_truncated": "survival curves",
    "churn_hazard_model": "churn risk",
    "churn_risk_calibration": "churn risk",
    "churn_risk_ranking": "churn risk",
}


def near(found: Any, expected: Any, tolerance: float) -> bool:
    """Equal within the tolerance; lists and objects part by part, null only to null."""
    if isinstance(expected, dict):
        return isinstance(found, Mapping) and all(near(found.get(key), expected[key], tolerance) for key in expected)
    if isinstance(expected, list):
        pairs = zip(found, expected, strict=False) if isinstance(found, list) else ()
        return isinstance(found, list) and len(found) == len(expected) and all(near(*p, tolerance) for p in pairs)
    if expected is None or found is None:
        return expected is found
    return bool(abs(found - expected) <= tolerance + 1e-12)


def faults(case: Figures) -> list[str]:
    """What is wrong with one case, one sentence each; empty when every expected figure is met."""
    tolerance = case["tolerance"]
    try:
        found = KINDS[case["kpi"]](case["input"])
    except (KeyError, StopIteration, TypeError, ValueError, ZeroDivisionError) as fault:
        return [f"{case['id']}: its input is not understood: {fault!r}"]
    return [
        f"{case['id']}: {name} should be {expected}, is {found.get(name)}"
        for name, expected in case["expected"].items()
        if not near(found.get(name), expected, tolerance[name] if isinstance(tolerance, dict) else tolerance)
    ]


def main(path: str) -> int:
    """Print every fault and the counts; 0 when nothing failed."""
    cases = json.loads(Path(path).read_text(encoding="utf-8"))
    built = [case for case in cases if case["kpi"] in KINDS]
    wrong = [found for case in built if (found := faults(case))]
    lines = [line for found in wrong for line in found]
    lines.append(f"{len(built) - len(wrong)} passed, {len(wrong)} failed, {len(cases) - len(built)} skipped")
    sys.stdout.write("\n".join(lines) + "\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

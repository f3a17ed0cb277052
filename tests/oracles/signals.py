"""Rates of events, charts, and many comparisons at once."""

from math import pi, sqrt
from statistics import fmean

from kpi.stats import multiple, rates, signals
from tests.oracles.given import Figures, finite, level


def rate_interval(given: Figures) -> Figures:
    per, exposure = given.get("per", 1), given["exposure"]
    low, high = rates.garwood(given["events"], exposure, level(given))
    return {"rate": per * given["events"] / exposure, "lo": per * low, "hi": per * high}


def rate_change(given: Figures) -> Figures:
    now, before = ((given[f"events_{side}"], given[f"exposure_{side}"]) for side in ("current", "previous"))
    ratio, (low, high), p = rates.rate_ratio(now, before, level(given))
    return {"rate_ratio": finite(ratio), "lo": low, "hi": finite(high), "p_value": p}


def xmr(given: Figures) -> Figures:
    values, frozen = given["values"], given.get("baseline", given.get("fix_after_n_points"))
    chart = signals.xmr(values, scale(given), bool(given.get("screen_moving_ranges")), frozen)
    return {
        "mean": chart.mean,
        "mr_bar": chart.moving_range,
        "lpl": chart.low,
        "upl": chart.high,
        "url": 3.267 * chart.moving_range,
        "signals": len(chart.outside),
        "outside": list(chart.outside),
        "runs": list(chart.runs),
    }


def scale(given: Figures) -> float:
    """A number, or a quotient such as "3/1.128" or "3/d2", d2 = 2/√π being the mean range of two normal values."""
    above, _, below = str(given.get("scale", signals.SCALE)).replace("d2", str(2 / sqrt(pi))).partition("/")
    return float(above) / float(below or 1)


def ewma(given: Figures) -> Figures:
    target = given["target"] if "target" in given else fmean(given["values"])
    rule = signals.EwmaRule(target, given["sigma"], given.get("lambda", 0.3), given.get("L", 3))
    exact = given.get("limits", "steady_state") != "steady_state"
    chart = signals.ewma(given["values"], rule, exact)
    lows, highs = [limit.low for limit in chart.limits], [limit.high for limit in chart.limits]
    return {
        "ewma": list(chart.values),
        "lcl": lows if exact else lows[0],
        "ucl": highs if exact else highs[0],
        "signals": len(chart.outside),
        "outside": list(chart.outside),
    }


def multiple_comparisons(given: Figures) -> Figures:
    p_values, alpha = given["p_values"], given.get("alpha", given.get("q", 0.05))
    rejected = {
        "bh": multiple.benjamini_hochberg(p_values, alpha),
        "holm": multiple.holm(p_values, alpha),
        "bonferroni": multiple.bonferroni(p_values, alpha),
        "uncorrected": tuple(p <= alpha for p in p_values),
    }
    counts = {f"n_reject_{method}": sum(each) for method, each in rejected.items()}
    return {**counts, **{f"reject_{method}": list(each) for method, each in rejected.items()}}

"""What clients say: satisfaction, net scores, and shares of answers."""

from decimal import ROUND_HALF_UP, Decimal
from math import erfc, sqrt
from statistics import fmean, pstdev

from kpi.metrics.csat import csat
from kpi.metrics.nps import nps
from kpi.periods import parse
from kpi.stats import net_score, proportions
from kpi.stats.net_score import Tally
from kpi.stats.proportions import Bounds, Share
from tests.oracles.given import Figures, level
from tests.portfolio import AS_OF, BERLIN, scored

SEPTEMBER = parse("2026-09", as_of=AS_OF, zone=BERLIN)
SPELLINGS = {"exact": "clopper_pearson", "beta": "clopper_pearson", "normal": "wald", "score": "wilson"}


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
    rounded = None if value is None else int(Decimal(value).quantize(Decimal(1), ROUND_HALF_UP))
    return {"csat": value, "rounded": rounded}


def csat_mean(given: Figures) -> Figures:
    scores = listed(given)
    return {"mean": fmean(scores) if scores else None}


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
        **answers._asdict(),
    }


def counted(given: Figures) -> tuple[Tally, Tally]:
    """The answers, and those the method reckons with."""
    answers = tally(given)
    return answers, answers.adjusted() if given.get("method") == "adjusted_wald" else answers


def nps_interval(given: Figures) -> Figures:
    answers, used = counted(given)
    low, high = net_score.wald(used, level(given))
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
    method = {"method": given.get("method")}
    (_, now), (_, before) = (counted({**given[side], **method}) for side in ("current", "previous"))
    difference = net_score.difference(now, before)
    low, high = difference.bounds(level(given))
    z = difference.delta / difference.error if difference.error else None
    return {
        "delta_points": 100 * difference.delta,
        "z": z,
        "p_value": None if z is None else erfc(abs(z) / sqrt(2)),
        "lo": 100 * low,
        "hi": 100 * high,
    }


def share_interval(given: Figures) -> Figures:
    if not given["n"]:
        return {"p": None, "lo": None, "hi": None}
    method = given.get("method", "wilson").replace("-", "_")
    share = Share(given["count"] / given["n"], given["n"])
    low, high = proportions.METHODS[SPELLINGS.get(method, method)](share, level(given))
    return {"p": share.p, "lo": low, "hi": high}


def share_change(given: Figures) -> Figures:
    now = Share(given["count_current"] / given["n_current"], given["n_current"])
    before = Share(given["count_previous"] / given["n_previous"], given["n_previous"])
    low, high = _difference(given.get("method", "newcombe"), now, before, level(given))
    return {"diff": now.p - before.p, "lo": low, "hi": high}


def _difference(method: str, now: Share, before: Share, confidence: float) -> Bounds:
    if method.startswith("newcombe") and not method.endswith("with_cc"):
        return proportions.newcombe(now, before, confidence)
    raise ValueError(f"no difference by {method}")

"""How good predicted losses were."""

from kpi.stats import scoring
from tests.oracles.given import Figures, spelled


def calibration(given: Figures) -> Figures:
    happened, chances = given["y"], given["p"]
    skill = scoring.brier_skill(happened, chances, given.get("base_rate"))
    return {"brier": scoring.brier(happened, chances), "brier_skill": skill}


def ranking(given: Figures) -> Figures:
    happened, scores = given["y"], spelled(given, "score", "scores", "p")
    tops = range(1, len(happened) + 1)
    return {
        "average_precision": scoring.average_precision(happened, scores),
        "roc_auc": scoring.roc_auc(happened, scores),
        **{f"precision_at_{k}": scoring.precision_at(happened, scores, k) for k in tops},
    }

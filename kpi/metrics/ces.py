"""CES: the share of answers that found it easy."""

from kpi.facts import Facts
from kpi.metrics.answers import given, listing, sample, scores
from kpi.metrics.measure import Measure
from kpi.metrics.shares import survey_share
from kpi.model import Instrument
from kpi.periods import Period
from kpi.stats.proportions import Share


def ces(facts: Facts, period: Period) -> Measure[Share]:
    """100 · (score >= 5)/n of the CES answers (1-7) in the period; every answer counts."""
    answers, series, exclusions = given(facts, period, Instrument.CES)
    easy = sample(answers, (scores(answers) >= 5).astype(int))
    behind = listing("scores", answers, "score")
    return survey_share(easy, "CES", series=series, exclusions=exclusions, listing=behind)

"""CSAT: the share of satisfied answers."""

from kpi.facts import Facts
from kpi.metrics.answers import given, listing, sample, scores
from kpi.metrics.measure import Measure
from kpi.metrics.shares import survey_share
from kpi.model import Instrument
from kpi.periods import Period
from kpi.stats.proportions import Share


def csat(facts: Facts, period: Period) -> Measure[Share]:
    """100 · (score >= 4)/n of the CSAT answers (1-5) in the period; every answer counts."""
    answers, series, exclusions = given(facts, period, Instrument.CSAT)
    satisfied = sample(answers, (scores(answers) >= 4).astype(int))
    behind = listing("scores", answers, "score")
    return survey_share(satisfied, "CSAT", series=series, exclusions=exclusions, listing=behind)

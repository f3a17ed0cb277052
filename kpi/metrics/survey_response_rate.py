"""Survey response rate: how many of those who were asked answered."""

from dataclasses import replace

from kpi.facts import Facts
from kpi.metrics.answers import listing, sample, within
from kpi.metrics.measure import Measure
from kpi.metrics.shares import survey_share
from kpi.periods import Period
from kpi.stats.proportions import Share


def survey_response_rate(facts: Facts, period: Period) -> Measure[Share]:
    """100 · answered/(answered + expired) of the surveys posted in the period that are no longer open at as_of."""
    posted = within(facts, period, facts.surveys, "posted_at")
    closed = posted.take((posted["outcome"].to_numpy() != "open").nonzero()[0])
    answered = (closed["outcome"].to_numpy() == "answered").astype(int)
    found = survey_share(sample(closed, answered), "closed survey's")
    still = len(posted) - len(closed)
    return replace(
        found,
        reason=None if found.n else "No survey posted in this period has been answered or has expired.",
        exclusions=(f"{still} survey{'' if still == 1 else 's'} still open",) if still else (),
        listing=listing("surveys", closed, "outcome"),
    )

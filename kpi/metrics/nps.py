"""NPS: promoters less detractors, one answer per respondent."""

from math import fsum

from kpi.facts import Facts
from kpi.metrics.answers import given, latest, listing, sample, scores
from kpi.metrics.measure import Measure, in_percent, survey_reason, survey_status
from kpi.model import Instrument
from kpi.periods import Period
from kpi.stats.clustering import Sample, effective_n
from kpi.stats.net_score import Tally, adjusted_wald, difference
from kpi.stats.proportions import Bounds

PROMOTER, DETRACTOR = 9, 6


def nps(facts: Facts, period: Period) -> Measure[Tally]:
    """100 · (P − D)/n of the latest NPS answer (0-10) of each respondent in the period: P 9-10, D 0-6.

    The basis counts promoters, passives and detractors scaled to n*.
    """
    answers, series, exclusions = given(facts, period, Instrument.NPS)
    counted = latest(answers)
    promoters, detractors = scores(counted) >= PROMOTER, scores(counted) <= DETRACTOR
    net = sample(counted, promoters.astype(int) - detractors.astype(int))
    tally = Tally(int(promoters.sum()), net.n - int(promoters.sum() + detractors.sum()), int(detractors.sum()))
    scaled = tally.scaled(effective_n(net)) if net.n else tally
    return Measure(
        value=100 * net.total / net.n if net.n else None,
        numerator=net.total,
        denominator=net.n,
        n=net.n,
        accounts=net.m,
        interval=in_percent(adjusted_wald(scaled), "adjusted_wald") if net.n else None,
        status=survey_status(net.n, net.m),
        reason=survey_reason(net.n, "NPS"),
        basis=scaled,
        details=_details(tally, net),
        exclusions=(*_repeated(len(answers) - net.n), *exclusions),
        listing=listing("scores", counted, "score"),
        series=series,
    )


def change(now: Measure[Tally], before: Measure[Tally]) -> Bounds:
    """The interval of now − before in points: adjusted Wald on n*, centred on the adjusted difference."""
    low, high = difference(now.basis.adjusted(), before.basis.adjusted()).bounds()
    return Bounds(100 * low, 100 * high)


def _details(tally: Tally, net: Sample) -> dict[str, float | None]:
    """`account_weighted`: the mean of the accounts' own NPS, so that no account speaks louder than another."""
    own = [100 * total / count for total, count in net.clusters]
    return {**tally._asdict(), "account_weighted": fsum(own) / len(own) if own else None}


def _repeated(repeated: int) -> tuple[str, ...]:
    earlier = "1 earlier answer" if repeated == 1 else f"{repeated} earlier answers"
    return (f"{earlier} of people who answered again in this period",) if repeated else ()

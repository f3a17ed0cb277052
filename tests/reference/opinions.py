"""What clients answer: csat, nps, ces, and how many answer at all."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

from tests.reference.facts import Answer
from tests.reference.intervals import (
    Clusters,
    adjusted_wald,
    adjusted_wald_ends,
    effective_n,
    wilson,
)
from tests.reference.population import View
from tests.reference.side import Number, Side, hundredfold, percent
from tests.reference.spans import Span


def clustered(values: Iterable[tuple[str, int]]) -> dict[str, list[int]]:
    """Values by their account."""
    found: dict[str, list[int]] = defaultdict(list)
    for account, value in values:
        found[account].append(value)
    return found


def proportion(clusters: Clusters, **details: Any) -> Side:
    """The share of ones among noughts and ones, that come in clusters."""
    n, ones = sum(map(len, clusters)), sum(map(sum, clusters))
    if not n:
        return Side(None, 0, 0, 0, 0, details=details)
    n_star = effective_n(clusters)
    p = ones / n
    interval = hundredfold(wilson(p, n_star))
    return Side(percent(ones, n), n, len(clusters), ones, n, interval, details, material=(p, n_star))


def answers_in(view: View, span: Span, instrument: str) -> list[Answer]:
    """The scope's answers of the period, the earliest first."""
    found = [one for one in view.book.answers if one.instrument == instrument and view.asked(one)]
    return sorted((one for one in found if view.clock.local(one.answered_at) in span), key=lambda one: one.answered_at)


def csat(view: View, span: Span) -> Side:
    """Answers of 4 or 5."""
    found = answers_in(view, span, "csat")
    return proportion(list(clustered((one.account, int(one.score >= 4)) for one in found).values()))


def ces(view: View, span: Span) -> Side:
    """Answers of 5 to 7."""
    found = answers_in(view, span, "ces")
    return proportion(list(clustered((one.account, int(one.score >= 5)) for one in found).values()))


def survey_response_rate(view: View, span: Span) -> Side:
    """Answered ones among the surveys posted in the period that are no longer open."""
    posted = [one for one in view.book.surveys if view.asked(one) and view.clock.local(one.posted_at) in span]
    closed = [one for one in posted if one.outcome != "open"]
    return proportion(list(clustered((one.account, int(one.outcome == "answered")) for one in closed).values()))


def nps(view: View, span: Span) -> Side:
    """Promoters less detractors, each respondent with the latest answer."""
    latest = {one.respondent: one for one in answers_in(view, span, "nps")}
    clusters = clustered((one.account, (one.score >= 9) - (one.score <= 6)) for one in latest.values())
    values = [value for account in clusters.values() for value in account]
    if not values:
        return Side(None, 0, 0, 0, 0)
    up, level, down = values.count(1), values.count(0), values.count(-1)
    adjusted = adjusted_wald(up, level, down, effective_n(list(clusters.values())))
    details = {"promoters": up, "passives": level, "detractors": down}
    return Side(
        percent(up - down, len(values)),
        len(values),
        len(clusters),
        up - down,
        len(values),
        adjusted_wald_ends(*adjusted),
        details | {"account_weighted": _account_weighted(list(clusters.values()))},
        material=adjusted,
    )


def _account_weighted(clusters: Sequence[Sequence[int]]) -> Number:
    own = [100 * Fraction(sum(values), len(values)) for values in clusters]
    return sum(own, Fraction(0)) / len(own)

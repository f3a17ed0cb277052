"""What accounts pay: by the month, with steps at renewals and in between, and for projects."""

from collections.abc import Iterable
from datetime import date, timedelta

from numpy.random import Generator

from kpi.sources.sample import mix
from kpi.sources.sample.accounts import tens
from kpi.sources.sample.course import Course
from kpi.sources.sample.life import Relation
from kpi.sources.sample.offers import Offer, offer_rows, offers
from kpi.sources.sample.plan import months_later
from kpi.sources.sample.rows import Rows, row
from kpi.sources.sample.streams import Purpose

_RENEWALS = ((0.50, 1.02, 1.05), (0.14, 1.08, 1.30), (0.14, 0.72, 0.94), (0.22, 1.0, 1.0))
"""At a renewal: share, least and largest factor. Indexed, grown, shrunk, unchanged."""
_CUTS_PER_YEAR = 0.06


def money(course: Course) -> Rows:
    """offers, and the revenue that follows from those won, from renewals and from cuts."""
    chance = course.stream(Purpose.REVENUE)
    made = offers(course)
    amount = float(course.account.mrr)
    rows: list[str] = []
    for relation in course.relations:
        steps, amount = _steps(course, relation, amount, (made, chance))
        rows += _recurring(course, relation, steps)
        amount *= 0.7 + 0.3 * chance.random()
    return {"offers": offer_rows(course, made), "revenue": rows + _projects(course, chance)}


def known_end(course: Course, relation: Relation) -> date | None:
    """When the relation ends, if notice was given within the history."""
    loss = relation.loss
    return relation.ends if loss and loss.notice < course.days.plan.until else None


def _steps(
    course: Course, relation: Relation, amount: float, given: tuple[Iterable[Offer], Generator]
) -> tuple[dict[date, int], float]:
    """The monthly amount from each day on which it changes, and the exact last one."""
    steps = {relation.starts: tens(amount)}
    for day, factor, more in sorted(_changes(course, relation, *given)):
        amount = amount * factor + more
        steps[day] = tens(amount)
    return steps, amount


def _changes(
    course: Course, relation: Relation, made: Iterable[Offer], chance: Generator
) -> Iterable[tuple[date, float, int]]:
    """(day, factor, addition) of each change within the relation and the history."""
    plan = course.days.plan
    first, end = max(relation.starts, plan.since), min(relation.ends, plan.until)
    for contract in relation.contracts[1:]:
        factor = _renewed(chance)
        if first < contract.starts < end:
            yield contract.starts, factor, 0
    for _ in range(chance.poisson(_CUTS_PER_YEAR * (end - first).days / 365.25)):
        day = _next_month(first + timedelta(days=int(chance.integers((end - first).days))))
        if day < end:
            yield day, 0.75 + 0.2 * chance.random(), 0
    for offer in made:
        day = _next_month(course.days.dates[offer.decided or 0])
        if offer.outcome == "won" and first < day < end:
            yield day, 1.0, offer.amount


def _renewed(chance: Generator) -> float:
    kind, size = chance.random(2)
    for share, least, largest in _RENEWALS:
        kind -= share
        if kind < 0:
            return least + float(size) * (largest - least)
    return 1.0


def _next_month(day: date) -> date:
    return months_later(day.replace(day=1), 1)


def _recurring(course: Course, relation: Relation, steps: dict[date, int]) -> list[str]:
    changed = [day for day, before in zip(list(steps)[1:], list(steps.values()), strict=False) if steps[day] != before]
    starts = [relation.starts, *changed]
    ends = [*changed, known_end(course, relation)]
    key = course.account.key
    return [
        row(key, start, end, f"{steps[start]}.00", mix.CURRENCY, "recurring")
        for start, end in zip(starts, ends, strict=True)
    ]


def _projects(course: Course, chance: Generator) -> list[str]:
    plan, found = course.days.plan, {}
    for relation in course.relations:
        first, end = max(relation.starts, plan.since), min(relation.ends, plan.until)
        for _ in range(chance.poisson(mix.PROJECTS_PER_YEAR * max(0, (end - first).days) / 365.25)):
            start = first + timedelta(days=int(chance.integers((end - first).days)))
            done = min(start + timedelta(days=int(chance.integers(20, 90))), relation.ends)
            found[start] = (done, tens(course.account.mrr * (0.5 + 2.5 * chance.random())))
    return [
        row(course.account.key, start, end, f"{amount}.00", mix.CURRENCY, "project")
        for start, (end, amount) in sorted(found.items())
    ]

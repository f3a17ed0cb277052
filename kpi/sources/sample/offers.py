"""Offers for more: most are decided within two months, and those who are content say yes more often."""

from dataclasses import dataclass
from math import exp

import numpy as np

from kpi.sources.sample import mix
from kpi.sources.sample.accounts import tens
from kpi.sources.sample.course import Course
from kpi.sources.sample.rows import row
from kpi.sources.sample.streams import Purpose

_WON = 0.42
_DECIDING_DAYS = (10, 75)


@dataclass(frozen=True, slots=True)
class Offer:
    """An offer of `amount` more per month; days by number, `decided` is None while it is open."""

    kind: str
    amount: int
    offered: int
    decided: int | None
    outcome: str


def offers(course: Course) -> list[Offer]:
    """In the order of days; none is made once notice is given, and a notice decides what is open."""
    chance, days = course.stream(Purpose.OFFERS), course.days
    free = (course.leaving > 0) & days.open[: days.plan.days] & ~_noticed(course)
    rate = mix.OFFERS_PER_MONTH * 12 / max(1.0, float(days.open.mean()) * 365.25)
    return [_offer(course, int(day), chance) for day in np.flatnonzero(chance.poisson(rate * free))]


def offer_rows(course: Course, made: list[Offer]) -> list[str]:
    """offers, as rows."""
    texts = course.days.texts
    return [
        row(
            f"O{course.index + 1}-{number}",
            course.account.key,
            offer.kind,
            f"{offer.amount}.00",
            mix.CURRENCY,
            texts[offer.offered],
            None if offer.decided is None else texts[offer.decided],
            offer.outcome,
        )
        for number, offer in enumerate(made, 1)
    ]


def _offer(course: Course, day: int, chance: np.random.Generator) -> Offer:
    kind, size, luck = chance.random(3)
    decided = day + int(chance.integers(*_DECIDING_DAYS))
    words = "upsell" if kind < 0.6 else "cross_sell"
    amount = tens(course.account.mrr * (0.04 + 0.14 * size))
    over = min(_notices_after(course, day), int(course.leaving[day]) - 1)
    if min(decided, over) >= course.days.plan.days - 1:
        return Offer(words, amount, day, None, "open")
    if decided > over:
        return Offer(words, amount, day, over, "lost")
    won = luck < _WON * exp(0.25 * course.account.quality - 0.6 * float(course.mood.score[decided]))
    return Offer(words, amount, day, decided, "won" if won else "lost")


def _notices_after(course: Course, day: int) -> int:
    notices = [course.days.number(relation.loss.notice) for relation in course.relations if relation.loss]
    return min((notice for notice in notices if notice >= day), default=course.days.plan.days)


def _noticed(course: Course) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    number = np.arange(course.days.plan.days)
    noticed = np.zeros(len(number), dtype=np.bool_)
    for relation in course.relations:
        if relation.loss:
            first, end = course.days.number(relation.loss.notice), course.days.number(relation.ends)
            noticed |= (number >= first) & (number < end)
    return noticed

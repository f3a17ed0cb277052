"""The card of every KPI as it is shipped, in every status: of small agencies, and of a workspace without facts."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from bot.blocks.kpi_card import Card, kpi_card
from bot.blocks.reader import Reader
from bot.settings import load
from kpi.facts import Facts
from kpi.metrics.catalog import CATALOG, find
from kpi.metrics.evaluate import evaluate
from kpi.model import KpiValue, Scope, Status
from kpi.periods import parse
from kpi.policy import Policy
from kpi.services.phrases.wording import value_words
from tests.examples import known
from tests.portfolio import AS_OF, BERLIN, facts

EUROS = Reader("en", BERLIN, "EUR")
NAMES = ("Acme", "Birch", "Corvo", "Dune", "Echo", "Fjord", "Gale", "Helm", "Iris", "Juno", "Kelp", "Lund")
TALKING = dict(enumerate(NAMES[:10]))
LOST = {"Kelp": "2026-08-15", "Lund": "2026-05-20"}
QUARTER = "2026-Q3"
FIRST_DAYS = (date(2026, 4, 1), date(2026, 7, 1))
"""Of the quarter before, and of the quarter."""
SCORES = {"csat": (5, 4, 5, 2), "nps": (10, 9, 7, 3), "ces": (7, 6, 5, 4)}


@cache
def shipped() -> Policy:
    """Every KPI as it is shipped."""
    return load({}, Path("/nonexistent")).policy


def agency() -> dict[str, Any]:
    """Twelve clients over two quarters, in the form of tests/examples.py; two of them leave."""
    return {
        "terms": {name: [f"2024-01-01..{LOST.get(name, '')}"] for name in NAMES},
        "answers": {key: dict(_answered(given)) for key, given in SCORES.items()},
        "surveys": {day: {name: ["answered", "expired", "expired"] for name in NAMES[:10]} for day in _days(30)},
        "interactions": {name: list(_met()) for name in NAMES[:9]},
        "messages": {name: {day: [3, 2] for day in _days(3, 9, 17, 33, 60, 80)} for name in NAMES[:10]},
        "usage": {name: list(_days(5, 70)) for name in NAMES[:6]},
        "episodes": {name: list(_waits(place)) for place, name in TALKING.items()},
        "revenue": {name: [_paid(place, name)] for place, name in enumerate(NAMES)},
        "offers": {name: list(_offered(place)) for place, name in TALKING.items()},
        "feedback": {name: list(_asked(place)) for place, name in TALKING.items()},
    }


def _days(*into: int) -> Iterator[date]:
    return (first + timedelta(days=days) for first in FIRST_DAYS for days in into)


def _answered(given: tuple[int, ...]) -> Iterator[tuple[date, dict[str, list[int]]]]:
    for place, day in enumerate(_days(20)):
        each = enumerate(NAMES[:11])
        yield day, {name: [given[(number + place) % 4], given[number % 3], given[0]] for number, name in each}


def _met() -> Iterator[str]:
    for number, day in enumerate(_days(8, 40)):
        yield f"{day} meeting" if number % 2 else f"{day}"


def _waits(place: int) -> Iterator[str]:
    for number, day in enumerate(_days(6, 13, 27, 55)):
        minutes = 20 + 7 * place + 11 * number
        yield f"{day} 10:00..{day} {10 + minutes // 60}:{minutes % 60:02}"
    if place % 4 == 0:
        yield "2026-09-30 16:00.."


def _paid(place: int, name: str) -> str:
    return f"{500 + 250 * place} EUR a month 2024-01-01..{LOST.get(name, '')}"


def _offered(place: int) -> Iterator[str]:
    return (f"{day} {'won' if place % 3 else 'lost'}" for day in _days(45))


def _asked(place: int) -> Iterator[dict[str, Any]]:
    for day in _days(10, 50):
        done = {"implemented": day + timedelta(days=20 + place), "told": day + timedelta(days=30)} if place % 2 else {}
        yield {"received": day, **done}


def of_clients(*names: str) -> dict[str, Any]:
    """The same agency with these clients alone."""

    def kept(days: dict[date, dict[str, Any]]) -> dict[date, dict[str, Any]]:
        return {day: {name: said for name, said in each.items() if name in names} for day, each in days.items()}

    whole = agency()
    answers = {key: kept(days) for key, days in whole.pop("answers").items()}
    surveys = kept(whole.pop("surveys"))
    rest = {frame: {name: said[name] for name in names if name in said} for frame, said in whole.items()}
    return {**rest, "answers": answers, "surveys": surveys}


def values(seen: Facts) -> Iterator[KpiValue]:
    """Every KPI of the quarter, judged as it is shipped."""
    definitions, period = shipped().kpis, parse(QUARTER, as_of=AS_OF, zone=BERLIN)
    for each in CATALOG:
        yield evaluate(find(each.key, definitions), definitions[each.key], seen, period, Scope())


def statuses() -> Iterator[KpiValue]:
    """Every KPI in every status it can have, each once."""
    worlds = (agency(), of_clients(*NAMES[:6], "Kelp"), of_clients("Birch"))
    for seen in (*(known(world, shipped()) for world in worlds), facts()):
        yield from values(seen)


def kpi_cards() -> dict[str, Card]:
    """By KPI and status, the full one without saying so."""
    found: dict[str, Card] = {}
    for value in statuses():
        status = "" if value.status is Status.FULL else f"_{value.status}"
        found.setdefault(f"kpi_{value.key}{status}", kpi_card(value, EUROS, value_words(value)))
    return found

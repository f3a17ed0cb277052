"""The one list of KPIs: how each is computed, compared, and what it needs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from kpi.errors import UnknownWord
from kpi.facts import Facts
from kpi.metrics import nps as net
from kpi.metrics import shares
from kpi.metrics.churn import churn
from kpi.metrics.csat import csat
from kpi.metrics.measure import Measure
from kpi.metrics.nps import nps
from kpi.periods import Period
from kpi.policy import KpiDefinition
from kpi.stats.proportions import Bounds

ROLLING = "last 90 days"
COMPLETE = "last 12 months"


@dataclass(frozen=True, slots=True)
class Kpi:
    """One KPI's arithmetic. How it is named, judged and aimed at is its KpiDefinition, found by `key`.

    `needs`: the frames of Facts it reads; `better`: up or down; `default_period`: period words;
    `private`: n counts answers of people, and fewer than the definition's min_n are not shown;
    `lookback_days`: how long before the earliest period its facts begin.
    """

    key: str
    unit: str
    better: str
    needs: frozenset[str]
    default_period: str
    measure: Callable[[Facts, Period], Measure[Any]]
    change: Callable[[Measure[Any], Measure[Any]], Bounds | None]
    private: bool = False
    lookback_days: int = 0


ANSWERS = frozenset({"accounts", "answers"})
TERMS = frozenset({"accounts", "terms"})

CATALOG = (
    Kpi("csat", "percent", "up", ANSWERS, ROLLING, csat, shares.change, private=True),
    Kpi("nps", "points", "up", ANSWERS, ROLLING, nps, net.change, private=True),
    Kpi("churn", "percent", "down", TERMS, COMPLETE, churn, shares.change),
)


def window(kpi: Kpi, period: Period, previous: Period) -> tuple[date, date]:
    """The local days `[first, end)` whose dated facts (answers, not terms) the KPI and its change read."""
    return min(period.start, previous.start) - timedelta(days=kpi.lookback_days), max(period.end, previous.end)


def find(word: str, definitions: Mapping[str, KpiDefinition]) -> Kpi:
    """The KPI a person means by its key, label or a synonym, in any case; UnknownWord with the nearest keys."""
    names = _names(definitions)
    plain = _plain(word)
    if plain in names:
        return names[plain]
    nearest = _nearest(plain, names)
    known = ", ".join(kpi.key for kpi in CATALOG if kpi.key in definitions)
    hint = f"Did you mean {' or '.join(nearest)}?" if nearest else f"There are: {known}."
    raise UnknownWord(f"“{word[:40]}” is not a KPI I know. {hint}", nearest)


def _names(definitions: Mapping[str, KpiDefinition]) -> dict[str, Kpi]:
    """Every name to its KPI; keys win over labels, labels over synonyms."""
    names: dict[str, Kpi] = {}
    known = [(kpi, definitions[kpi.key]) for kpi in CATALOG if kpi.key in definitions]
    for kpi, definition in known:
        names |= {_plain(name): kpi for name in (*definition.synonyms, definition.label)}
    return names | {kpi.key: kpi for kpi, _ in known}


def _plain(word: str) -> str:
    return " ".join(word.casefold().replace("_", " ").replace("-", " ").split())


def _nearest(plain: str, names: Mapping[str, Kpi]) -> tuple[str, ...]:
    from rapidfuzz import process

    close = process.extract(plain, names.keys(), limit=3, score_cutoff=55)
    return tuple(dict.fromkeys(names[name].key for name, _, _ in close))

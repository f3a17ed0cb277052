"""How long things take: business time, percentiles, medians and curves."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from kpi.policy import Calendar
from kpi.stats import percentiles
from kpi.stats.business_time import open_microseconds
from kpi.stats.survival import Curve, kaplan_meier, log_rank
from tests.oracles.given import Figures, elapsed, finite, level

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NAMES = {"nearest": "type 1", "n+1": "type 6", "exclusive": "type 6", "percentile.exc": "type 6"}
NAMES |= dict.fromkeys(("default", "excel", "inclusive", "percentile.inc"), "type 7")
"""Usual names of percentiles; spreadsheets have an inclusive and an exclusive one."""


def response_time_business(given: Figures) -> Figures:
    start, end = elapsed(given)
    spans = (np.array([(each - EPOCH) // timedelta(microseconds=1)], dtype=np.int64) for each in (start, end))
    hours = int(open_microseconds(calendar(given), *spans)[0]) / 3.6e9
    return {"business_hours": hours, "business_minutes": 60 * hours, **response_time_calendar(given)}


def response_time_calendar(given: Figures) -> Figures:
    start, end = elapsed(given)
    seconds = (end.astimezone(UTC) - start.astimezone(UTC)).total_seconds()
    return {"calendar_hours": seconds / 3600, "hours": seconds / 3600, "minutes": seconds / 60, "seconds": seconds}


def calendar(given: Figures) -> Calendar:
    """Opening hours less breaks on the named weekdays; hours that end past midnight go on into the next day."""
    opens, closes = (minutes(given[name]) for name in ("open", "close"))
    pauses = [*given.get("breaks", ()), *([given["break"]] if given.get("break") else [])]
    week: dict[int, list[tuple[int, int]]] = {day: [] for day in range(7)}
    for day in weekdays(given.get("weekdays", "Mon-Fri")):
        for begin, end in between(opens, closes if closes > opens else closes + 1440, pauses):
            week[day].append((min(begin, 1440), min(end, 1440)))
            week[(day + 1) % 7].append((max(begin - 1440, 0), max(end - 1440, 0)))
    hours = {day: tuple(sorted(span for span in spans if span[0] < span[1])) for day, spans in week.items()}
    zone, off = ZoneInfo(given.get("timezone", "UTC")), given.get("holidays") or ()
    if isinstance(off, str):
        country, _, subdivision = off.partition("-")
        return Calendar(zone, hours, country, subdivision or None)
    return Calendar(zone, hours, closed=frozenset(date.fromisoformat(day) for day in off))


def minutes(clock: str) -> int:
    hours, _, rest = clock.partition(":")
    return 60 * int(hours) + int(rest or 0)


def between(opens: int, closes: int, pauses: Iterable[tuple[str, str]]) -> Iterator[tuple[int, int]]:
    """What the pauses leave of the hours."""
    for begin, end in sorted((minutes(begin), minutes(end)) for begin, end in pauses):
        yield opens, begin
        opens = end
    yield opens, closes


def weekdays(named: str | list[str]) -> list[int]:
    """ "Mon-Fri", "Sun-Thu", "Mon, Wed" or a list of such."""
    found: list[int] = []
    for part in named.split(",") if isinstance(named, str) else named:
        first, _, last = (name.strip()[:3].lower() for name in part.replace("–", "-").partition("-"))
        begin, end = DAYS.index(first), DAYS.index(last or first)
        found += [day % 7 for day in range(begin, end + 1 if begin <= end else end + 8)]
    return found


def percentile(given: Figures) -> Figures:
    method, values, p = percentile_method(given.get("method", "default")), given["values"], given["p"]
    if isinstance(p, list):
        return {"value": [percentiles.percentile(values, each, method) for each in p]}
    return {"value": percentiles.percentile(values, p, method)}


def percentile_method(words: str) -> str:
    """One of percentiles.METHODS by its number, numpy's name or a usual one."""
    said = words.lower().replace(" ", "").replace("_", "")
    known = {name.replace(" ", ""): name for name in percentiles.METHODS}
    known |= {numpys.replace("_", ""): name for name, numpys in percentiles.METHODS.items()}
    known |= {f"r-{number}": f"type {number}" for number in range(1, 10)}
    longest = sorted({**NAMES, **known}.items(), key=lambda pair: -len(pair[0]))
    return next(name for spelling, name in longest if spelling in said)


def median_interval(given: Figures) -> Figures:
    found = percentiles.median_interval(given["values"], level(given))
    if found is None:
        return {"median": median(given["values"]) if given["values"] else None, "lo": None, "hi": None}
    return {"median": found.median, "lo": found.low, "hi": found.high, "coverage": found.coverage}


def retention_curve(given: Figures) -> Figures:
    """The curve and its bands at the times asked for (each event time, if none), its median, and S by time."""
    ends = given["time"]
    curve = kaplan_meier(ends, given["event"], given.get("entry"), given.get("weights"))
    at = given.get("at", curve.times.tolist())
    low, high = (banded(curve, at, band) for band in curve.bands(level(given)))
    every = {*at, *ends, *range(int(max(ends, default=0)) + 1)}
    bounds = curve.quantile_bounds(0.5, level(given))
    return {
        "survival": [curve.at(time) for time in at],
        "survival_at": {f"{time:g}": curve.at(time) for time in every},
        "ci_lo_loglog": low,
        "ci_hi_loglog": high,
        "median": curve.quantile(0.5),
        "median_lo": finite(bounds.low),
        "median_hi": finite(bounds.high),
        "at_risk": curve.at_risk.tolist(),
        "events": curve.events.tolist(),
    }


def banded(curve: Curve, at: list[float], band: Any) -> list[float | None]:
    """A band as a step function: 1 before the first event, None where it has no value."""
    steps = [1.0, *band.tolist()]
    found = [steps[int(curve.times.searchsorted(time, side="right"))] for time in at]
    return [finite(step) for step in found]


def retention_curve_compare(given: Figures) -> Figures:
    """Two groups X and Y given as X_T, Y_T and X_E, Y_E; all events are observed where it is not said."""
    names = [name[:-2] for name in given if name.endswith("_T")]
    one, other = ((given[f"{name}_T"], given.get(f"{name}_E", [1] * len(given[f"{name}_T"]))) for name in names)
    chi2, p = log_rank(one, other)
    return {"chi2": chi2, "p_value": p}

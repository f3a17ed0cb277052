"""Why a KPI is what it is: its formula, the accounts behind it, what its words mean here, and how new its facts are."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from kpi.facts import Facts
from kpi.metrics.evaluate import Compared, judged, measures
from kpi.metrics.kpi import Kpi
from kpi.metrics.listing import Listing, named
from kpi.metrics.measure import FEWEST_ANSWERS, Measure
from kpi.metrics.occurred import newest
from kpi.metrics.population import members
from kpi.model import Status
from kpi.periods import Period, spoken
from kpi.policy import KpiDefinition
from kpi.services.explained import MOST_LINES, Explanation, Fresh, Shown
from kpi.services.questions import Question
from kpi.services.reports import Reports
from kpi.store import scopes
from kpi.store.facts import Wanted, recorded
from kpi.store.store import Tx


def explain(reports: Reports, question: Question) -> Explanation:
    """The answer to a question with what stands behind it. KpiError as asking."""
    with reports.store.transaction() as tx:
        asked = reports.settled(tx, question)
        kpi, period, as_of = asked.kpi, asked.period, asked.as_of
        periods = reports.compared(asked)
        wanted = reports.wanted(kpi, asked.scope, kpi.base.window(*periods), as_of)
        facts, definition = reports.load(tx, wanted), reports.definition(tx, kpi, asked.scope, period, as_of)
        found = measures(kpi, definition, facts, periods)
        return Explanation(
            value=judged(kpi, definition, Compared(asked.scope, as_of, periods, found)),
            definition=definition,
            variants={
                way: definition.formula_of(way) for way in sorted(kpi.variants, key=lambda way: way != kpi.variant)
            },
            lists=_lists(definition, facts, found[0], _names(tx)),
            period=_of_period(kpi, period, facts),
            as_of=_known(facts),
            fresh={} if found[0].status is Status.INSUFFICIENT else _fresh(tx, wanted, facts),
        )


def _lists(definition: KpiDefinition, facts: Facts, found: Measure[Any], names: Mapping[int, str]) -> tuple[Shown, ...]:
    """The measure's own lists, else the accounts asked about; none of what too few people said."""
    if found.status is Status.INSUFFICIENT:
        return ()
    fewest = max(definition.min_n, FEWEST_ANSWERS)
    made = found.listing(fewest) if found.listing else (named("accounts", members(facts)),)
    return tuple(_shown(listing, names) for listing in made)


def _shown(listing: Listing, names: Mapping[int, str]) -> Shown:
    rows = [(_called(who, names), figures) for who, figures in listing.rows]
    if not listing.columns:
        rows.sort(key=lambda row: (row[0].casefold(), row[0]))
    return Shown(listing.name, listing.columns, tuple(rows[:MOST_LINES]), len(rows))


def _called(who: int | str, names: Mapping[int, str]) -> str:
    return who if isinstance(who, str) else names.get(who, f"account {who}")


def _names(tx: Tx) -> dict[int, str]:
    return {int(one.id): one.name for one in scopes.named(tx, "account")}


def _of_period(kpi: Kpi, period: Period, facts: Facts) -> str:
    end = period.effective_end(facts.today)
    first, last = spoken(period.start), spoken(date.fromordinal(end.toordinal() - 1))
    days = f"On {first}" if first == last else f"From {first} to {last}"
    until = "" if end == period.end else f", so far of a period that ends before {spoken(period.end)}"
    return f"{days} ({facts.zone.key}){until}: {kpi.base.reads}."


def _known(facts: Facts) -> str:
    at = facts.as_of.astimezone(facts.zone)
    when = f"{spoken(at.date())}, {at:%H:%M} {at.tzname()}"
    return f"As known on {when}: what happened or was recorded later does not count."


def _fresh(tx: Tx, wanted: Wanted, facts: Facts) -> dict[str, Fresh]:
    noted = recorded(tx, wanted)
    return {name: Fresh(newest(facts, name), noted[name]) for name in noted}

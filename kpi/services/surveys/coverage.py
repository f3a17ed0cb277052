"""How asking went: what became of every question, how many were answered, who is silent, who wants no questions."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from kpi.errors import KpiError
from kpi.metrics.measure import FEWEST_ANSWERS
from kpi.metrics.money import mrr, priced
from kpi.metrics.population import clients
from kpi.model import PeriodRef, Scope
from kpi.periods import Period, bounds
from kpi.services.questions import Question
from kpi.services.reports import Reports, Settled
from kpi.services.scopes import resolve
from kpi.services.surveys.covered import Bounds, Coverage, Line, Silent, Tally, Unmapped, Wished
from kpi.services.surveys.rates import rate_of
from kpi.services.surveys.words import SUPPRESSED
from kpi.store import coverage as rows
from kpi.store.coverage import Asked
from kpi.store.facts import Wanted
from kpi.store.facts.surveys import FIRST_SERIES
from kpi.store.store import Record, Tx

BY = ("account", "programme", "owner")
"""What it is told by."""
SILENT_DAYS = 180
_RATE, _USUAL = "survey_response_rate", "last 90 days"
_SCORES = ("csat", "nps", "ces")


def coverage(reports: Reports, question: Question, by: str, *, bounded: bool = False) -> Coverage:
    """How asking went in the question's period (the last 90 days by default) and scope; its KPI does not matter.

    KpiError for what does not exist, as asking.
    """
    if by not in BY:
        raise KpiError(f"How asking went is told by {', by '.join(BY[:-1])} or by {BY[-1]}.")
    now = reports.now()
    period = reports.period(question.period or _USUAL, now)
    start, end = bounds(period, reports.policy.workspace.timezone)
    with reports.store.transaction() as tx:
        scope = resolve(tx, question.scope, forgiving=question.forgiving, owners=question.owners)
        found, called = rows.fates(tx, Asked(scope, start, end, now)), rows.names(tx)
        fewest = max(_fewest(reports), FEWEST_ANSWERS)
        return Coverage(
            period=PeriodRef(period.key, period.start, period.end, period.complete),
            scope=scope,
            by=by,
            as_of=now,
            whole=_line(scope.name, found, fewest),
            lines=tuple(_lines(found, by, called, fewest)),
            silent=_silent(reports, tx, scope, now),
            wishes=wishes(tx, scope),
            strangers=strangers(tx, scope),
            bounds=tuple(_bounds(reports, tx, Asked(scope, start, end, now), period)) if bounded else (),
        )


def wishes(tx: Tx, scope: Scope) -> tuple[Wished, ...]:
    """Who of the scope's people wants fewer questions, or none."""
    return tuple(
        Wished(
            row["account_name"],
            row["contact_name"],
            row["opted_out_at"] is not None,
            row["opted_out_at"] or row["asked_less_at"],
        )
        for row in rows.wishes(tx, scope)
    )


def strangers(tx: Tx, scope: Scope) -> tuple[Unmapped, ...]:
    """Whose answers about the scope's accounts wait."""
    return tuple(
        Unmapped(row["account_name"], row["name"], row["n"], row["since"]) for row in rows.strangers(tx, scope)
    )


def _fewest(reports: Reports) -> int:
    definition = reports.policy.kpis.get(_RATE)
    return definition.min_n if definition else FEWEST_ANSWERS


def _lines(found: Iterable[Record], by: str, called: Mapping[str, Mapping[int, str]], fewest: int) -> list[Line]:
    of: dict[Hashable, list[Record]] = defaultdict(list)
    column = by if by == "programme" else f"{by}_id"
    for row in found:
        of[row[column]].append(row)
    name: Callable[[Any], str | None] = (lambda key: key or None) if by == "programme" else called[by].get
    return sorted((_line(name(key), some, fewest) for key, some in of.items()), key=_worst_first)


def _line(name: str | None, found: Iterable[Record], fewest: int) -> Line:
    counted: dict[str, int] = defaultdict(int)
    suppressed: dict[str, int] = defaultdict(int)
    over: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for row in found:
        if row["fate"] == "suppressed":
            reason = str(row["reason"])
            suppressed[SUPPRESSED.get(reason, reason)] += row["n"]
            continue
        counted[row["fate"]] += row["n"]
        if row["fate"] in ("answered", "declined", "expired"):
            over[row["account_id"]][0] += row["n"] if row["fate"] == "answered" else 0
            over[row["account_id"]][1] += row["n"]
    by_size = dict(sorted(suppressed.items(), key=lambda each: (-each[1], each[0])))
    rate = rate_of(((answered, closed) for answered, closed in over.values()), fewest)
    return Line(name, Tally(**counted, suppressed=by_size), rate)


def _worst_first(line: Line) -> tuple[bool, float, bool, str]:
    value = line.rate.value
    return value is None, 0.0 if value is None else value, line.name is None, (line.name or "").casefold()


def _silent(reports: Reports, tx: Tx, scope: Scope, now: datetime) -> tuple[Silent, ...]:
    found = rows.silent_accounts(tx, scope, now, SILENT_DAYS)
    worth = _worth(reports, tx, scope, now) if found else {}
    listed = [
        Silent(row["name"], row["n"], row["since"], row["last_answered_at"], worth.get(row["account_id"]))
        for row in found
    ]
    return tuple(sorted(listed, key=lambda each: (-(each.mrr or 0), each.account.casefold())))


def _worth(reports: Reports, tx: Tx, scope: Scope, now: datetime) -> dict[int, float]:
    """What each account pays a month; of nobody where a rate is missing."""
    today = reports.period("today", now)
    zone = reports.policy.workspace.timezone
    wanted = Wanted(frozenset({"accounts", "terms", "revenue"}), scope, today.start, today.end, now, zone)
    try:
        facts = priced(reports.load(tx, wanted), today)
        return {account: paid for account, paid in mrr(facts, clients(facts), today.start).items() if paid}
    except KpiError:
        return {}


def _bounds(reports: Reports, tx: Tx, asked: Asked, period: Period) -> Iterator[Bounds]:
    """Of each score the silence about questions of its own series."""
    silent = rows.silent_questions(tx, asked)
    for key in (each.key for each in reports.listed() if each.key in _SCORES):
        value = reports.measured(tx, Settled(reports.names.find(key), period, asked.scope, asked.now))
        kept = silent.get((key, value.series or FIRST_SERIES), 0)
        if value.value is not None and value.numerator is not None and kept:
            asked_in_all, lowest = value.n + kept, value.numerator - (kept if key == "nps" else 0)
            span = (100 * lowest / asked_in_all, 100 * (value.numerator + kept) / asked_in_all)
            yield Bounds(key, value.label, value.unit, value.value, value.n, kept, *span)

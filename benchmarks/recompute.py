"""One complete month of every KPI computed anew, beside SQL written by hand for the same four numbers (`sql/KEY.sql`).

Three times each: the SQL; our measure of the month from facts read for it, with its interval; and the answer as it is
given, which has the month before and the interval of the change too. Nothing is remembered from one to the next.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from math import isclose
from statistics import median

from benchmarks.by_hand import VARIANTS, Analyst, Figures, Month, keys
from benchmarks.history import Histories, Opened
from benchmarks.report import Report, held
from bot.app import warm
from bot.clock import utc_now
from bot.services import build_reports
from kpi.metrics.evaluate import prepared
from kpi.ports import Now
from kpi.services.questions import Question
from kpi.services.reports import Reports, Settled
from sandbox.server import SandboxConfig, start

ROUNDS = 5
NEAR = 1e-6
MOST = 1.3
DAY = timedelta(days=1)
WAYS = ("sql", "measure", "answer")

Maker = Callable[[Now], Reports]
"""Makes reports that remember nothing."""


@dataclass(frozen=True, slots=True)
class Bench:
    """A month asked for in three ways, of the same facts as known at one instant."""

    make: Maker
    analyst: Analyst
    asked: Mapping[str, Settled]

    def sql(self, key: str) -> Figures:
        """By hand."""
        return self.analyst.ask(key)

    def measure(self, key: str) -> Figures:
        """The month alone."""
        kpi, period, scope, as_of = self.asked[key]
        reports = self._reports(key)
        with reports.store.transaction() as tx:
            facts = reports.facts(tx, kpi, scope, kpi.base.window(period, period), as_of)
        found = kpi.measure(prepared(kpi, facts, period), period)
        return Figures(found.value, found.n, found.numerator, found.denominator)

    def answer(self, key: str) -> Figures:
        """As people are answered; what is withheld from them is None."""
        _, period, _, as_of = self.asked[key]
        value = self._reports(key).answer(_question(key, period.key, as_of))
        return Figures(value.value, value.n, value.numerator, value.denominator)

    def _reports(self, key: str) -> Reports:
        return self.make(lambda: self.asked[key].as_of)

    def differences(self, key: str) -> list[str]:
        """Where the ways disagree, one line each."""
        theirs, alone, answered = self.sql(key), self.measure(key), self.answer(key)
        if answered.value is None:
            answered = alone._replace(n=answered.n)
        ours = {"measure": alone, "answer": answered}
        return [f"{key}: {way} {found}, by hand {theirs}" for way, found in ours.items() if not _same(found, theirs)]


@dataclass(slots=True)
class Times:
    """Milliseconds of each way, round by round."""

    taken: dict[str, list[float]] = field(default_factory=lambda: {way: [] for way in WAYS})

    def __getitem__(self, way: str) -> float:
        return median(self.taken[way])


def measure(histories: Histories, rounds: int = ROUNDS) -> Report:
    """Compared first, then timed: rounds in alternating order, the median of them."""
    with start(SandboxConfig(pace=None)) as slack, histories.long.opened(slack) as opened, _bench(opened) as bench:
        warm(opened.services.reports)
        if wrong := [line for key in keys() for line in bench.differences(key)]:
            raise RuntimeError("\n".join(wrong))
        times = {key: Times() for key in keys()}
        for number in range(rounds):
            for key in keys():
                for way in WAYS if number % 2 else reversed(WAYS):
                    times[key].taken[way].append(_milliseconds(partial(getattr(bench, way), key)))
        period = bench.asked[keys()[0]].period.key
    return _report(times, f"{period} of {histories.long.events:,} events")


@contextmanager
def bench_of(make: Maker, now: Now, period: str = "last month") -> Iterator[Bench]:
    """The bench of a complete month, by default the last one before now; everybody works by the default calendar."""
    as_of, reports = now(), make(now)
    store, policy = reports.store, reports.policy
    with store.transaction() as tx:
        asked = {key: reports.settled(tx, _question(key, period, as_of)) for key in keys()}
    month = asked[keys()[0]].period
    with store.engine.connect() as connection:
        analyst = Analyst(connection, policy.workspace, Month(month.start, month.end, as_of, store.workspace_id))
        if policy.calendars:
            analyst.prepare(policy.calendars.named["default"], (month.start - 2 * DAY, as_of.date() + 2 * DAY))
        yield Bench(make, analyst, asked)


def _bench(opened: Opened) -> AbstractContextManager[Bench]:
    return bench_of(partial(build_reports, opened.settings, opened.services.store), utc_now)


def _question(key: str, period: str, as_of: datetime) -> Question:
    return Question(key, period, as_of=as_of, variant=VARIANTS.get(key))


def _same(ours: Figures, theirs: Figures) -> bool:
    return all(one is other if None in (one, other) else isclose(one or 0, other or 0, rel_tol=NEAR, abs_tol=NEAR)
               for one, other in zip(ours, theirs, strict=True))  # fmt: skip


def _milliseconds(ask: Callable[[], object]) -> float:
    began = time.perf_counter()
    ask()
    return (time.perf_counter() - began) * 1000


def _report(times: Mapping[str, Times], what: str) -> Report:
    rows = [_row(f"{key} ({VARIANTS[key]})" if key in VARIANTS else key, [each[way] for way in WAYS])
            for key, each in times.items()]  # fmt: skip
    sums = {way: sum(each[way] for each in times.values()) for way in WAYS}
    figures = {f"{key}_{way}_ms": round(each[way], 3) for key, each in times.items() for way in WAYS}
    figures |= {f"sum_{way}_ms": round(sums[way], 3) for way in WAYS}
    figures |= {f"ratio_{way}": round(sums[way] / sums["sql"], 3) for way in WAYS[1:]}
    columns = ("", "SQL by hand", "our measure", "ratio", "as answered", "ratio")
    return Report(f"{what} computed anew", columns, [*rows, _row("all together", list(sums.values()))], figures)


def _row(name: str, milliseconds: Sequence[float]) -> tuple[str, ...]:
    sql, alone, answered = milliseconds
    ratios = [held(each / sql, MOST, "{:.1f}") for each in (alone, answered)]
    return name, f"{sql:.1f} ms", f"{alone:.1f} ms", ratios[0], f"{answered:.1f} ms", ratios[1]

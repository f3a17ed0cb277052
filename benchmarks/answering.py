"""From a question to its ack over 1 M and 10 M events, next to a default Bolt app that echoes.

Warm: asked again, nothing new. Cold: a fact the KPI reads was stored a moment before, so that it is computed anew; the
process has its libraries loaded either way. The shorter history does not reach back over all of a KPI's usual period
and the one before it, so growth also tells of reading more days.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from statistics import median

from benchmarks.calls import Line, echo
from benchmarks.facts import ROWS, Facts
from benchmarks.history import Histories, History, Opened
from benchmarks.report import Report, held, percentile
from bot.app import build_bolt, warm
from bot.clock import utc_now
from bot.services import build_reports
from kpi.model import KpiValue
from kpi.services.questions import Question
from sandbox.server import Sandbox, SandboxConfig, start

ROUNDS = 6
CALLS = 20
LONGEST_SECONDS = 2.0
"""A round of one contestant ends after so many calls, or after this long."""
WARM_MOST, COLD_MOST_MS, GROWTH_MOST = 0.5, 250.0, 1.5


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a history is asked: the bot's own way in, and a reader of the facts that remembers nothing."""

    opened: Opened
    line: Line
    facts: Facts

    def answer(self, kpi: str) -> KpiValue:
        """What the facts say now, computed from nothing but them."""
        settings, store = self.opened.settings, self.opened.services.store
        return build_reports(settings, store, utc_now).answer(Question(kpi))

    def shown(self, value: KpiValue) -> str:
        """How an answer says a value, or why there is none."""
        if value.value is None:
            return str(value.reason)
        return self.opened.services.reader.amount(value.value, value.unit)


@dataclass(slots=True)
class Contestant:
    """A question, asked again and again; `before` each time something happens that is not timed."""

    name: str
    text: str
    line: Line
    expected: Callable[[], str]
    before: Callable[[], None]
    milliseconds: list[float] = field(default_factory=list)

    def check(self) -> None:
        """Raise unless the ack says what the facts do."""
        self.before()
        _, said = self.line.call(self.text)
        if self.expected() not in said:
            raise RuntimeError(f"{self.name} was to answer “{self.expected()}”, not {said[:500]}")

    def round(self, calls: int) -> None:
        """Take this round's times, after asking once."""
        self.line.call(self.text)
        ends = time.perf_counter() + LONGEST_SECONDS
        for _ in range(calls):
            self.before()
            self.milliseconds.append(self.line.call(self.text)[0])
            if time.perf_counter() > ends:
                return

    @property
    def p95(self) -> float:
        """In milliseconds."""
        return percentile(self.milliseconds, 95)


Asked = dict[tuple[str, str, int], Contestant]
"""By KPI, warm or cold, and events."""


def measure(histories: Histories, rounds: int = ROUNDS, calls: int = CALLS) -> Report:
    """Correct first, then timed: rounds in alternating order, in one process and one run."""
    both = histories.short, histories.long
    with start(SandboxConfig(pace=None)) as slack, ExitStack() as stack:
        bare = Contestant("bare Bolt echo", "csat", echo(slack), lambda: "csat", _nothing)
        desks = {each.events: stack.enter_context(desk_of(each, slack)) for each in both}
        asked = {(kpi, how, events): contestant for events, desk in desks.items() for kpi in ROWS
                 for how, contestant in _contestants(kpi, desk)}  # fmt: skip
        everybody = [bare, *asked.values()]
        for each in everybody:
            each.check()
        for number in range(rounds):
            for each in everybody if number % 2 else reversed(everybody):
                each.round(calls)
        for each in everybody:
            each.check()
    return _report(bare, asked, both)


@contextmanager
def desk_of(history: History, slack: Sandbox) -> Iterator[Desk]:
    """The history, open and warm."""
    with history.opened(slack) as opened:
        warm(opened.services.reports)
        bolt = build_bolt(opened.settings, opened.services)
        yield Desk(opened, Line(bolt, "/kpi", slack.slack.config.signing_secret), Facts(opened))


def _contestants(kpi: str, desk: Desk) -> Iterator[tuple[str, Contestant]]:
    def expected() -> str:
        return desk.shown(desk.answer(kpi))

    for how, before in (("warm", _nothing), ("cold", lambda: desk.facts.write(kpi))):
        yield how, Contestant(f"/kpi {kpi}, {how}", kpi, desk.line, expected, before)


def _nothing() -> None:
    pass


def _report(bare: Contestant, asked: Asked, both: tuple[History, History]) -> Report:
    short, long = both
    figures: dict[str, float | int] = {"echo_p95_ms": round(bare.p95, 3)}
    rows: list[tuple[str, ...]] = [
        ("bare Bolt default echo", "", f"{bare.p95:.1f} ms", "", "", str(len(bare.milliseconds)))
    ]
    for (kpi, how, events), small in asked.items():
        if events == short.events:
            large = asked[kpi, how, long.events]
            rows.append(_row(bare, small, large, cold=how == "cold"))
            for size, found in (("short", small), ("long", large)):
                figures[f"{kpi}_{how}_{size}_p50_ms"] = round(median(found.milliseconds), 3)
                figures[f"{kpi}_{how}_{size}_p95_ms"] = round(found.p95, 3)
            figures[f"{kpi}_{how}_beside_echo"] = round(large.p95 / bare.p95, 3)
            figures[f"{kpi}_{how}_growth"] = round(large.p95 / small.p95, 3)
    columns = ("p95", short.name, long.name, "beside the echo", f"{long.name} : {short.name}", "calls")
    return Report(f"From a question to its ack, {short.events:,} and {long.events:,} events", columns, rows, figures)


def _row(bare: Contestant, small: Contestant, large: Contestant, *, cold: bool) -> tuple[str, ...]:
    ratio, milliseconds = large.p95 / bare.p95, f"{large.p95:.1f} ms"
    calls: Sequence[int] = [len(each.milliseconds) for each in (small, large)]
    return (
        small.name,
        f"{small.p95:.1f} ms",
        held(large.p95, COLD_MOST_MS, "{:.0f} ms") if cold else milliseconds,
        f"{ratio:.2f}" if cold else held(ratio, WARM_MOST, "{:.2f}"),
        held(large.p95 / small.p95, GROWTH_MOST, "{:.2f}"),
        " + ".join(map(str, calls)),
    )

"""From a signed request to its ack: `/kpi csat` over a real portfolio, next to a default Bolt app that echoes."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median

from benchmarks.calls import Line, echo
from benchmarks.places import new_folder, variables
from benchmarks.portfolio import fill
from benchmarks.report import Report, percentile
from bot.app import build_bolt, warm
from bot.clock import utc_now
from bot.database import open_database
from bot.services import build_services
from bot.settings import load
from kpi.store import schema
from sandbox.server import Sandbox, SandboxConfig, start

ROUNDS = 8
CALLS = 40
WARM_UP = 10
ASKED = "csat"


@dataclass
class Contestant:
    """An app and the command it answers with `expected` in the ack."""

    name: str
    line: Line
    expected: str
    milliseconds: list[float] = field(default_factory=list)

    def check(self) -> None:
        """Raise unless the ack says what it should."""
        _, said = self.line.call(ASKED)
        if self.expected not in said:
            raise RuntimeError(f"{self.name} was to answer “{self.expected}”, not {said[:500]}")

    def round(self) -> None:
        """Take this round's times."""
        self.milliseconds += [self.line.call(ASKED)[0] for _ in range(CALLS)]


def measure() -> Report:
    """Correct first, then timed: rounds in alternating order, in one process and one run."""
    with start(SandboxConfig(pace=None)) as slack, _contestants(slack) as (ours, bare, answers):
        for each in (ours, bare):
            for _ in range(WARM_UP):
                each.check()
        for number in range(ROUNDS):
            for each in (ours, bare) if number % 2 else (bare, ours):
                each.round()
        for each in (ours, bare):
            each.check()
        return _report(ours, bare, answers)


@contextmanager
def _contestants(slack: Sandbox) -> Iterator[tuple[Contestant, Contestant, int]]:
    with new_folder() as folder:
        settings = load(variables(slack, folder), folder)
        with open_database(settings) as engine:
            schema.migrate(engine)
            services = build_services(settings, engine, utc_now)
            scores = fill(services.store, utc_now())
            warm(services.reports)
            value = services.reader.amount(_csat(scores), "percent")
            line = Line(build_bolt(settings, services), "/kpi", slack.slack.config.signing_secret)
            ours = Contestant("/kpi csat", line, f"*Client satisfaction {value}*")
            yield ours, Contestant("bare Bolt echo", echo(slack), ASKED), len(scores)


def _csat(scores: Sequence[int]) -> float:
    return 100 * sum(score >= 4 for score in scores) / len(scores)


def _report(ours: Contestant, bare: Contestant, answers: int) -> Report:
    figures = {
        f"{who}_{name}_ms": round(value, 3)
        for who, contestant in (("kpi_csat", ours), ("echo", bare))
        for name, value in (
            ("p50", median(contestant.milliseconds)),
            ("p95", percentile(contestant.milliseconds, 95)),
        )
    }
    ratios = {f"ratio_{name}": round(figures[f"kpi_csat_{name}_ms"] / figures[f"echo_{name}_ms"], 2) for name in _SHOWN}
    return Report(
        f"From a request to its ack, {ROUNDS * CALLS} calls each, {answers} answers in the period",
        ("", "p50", "p95"),
        [
            ("/kpi csat", *(f"{figures[f'kpi_csat_{name}_ms']:.1f} ms" for name in _SHOWN)),
            ("bare Bolt default echo", *(f"{figures[f'echo_{name}_ms']:.1f} ms" for name in _SHOWN)),
            ("ratio", *(f"{ratios[f'ratio_{name}']:.2f}" for name in _SHOWN)),
        ],
        {**figures, **ratios, "answers": answers, "calls_each": ROUNDS * CALLS},
    )


_SHOWN = ("p50", "p95")

"""From a signed request to its ack: `/kpi csat` over a real portfolio, next to a default Bolt app that echoes."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median
from urllib.parse import urlencode

from slack_bolt import Ack, App, BoltRequest
from slack_sdk import WebClient

from benchmarks.places import new_folder, variables
from benchmarks.portfolio import fill
from benchmarks.report import Report, percentile
from bot.app import build_bolt, build_services, warm
from bot.clock import utc_now
from bot.database import open_database
from bot.settings import load
from kpi.store import schema
from sandbox.delivery import sign
from sandbox.server import Sandbox, start

ROUNDS = 8
CALLS = 40
WARM_UP = 10


@dataclass
class Contestant:
    """An app and the command it answers with `expected` in the ack."""

    name: str
    bolt: App
    command: str
    expected: str
    milliseconds: list[float] = field(default_factory=list)

    def call(self, secret: str) -> tuple[float, str]:
        """One dispatch: how long it took, in milliseconds, and the ack."""
        request = _request(self.command, secret)
        started = time.perf_counter()
        answer = self.bolt.dispatch(request)
        took = (time.perf_counter() - started) * 1000
        return took, answer.body

    def check(self, secret: str) -> None:
        """Raise unless the ack says what it should."""
        _, said = self.call(secret)
        if self.expected not in said:
            raise RuntimeError(f"{self.name} was to answer “{self.expected}”, not {said[:500]}")

    def round(self, secret: str) -> None:
        """Take this round's times."""
        self.milliseconds += [self.call(secret)[0] for _ in range(CALLS)]


def measure() -> Report:
    """Correct first, then timed: rounds in alternating order, in one process and one run."""
    with start() as slack, _contestants(slack) as (ours, echo, answers):
        secret = slack.slack.config.signing_secret
        for each in (ours, echo):
            for _ in range(WARM_UP):
                each.check(secret)
        for number in range(ROUNDS):
            for each in (ours, echo) if number % 2 else (echo, ours):
                each.round(secret)
        for each in (ours, echo):
            each.check(secret)
        return _report(ours, echo, answers)


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
            ours = Contestant("/kpi csat", build_bolt(settings, services), "/kpi", f"*Client satisfaction {value}*")
            yield ours, Contestant("bare Bolt echo", _echo(slack), "/echo", "csat"), len(scores)


def _echo(slack: Sandbox) -> App:
    client = WebClient(slack.slack.config.bot_token, base_url=slack.api_url)
    bolt = App(client=client, signing_secret=slack.slack.config.signing_secret, token_verification_enabled=False)

    @bolt.command("/echo")
    def echo(ack: Ack, command: dict[str, str]) -> None:
        ack(command["text"])

    return bolt


def _csat(scores: Sequence[int]) -> float:
    return 100 * sum(score >= 4 for score in scores) / len(scores)


def _request(command: str, secret: str) -> BoltRequest:
    place = {"team_id": "T0HOME00", "channel_id": "C0TEAM", "user_id": "U0ANNA", "user_name": "anna"}
    asked = {"command": command, "text": "csat", "trigger_id": f"{time.time_ns()}.1", "api_app_id": "A0KPIBOT"}
    body, timestamp = urlencode({**place, **asked}), str(int(time.time()))
    headers: dict[str, str | Sequence[str]] = {
        "content-type": "application/x-www-form-urlencoded",
        "x-slack-request-timestamp": timestamp,
        "x-slack-signature": sign(secret, timestamp, body),
    }
    return BoltRequest(body=body, headers=headers)


def _report(ours: Contestant, echo: Contestant, answers: int) -> Report:
    figures = {
        f"{who}_{name}_ms": round(value, 3)
        for who, contestant in (("kpi_csat", ours), ("echo", echo))
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

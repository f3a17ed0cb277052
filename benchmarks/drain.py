"""1,000 questions due at one instant, through Slack's limits: a message a second in a channel, eight in a workspace.

Meanwhile managers are told urgent things, somebody asks for a KPI and clients answer what just came. The bot is a
process of its own, as shipped, on the bundled PostgreSQL; the local Slack keeps its limits. KPIBOT_BENCH_SURVEYS says
how many questions, 1,000 by default.
"""

import asyncio
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from benchmarks.commands import bot_running
from benchmarks.morning import Heard, Notices, ask, fill
from benchmarks.places import new_folder, variables
from benchmarks.report import Report, held, percentile
from benchmarks.town import Tally, Town
from bot.clock import utc_now
from bot.database import open_database
from bot.services import build_services
from bot.settings import load
from kpi.store import schema
from kpi.store.store import Store
from sandbox.limits import Pace
from sandbox.server import Sandbox, SandboxConfig, start

SURVEYS = int(os.environ.get("KPIBOT_BENCH_SURVEYS", "1000"))
CONFIG = {"surveys.yaml": "programmes: {after_contact: {working_hours: false}, relationship: {active: false}}\n"}
"""What the operator's folder says beside the defaults, so that nothing but Slack's limits holds the questions up."""
RATIO_MOST, REPLY_MOST_SECONDS = 1.1, 1.0
WARM_UP_SECONDS = 5.0
NOTICE_EVERY_SECONDS, ASK_EVERY_SECONDS, CLICK_EVERY_SECONDS = 5.0, 1.0, 1.0
PATIENCE = 4
"""So many times longer than it could take, and the measurement is given up."""


@dataclass(frozen=True)
class Morning:
    """What happened: when the questions were due, what Slack heard, and how long everybody waited."""

    due_at: float
    heard: Heard
    notices: Notices
    asked: Tally
    clicked: Tally

    def waited(self) -> list[float]:
        """Milliseconds from a notice's transaction to Slack; RuntimeError where one never came."""
        missing = set(self.notices.queued) - set(self.heard.notices)
        if missing:
            raise RuntimeError(f"never told: {', '.join(sorted(missing))}")
        return [(self.heard.notices[text] - at) * 1000 for text, at in self.notices.queued.items()]


def measure(surveys: int = SURVEYS, **more: str) -> Report:
    """From the instant they are due to the last one's arrival; `more` are variables of the bot."""
    pace = Pace()
    with start(SandboxConfig(pace=pace)) as slack, new_folder() as folder:
        environ = _environ(slack, folder) | more
        settings = load(environ, folder)
        with open_database(settings) as engine:
            schema.migrate(engine)
            store = build_services(settings, engine, utc_now).store
            accounts = fill(store, slack, surveys)
            with bot_running(environ) as bot:
                town = Town(slack, f"{bot.url}/slack/events", 1)
                morning = asyncio.run(_played(town, store, Heard(slack.slack.calls), accounts))
    return _report(morning, surveys, surveys / pace.workspace.per_second)


def _environ(slack: Sandbox, folder: Path) -> dict[str, str]:
    """Over HTTP, with the operator's own files."""
    config = folder / "config"
    config.mkdir()
    for name, words in CONFIG.items():
        (config / name).write_text(words, encoding="utf-8")
    return {**variables(slack, folder), "KPIBOT_CONFIG": str(config), "SLACK_APP_TOKEN": ""}


async def _played(town: Town, store: Store, heard: Heard, accounts: list[int]) -> Morning:
    due_at = _next_round_instant()
    ask(store, accounts, due_at)
    morning = Morning(due_at.timestamp(), heard, Notices(store), Tally(), Tally())
    longest = PATIENCE * len(accounts) / Pace().workspace.per_second + 60
    async with town, asyncio.timeout(longest), asyncio.TaskGroup() as meanwhile:
        others = [
            meanwhile.create_task(morning.notices.go_on(NOTICE_EVERY_SECONDS)),
            meanwhile.create_task(_asking(town, morning)),
            meanwhile.create_task(_clicking(town, morning)),
        ]
        await _until(heard, len(accounts))
        await asyncio.sleep(1)
        for each in others:
            each.cancel()
    heard.listen()
    return morning


def _next_round_instant() -> datetime:
    """As nine o'clock is one; there are two seconds left at least, until the questions are stored."""
    soon = utc_now() + timedelta(seconds=2)
    return soon.replace(microsecond=0) + timedelta(seconds=10 - soon.second % 10)


async def _until(heard: Heard, questions: int) -> None:
    while len(heard.questions) < questions:
        await asyncio.sleep(0.05)
        heard.listen()


async def _asking(town: Town, morning: Morning) -> None:
    while True:
        morning.asked.note(await town.ask(town.people[0], "csat"), "Client satisfaction")
        await asyncio.sleep(ASK_EVERY_SECONDS)


async def _clicking(town: Town, morning: Morning) -> None:
    """Clients answer the question that came last."""
    while True:
        questions = morning.heard.questions
        if questions:
            morning.clicked.note(await town.click(questions[-1][1]))
        await asyncio.sleep(CLICK_EVERY_SECONDS)


def _report(morning: Morning, surveys: int, ideal: float) -> Report:
    times = [at for at, _ in morning.heard.questions]
    late = [at for at in morning.heard.limited if at > times[0] + WARM_UP_SECONDS]
    since_due, since_first = times[-1] - morning.due_at, times[-1] - times[0]
    waits = {"urgent notices": morning.waited(), "/kpi csat": morning.asked.milliseconds,
             "clicks": morning.clicked.milliseconds}  # fmt: skip
    lost = morning.asked.lost + morning.clicked.lost
    rows = [
        ("questions, since they were due", str(len(times)), "", "", f"{since_due:.1f} s",
         held(since_due / ideal, RATIO_MOST, "{:.3f}")),
        ("questions, since the first", str(len(times)), "", "", f"{since_first:.1f} s", f"{since_first / ideal:.3f}"),
        ("asked to wait, ever", str(len(morning.heard.limited)), "", "", "", ""),
        ("asked to wait, once warm", str(len(late)), "", "", "", held(len(late), 0, "{:.0f}")),
        *(_row(name, found) for name, found in waits.items()),
        ("acks lost or wrong", str(lost + len(morning.asked.wrong)), "", "", "", held(lost, 0, "{:.0f}")),
    ]  # fmt: skip
    figures: dict[str, float | int] = {
        "questions": len(times), "ideal_seconds": ideal, "since_due_seconds": round(since_due, 2),
        "since_first_seconds": round(since_first, 2), "ratio": round(since_due / ideal, 4),
        "ratio_since_first": round(since_first / ideal, 4), "limited": len(morning.heard.limited),
        "limited_once_warm": len(late), "lost": lost,
    }  # fmt: skip
    figures |= _figures(waits)
    title = f"{surveys:,} questions due at once; {ideal:.0f} s is what Slack's limits take"
    return Report(title, ("", "count", "p50", "p95", "longest", "asked"), rows, figures)


def _row(name: str, milliseconds: Sequence[float]) -> tuple[str, ...]:
    shown = [f"{percentile(milliseconds, each):.0f} ms" for each in (50, 95)]
    longest = max(milliseconds)
    return (
        name,
        str(len(milliseconds)),
        *shown,
        f"{longest:.0f} ms",
        held(longest / 1000, REPLY_MOST_SECONDS, "{:.2f} s"),
    )


def _figures(waits: Mapping[str, Sequence[float]]) -> dict[str, float]:
    found: dict[str, float] = {}
    for name, milliseconds in waits.items():
        key = name.strip("/").replace(" ", "_")
        found |= {f"{key}_p{each}_ms": round(percentile(milliseconds, each), 1) for each in (50, 95)}
        found[f"{key}_longest_ms"] = round(max(milliseconds), 1)
    return found

"""From the command to ready: kpibot with its bundled PostgreSQL, next to a bare Bolt app in Socket Mode."""

import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from statistics import median

import httpx

from benchmarks.places import new_folder, variables
from benchmarks.report import Report
from sandbox.client import Control
from sandbox.server import start

ROOT = Path(__file__).parents[1]
ROUNDS = 3
LONGEST_SECONDS = 60.0
BARE = """
import os
from threading import Event
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
app = App(client=WebClient(os.environ["SLACK_BOT_TOKEN"], base_url=os.environ["SLACK_API_URL"]))
app.command("/echo")(lambda ack, command: ack(command["text"]))
SocketModeHandler(app, os.environ["SLACK_APP_TOKEN"]).connect()
print("connected", flush=True)
Event().wait()
"""


def measure() -> Report:
    """Every round: the bare app, our first start in an empty folder, our second start in it; medians."""
    taken: dict[str, list[float]] = {"bare": [], "first": [], "second": []}
    with start() as slack, Control(slack.url) as control:
        for number in range(ROUNDS):
            with new_folder() as folder:
                environ = variables(slack, folder)
                ours = [("first", ("-m", "bot", "run")), ("second", ("-m", "bot", "run"))]
                bare = [("bare", ("-c", BARE))]
                for name, words in ours + bare if number % 2 else bare + ours:
                    taken[name].append(_seconds_to_ready(words, environ, control))
    return _report({name: median(seconds) for name, seconds in taken.items()})


def _seconds_to_ready(words: tuple[str, ...], environ: Mapping[str, str], control: Control) -> float:
    started = time.perf_counter()
    with subprocess.Popen(  # noqa: S603 our own programs
        [sys.executable, *words],
        cwd=ROOT,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            line = process.stdout.readline() if process.stdout else ""
            if not line:
                raise RuntimeError(f"{words} ended without a word")
            _wait_until_ready(line, control, started)
            return time.perf_counter() - started
        finally:
            process.terminate()


def _wait_until_ready(line: str, control: Control, started: float) -> None:
    url = line.rsplit(maxsplit=1)[-1]
    while not (control.connected(wait=0) and (url == "connected" or _is_well(url))):
        if time.perf_counter() - started > LONGEST_SECONDS:
            raise RuntimeError("it did not become ready")
        time.sleep(0.01)


def _is_well(url: str) -> bool:
    return httpx.get(f"{url}/readyz", trust_env=False, timeout=LONGEST_SECONDS).status_code == 200


def _report(seconds: Mapping[str, float]) -> Report:
    names = {"bare": "bare Bolt in Socket Mode", "first": "kpibot, first start", "second": "kpibot, second start"}
    rows = [(names[name], f"{taken:.2f} s", f"{taken / seconds['bare']:.1f}") for name, taken in seconds.items()]
    figures = {f"{name}_s": round(taken, 3) for name, taken in seconds.items()}
    ratios = {f"ratio_{name}": round(seconds[name] / seconds["bare"], 2) for name in ("first", "second")}
    return Report(f"Cold start to ready, median of {ROUNDS}", ("", "until ready", "ratio"), rows, {**figures, **ratios})

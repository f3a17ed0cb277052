"""From the command to ready: kpibot with its bundled PostgreSQL, next to a bare Bolt app in Socket Mode."""

import time
from collections.abc import Mapping
from statistics import median

from benchmarks.commands import LONGEST_SECONDS, Running, started
from benchmarks.places import new_folder, variables
from benchmarks.report import Report
from sandbox.client import Control
from sandbox.server import start

ROUNDS = 3
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
    began = time.perf_counter()
    with started(*words, environ=environ) as running:
        while not (control.connected(wait=0) and _is_ready(running)):
            if time.perf_counter() - began > LONGEST_SECONDS:
                raise RuntimeError("it did not become ready")
            time.sleep(0.01)
        return time.perf_counter() - began


def _is_ready(running: Running) -> bool:
    return running.url == "connected" or running.is_ready()


def _report(seconds: Mapping[str, float]) -> Report:
    names = {"bare": "bare Bolt in Socket Mode", "first": "kpibot, first start", "second": "kpibot, second start"}
    rows = [(names[name], f"{taken:.2f} s", f"{taken / seconds['bare']:.1f}") for name, taken in seconds.items()]
    figures = {f"{name}_s": round(taken, 3) for name, taken in seconds.items()}
    ratios = {f"ratio_{name}": round(seconds[name] / seconds["bare"], 2) for name in ("first", "second")}
    return Report(f"Cold start to ready, median of {ROUNDS}", ("", "until ready", "ratio"), rows, {**figures, **ratios})

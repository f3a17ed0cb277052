"""`python -m sandbox` as a program: it says where it listens and ends at once when told to."""

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from sandbox.client import Control

ROOT = Path(__file__).parents[2]


@contextmanager
def program(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "sandbox", *arguments]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        try:
            yield running
        finally:
            running.kill()


def line(running: subprocess.Popen[str]) -> dict[str, str]:
    assert running.stdout is not None
    found: dict[str, str] = json.loads(running.stdout.readline())
    return found


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_says_where_it_listens_and_ends_quietly_at_once(number: signal.Signals, tmp_path: Path) -> None:
    ready = tmp_path / "ready.json"
    with program("--ready-file", str(ready)) as running:
        said = line(running)
        assert said["api_url"] == f"{said['url']}/api/"
        assert json.loads(ready.read_text()) == said
        with Control(said["url"]) as control:
            assert control.get("state")["home"] == "T0HOME00"
        began = time.monotonic()
        running.send_signal(number)
        out, err = running.communicate(timeout=10)
        assert (running.returncode, out, err) == (0, "", "")
        assert time.monotonic() - began < 3


def test_it_ends_quietly_with_calls_still_hanging() -> None:
    with program() as running:
        said = line(running)
        with Control(said["url"]) as control, ThreadPoolExecutor(1) as caller:
            control.post("faults", method="auth.test", kind="slow", seconds=60)
            hanging = caller.submit(httpx.post, f"{said['api_url']}auth.test", timeout=20)
            assert control.calls("auth.test", at_least=1, wait=5)[0]["outcome"] == "pending"
            running.terminate()
            out, err = running.communicate(timeout=10)
            assert hanging.result(timeout=10).is_server_error
        assert (running.returncode, out, err) == (0, "", "")


def test_its_secrets_and_the_way_it_delivers_are_chosen_on_the_command_line() -> None:
    url = "http://127.0.0.1:1/slack/events"
    with program("--events-url", url, "--bot-token", "xoxb-1") as running, Control(line(running)["url"]) as control:
        assert control.get("state")["events_url"] == url
        outcome = control.post("command", channel="C0TEAM", user="U0ANNA", command="/kpi")
        assert outcome["ack"]["error"] == "dispatch_failed"
        running.terminate()


def test_it_can_be_made_to_end_with_the_program_that_started_it() -> None:
    command = [sys.executable, "-m", "sandbox", "--until-stdin-closes"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as running:
        assert line(running)["url"]
        assert running.poll() is None
        running.communicate(timeout=10)  # closes its input, as the kernel does for a program that was killed
        assert running.returncode == 0


def test_a_port_that_cannot_be_is_one_clear_sentence() -> None:
    with program("--port", "99999") as running:
        _, err = running.communicate(timeout=10)
    assert err.strip() == "The sandbox cannot listen on port 99999: no such port. Choose another with --port."


def test_a_port_in_use_is_one_clear_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        with program("--port", port) as running:
            _, err = running.communicate(timeout=10)
    assert running.returncode == 1
    assert (
        err.strip() == f"The sandbox cannot listen on port {port}: Address already in use. Choose another with --port."
    )

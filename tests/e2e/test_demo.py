"""The demo as a stranger runs it: what it says is true, and nothing of it is left."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

ROOT = Path(__file__).parents[2]
THE_END = "It is your turn."
PATIENCE_SECONDS = 90

pytestmark = pytest.mark.timeout(240)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "a folder with spaces"


@contextmanager
def demo(data: Path, *arguments: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """`python -m bot demo` in a folder of its own, in surroundings that must not matter to it."""
    # Neither a proxy nor the tokens and the database of a real installation may reach a demo.
    nowhere = {"HTTPS_PROXY": "http://127.0.0.1:9", "http_proxy": "http://127.0.0.1:9"}
    real = {"SLACK_BOT_TOKEN": "xoxb-real", "SLACK_CLIENT_ID": "1.2", "DATABASE_URL": "postgresql://nowhere/none"}
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "demo", *arguments],
        cwd=ROOT,
        env={**os.environ, **nowhere, **real, "KPIBOT_DATA": str(data), **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as running:
        try:
            yield running
        finally:
            running.kill()


def finished(data: Path, *arguments: str) -> tuple[int, str, str]:
    with demo(data, *arguments) as running:
        said, faults = running.communicate(timeout=PATIENCE_SECONDS)
    return running.returncode, said, faults


def read_until(running: subprocess.Popen[str], words: str) -> str:
    """What it says up to and with the line that holds these words."""
    assert running.stdout
    said = ""
    for line in running.stdout:
        said += line
        if words in line:
            return said
    raise AssertionError(f"it ended before it said “{words}”:\n{said}")


def left_behind(data: Path) -> list[str]:
    """The command lines of processes that belong to this demo: they have its folder around them or stand in it."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            belongs = str(data).encode() in (process / "environ").read_bytes()
            stands_in = str((process / "cwd").readlink()).startswith(str(data))
            words = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        found += [words] if words and (belongs or stands_in) else []
    return found


def gone_within(data: Path, what: str, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while any(what in command for command in left_behind(data)):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)  # the operating system's processes: there is no clock to move
    return True


def test_the_loop_is_played_and_its_last_line_is_true_even_after_a_demo_that_was_killed(data: Path) -> None:
    with demo(data) as killed:
        read_until(killed, THE_END)
        status, _, faults = finished(data, "--once")
        assert (status, faults.count("\n")) == (1, 1)
        assert "A demo is running in" in faults
        killed.kill()
    assert gone_within(data, "sandbox", seconds=5)

    status, said, faults = finished(data, "--once")
    assert (status, faults) == (0, "")
    assert left_behind(data) == []
    is_plain_and_tells_all(said)
    is_true(said, json.loads(said.splitlines()[-1]))


def is_plain_and_tells_all(said: str) -> None:
    assert "\x1b" not in said
    assert max(map(len, said.splitlines()[:-1])) <= 80
    told = [
        "Anna Arendt types in #account-team: /kpi csat",
        "Logged for Acme GmbH. Carla Client will be asked on",
        "@Carla Client How satisfied were you",
        "[ 1 ] [ 2 ] [ 3 ] [ 4 ] [ 5 ]",
        "only Carla Client sees this",
        "Thank you! Your comment has been saved.",
        "Weekly KPI digest",
        "Client churn",
        "Acme GmbH, ",
    ]
    places = [said.find(words) for words in told]
    assert -1 not in places
    assert places == sorted(places)


def is_true(said: str, proof: dict[str, Any]) -> None:
    """One answer more, and it was a satisfied one."""
    assert list(proof) == ["survey_posted", "reply_stored", "csat_before", "csat_after", "digest_posted"]
    assert (proof["survey_posted"], proof["reply_stored"], proof["digest_posted"]) == (True, True, True)
    before, after, in_week, in_digest = (int(n) for n in re.findall(r"n = (\d+) answers", said))
    assert before >= 30
    assert (after, in_digest) == (before + 1, before + 1)
    assert 1 <= in_week < 5
    assert re.search(r"No value in week \d+ of \d{4}", said)
    satisfied = round(proof["csat_before"] * before / 100)
    assert proof["csat_before"] == pytest.approx(100 * satisfied / before)
    assert proof["csat_after"] == pytest.approx(100 * (satisfied + 1) / after)


def test_it_stays_up_to_be_tried_and_sigterm_ends_it_all_within_ten_seconds(data: Path) -> None:
    with demo(data) as running:
        said = read_until(running, "ends the demo")
        url = re.findall(r"http://127\.0\.0\.1:\d+", said)[-1]
        page = httpx.get(url, params={"user": "U0CARLA", "channel": "C0ACME"}, trust_env=False).text
        assert "How satisfied were you" in page
        asked = httpx.post(
            f"{url}/_control/command",
            json={"channel": "C0TEAM", "user": "U0BEN", "command": "/kpi", "text": "nps"},
            trust_env=False,
        )
        assert "Net promoter score" in asked.json()["ephemeral"][0]["text"]
        running.terminate()
        _, faults = running.communicate(timeout=10)
    assert (running.returncode, faults) == (0, "")
    assert left_behind(data) == []


def test_interrupted_in_the_middle_it_says_so_in_a_sentence_and_leaves_nothing(data: Path) -> None:
    with demo(data, "--once") as running:
        read_until(running, "2. ")
        running.send_signal(signal.SIGINT)
        said, faults = running.communicate(timeout=10)
    assert running.returncode == 1
    assert "{" not in said
    assert len(faults.splitlines()) == 1
    assert str(data) in faults
    assert left_behind(data) == []


def test_a_folder_of_somebody_elses_is_left_alone(data: Path) -> None:
    (data / "demo").mkdir(parents=True)
    (data / "demo" / "thesis.txt").write_text("three years")
    status, said, faults = finished(data, "--once")
    assert (status, said) == (1, "")
    assert faults == f"{data}/demo holds files that are not the demo's: set KPIBOT_DATA to another folder.\n"
    assert (data / "demo" / "thesis.txt").read_text() == "three years"

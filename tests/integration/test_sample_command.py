"""kpibot sample, as typed."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from bot.clock import utc_now
from kpi.sources.sample import INTENDED
from kpi.sources.sample.rows import COLUMNS
from tests.bots import eventually
from tests.forked import called

ROOT = Path(__file__).parents[2]
SMALL = ("--accounts", "10", "--months", "3", "--seed", "2")
COMMAND = (sys.executable, "-m", "bot", "sample")
SURROUNDINGS = {**os.environ, "COLUMNS": "100"}


def run(*words: str | Path) -> subprocess.CompletedProcess[str]:
    with TemporaryDirectory() as aside:
        return called(SURROUNDINGS, Path(aside), "sample", *map(str, words))


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_it_says_what_it_made_and_with_which_mix_and_how_to_make_it_again(tmp_path: Path) -> None:
    told = run(tmp_path / "one", *SMALL)
    assert told.returncode == 0
    assert told.stderr == ""
    assert "10 accounts from" in told.stdout
    assert all(f"{name}.csv" in told.stdout for name in COLUMNS)
    assert all(words in told.stdout for words, _ in INTENDED.values())
    line = next(line for line in told.stdout.splitlines() if line.startswith("The same bytes again: kpibot sample "))
    first = f"{utc_now():%Y-%m}-01"
    assert line.endswith(f"--accounts 10 --months 3 --seed 2 --until {first}")
    again = line.partition(f"{tmp_path / 'one'} ")[2].split()
    assert run(tmp_path / "two", *again).returncode == 0
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_with_json_there_is_one_document_and_nothing_else(tmp_path: Path) -> None:
    told = run(tmp_path / "one", *SMALL, "--until", "2026-10-01", "--json")
    assert told.stderr == ""
    document = json.loads(told.stdout)
    assert (document["accounts"], document["since"], document["until"]) == (10, "2026-07-01", "2026-10-01")
    assert set(document["rows"]) == set(COLUMNS)
    assert set(document["mix"]) == set(INTENDED)
    assert document["events"] > 1000


def test_a_folder_that_holds_a_sample_is_refused_in_one_sentence(tmp_path: Path) -> None:
    assert run(tmp_path / "one", *SMALL).returncode == 0
    before = contents(tmp_path / "one")
    told = run(tmp_path / "one", "--accounts", "5", "--months", "1")
    assert (told.returncode, told.stdout) == (1, "")
    assert told.stderr.count("\n") == 1
    assert "already holds owners.csv" in told.stderr
    assert contents(tmp_path / "one") == before
    assert run(tmp_path / "one", "--accounts", "5", "--months", "1", "--force").returncode == 0
    assert contents(tmp_path / "one") != before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--accounts", "0"), "--accounts"),
        (("--until", "tomorrow"), "write it like 2026-10-01"),
        (("--events", "1000", "--accounts", "2", "--months", "3"), "leave one out"),
    ],
)
def test_wrong_usage_names_the_option_and_writes_nothing(tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    told = run(tmp_path / "one", *words)
    assert told.returncode == 2
    assert said in told.stderr
    assert list(tmp_path.iterdir()) == []


def _heed_interrupts() -> None:
    """Whoever started the tests in the background has SIGINT ignored, and children inherit that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_run_that_is_ended_leaves_no_folder_that_looks_whole(tmp_path: Path, sign: signal.Signals) -> None:
    command = [*COMMAND, str(tmp_path / "one"), "--accounts", "2000", "--months", "36"]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=_heed_interrupts,  # noqa: PLW1509 it touches a signal and nothing else
    ) as program:
        try:
            eventually(lambda: any(tmp_path.glob(".one.partial/usage.csv")), "the first rows")
            program.send_signal(sign)
            _, said = program.communicate(timeout=30)
        finally:
            program.kill()
    assert b"Traceback" not in said
    assert program.returncode != 0
    assert not (tmp_path / "one").exists()
    assert sign == signal.SIGKILL or list(tmp_path.iterdir()) == []

"""Published figures, each a test of its own."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.oracles import KINDS, NOT_BUILT, faults

FILE = Path(__file__).parent / "oracles.json"
CASES = json.loads(FILE.read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_a_published_figure_is_met(case: dict[str, Any]) -> None:
    if case["kpi"] not in KINDS:
        pytest.skip(f"not built yet: {NOT_BUILT[case['kpi']]}")
    assert faults(case) == []


def test_what_is_built_is_not_listed_as_missing() -> None:
    assert not KINDS.keys() & NOT_BUILT.keys()


def run(path: Path) -> subprocess.CompletedProcess[str]:
    root = Path(__file__).parents[2]
    command = [sys.executable, "-m", "tests.oracles", str(path)]
    return subprocess.run(command, capture_output=True, text=True, cwd=root, check=False)


def test_a_figure_that_is_off_is_named_and_fails_the_run(tmp_path: Path) -> None:
    case = {"id": "mine", "kpi": "nps", "input": {"scores": [10, 8]}, "expected": {"nps": 49}, "tolerance": 0.5}
    strange = {**case, "id": "strange", "input": {}}
    later = {**case, "id": "later", "kpi": "tea_per_client"}
    (tmp_path / "some.json").write_text(json.dumps([case, strange, later]), encoding="utf-8")
    done = run(tmp_path / "some.json")
    assert done.returncode == 1
    assert "mine: nps should be 49, is 50.0" in done.stdout
    assert "strange: its input is not understood" in done.stdout
    assert done.stdout.splitlines()[-1] == "0 passed, 2 failed, 1 skipped"


def test_our_own_copy_passes_from_the_command_line() -> None:
    done = run(FILE)
    assert done.returncode == 0
    assert re.search(r"^[0-9]+ passed, 0 failed, [0-9]+ skipped$", done.stdout.splitlines()[-1])

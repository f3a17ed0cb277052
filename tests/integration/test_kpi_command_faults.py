"""`kpibot kpi` when it cannot be meant, cannot be answered or cannot be printed."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from kpi.store.store import Store
from tests.asking import Told, at_home, small_portfolio
from tests.builders import Portfolio


@pytest.fixture
def portfolio(store: Store, migrated_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Portfolio:
    at_home(migrated_url, tmp_path, monkeypatch)
    return small_portfolio(store)


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["--account", "Zzz"], "There is no account “Zzz”."),
        (["--owner", "Ana Arent"], ""),
        (["--variant", "median"], "“median” is not a variant of csat: it has none."),
        (["--period", "2026-13"], "There is no month 13; months run from 01 to 12."),
        (["--as-of", "yesterday"], "“yesterday” is not an instant; write it like 2026-10-01T09:00+02:00."),
        (["--as-of", "9999-12-31T23:59:59-12:00"], "The year 9999 is out of reach; years run from 1900 to 2999."),
        (["--as-of", "0001-01-01T00:00Z"], "The year 1 is out of reach; years run from 1900 to 2999."),
        (["--trend", "60", "--period", "1910"], "60 periods up to 1910 would begin before 1900; ask for fewer."),
    ],
)
def test_what_can_be_mended_is_one_line_and_exit_status_1(portfolio: Portfolio, words: list[str], line: str) -> None:
    told = Told("csat", *words)
    if line:
        assert (told.out, told.said, told.status) == ("", line, 1)
    else:
        assert told.said == "Ana Arent read as Anna Arendt\n"


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["csat", "--account", "a", "--owner", "b"], "Give one of --account, --segment and --owner."),
        (["csat", "--by", "owner", "--trend", "3"], "Ask for one of by, trend and explain at a time."),
        (["csat", "--explain", "--trend", "3"], "Ask for one of by, trend and explain at a time."),
        (["csat", "--by", "account", "--account", "a"], "One account cannot be broken down by account."),
        (["csat", "--by", "mood"], "A KPI is broken down by segment, owner or account, not by “mood”."),
        (["clv", "nps", "--variant", "historic"], "--variant goes with one KPI; ask for the others apart."),
        (["csat", "--trend", "61"], "A trend has 1 to 60 periods, not 61."),
        (["csat", "--period", " "], "--period says nothing; leave it out for the KPI's usual one."),
        (["csat", "--trend", "0"], "A trend has 1 to 60 periods, not 0."),
        ([], "Say which KPI; `kpibot kpi list` shows all there are."),
        (["list", "csat"], "`kpibot kpi list` takes nothing but --json."),
        (
            ["--impact", "new portal", "2026-05-01", "--trend", "3"],
            "--impact stands with KEY, a scope and --json alone.",
        ),
    ],
)
def test_wrong_usage_is_one_line_and_exit_status_2(portfolio: Portfolio, words: list[str], line: str) -> None:
    told = Told(*words)
    assert (told.out, told.said, told.status) == ("", f"{line}\n", 2)


def run(*words: str, stdout: Any) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "bot", "kpi", *words]
    return subprocess.Popen(
        command, stdout=stdout, stderr=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    )


@pytest.mark.parametrize("words", [("csat",), ("csat", "--json"), ("list", "--json"), ("csat", "--by", "account")])
def test_where_there_is_no_room_to_print_one_line_says_so(portfolio: Portfolio, words: tuple[str, ...]) -> None:
    with Path("/dev/full").open("wb") as full:
        ended = run(*words, stdout=full)
        _, said = ended.communicate()
    assert (said.decode(), ended.returncode) == ("Not all of it could be written: No space left on device.\n", 1)


@pytest.mark.parametrize("words", [("csat",), ("csat", "--json")])
def test_a_reader_that_has_left_ends_it_without_a_word(portfolio: Portfolio, words: tuple[str, ...]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    ended = run(*words, stdout=writing)
    os.close(writing)
    _, said = ended.communicate()
    assert (said.decode(), ended.returncode) == ("", 1)

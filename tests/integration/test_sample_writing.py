"""The same plan gives the same bytes, whole or not at all."""

import hashlib
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from kpi.errors import KpiError
from kpi.sources.sample import Made, Plan, write
from kpi.sources.sample.rows import COLUMNS, quoted

PLAN = Plan(14, date(2026, 4, 1), date(2026, 10, 1), 5)
SCRIPT = """
import sys; from datetime import date; from pathlib import Path; from kpi.sources.sample import Plan, write
write(Path(sys.argv[1]), Plan(14, date(2026, 4, 1), date(2026, 10, 1), 5), lambda done: None)
"""


def made(folder: Path, plan: Plan = PLAN, *, force: bool = False) -> Made:
    return write(folder, plan, lambda _done: None, force=force)


def hashes(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def lines(folder: Path, name: str) -> list[str]:
    return (folder / f"{name}.csv").read_text(encoding="utf-8").splitlines()


def test_the_same_plan_gives_the_same_bytes_in_every_process(tmp_path: Path) -> None:
    made(tmp_path / "here")
    for seed in ("0", "4711"):
        surroundings = {**os.environ, "PYTHONHASHSEED": seed, "TZ": "Asia/Tokyo", "LC_ALL": "C"}
        command = [sys.executable, "-c", SCRIPT, str(tmp_path / seed)]
        subprocess.run(command, check=True, env=surroundings, cwd=Path(__file__).parents[2])
        assert hashes(tmp_path / seed) == hashes(tmp_path / "here")


def test_another_seed_gives_other_facts_in_the_same_files(tmp_path: Path) -> None:
    made(tmp_path / "one")
    made(tmp_path / "other", Plan(PLAN.accounts, PLAN.since, PLAN.until, 6))
    one, other = hashes(tmp_path / "one"), hashes(tmp_path / "other")
    assert set(one) == set(other) == {f"{name}.csv" for name in COLUMNS}
    assert not set(one.values()) & set(other.values())


def test_an_account_is_the_same_in_a_larger_portfolio(tmp_path: Path) -> None:
    made(tmp_path / "small")
    made(tmp_path / "large", Plan(2 * PLAN.accounts, PLAN.since, PLAN.until, PLAN.seed))
    for name in set(COLUMNS) - {"owners"}:
        few, many = lines(tmp_path / "small", name), lines(tmp_path / "large", name)
        assert many[: len(few)] == few
        assert len(many) > len(few)


def test_lines_end_as_on_unix_and_texts_are_utf_8_without_a_mark(tmp_path: Path) -> None:
    made(tmp_path / "sample")
    for path in (tmp_path / "sample").iterdir():
        content = path.read_bytes()
        assert content.endswith(b"\n")
        assert b"\r" not in content
        assert not content.startswith(b"\xef\xbb\xbf")
        content.decode("utf-8")


def test_files_that_are_there_are_replaced_only_when_told_to(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "accounts.csv").write_text("account,name\nacme,ACME\n")
    (folder / "notes.txt").write_text("mine")
    with pytest.raises(KpiError, match=r"already holds accounts\.csv; choose another, or add --force"):
        made(folder)
    assert (folder / "accounts.csv").read_text() == "account,name\nacme,ACME\n"
    made(folder, force=True)
    assert len(lines(folder, "accounts")) == PLAN.accounts + 1
    assert (folder / "notes.txt").read_text() == "mine"
    assert len(list(folder.iterdir())) == len(COLUMNS) + 1


def test_a_folder_that_is_there_but_holds_none_of_the_files_is_filled(tmp_path: Path) -> None:
    made(tmp_path)
    assert set(hashes(tmp_path)) == {f"{name}.csv" for name in COLUMNS}


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(KpiError, match="is a file; name a folder"):
        made(tmp_path / "file")
    with pytest.raises(KpiError, match="nothing was written"):
        made(tmp_path / "file" / "below")


class Interrupted(BaseException):
    """What Ctrl-C raises, without a keyboard."""


@pytest.mark.parametrize("exists", [False, True])
def test_nothing_is_left_of_a_run_that_was_interrupted(tmp_path: Path, exists: bool) -> None:
    folder = tmp_path / "sample"
    if exists:
        folder.mkdir()

    def interrupt(_done: int) -> None:
        raise Interrupted

    with pytest.raises(Interrupted):
        write(folder, PLAN, interrupt)
    assert list(tmp_path.rglob("*")) == ([folder] if exists else [])


def test_what_a_killed_run_left_is_cleared_by_the_next(tmp_path: Path) -> None:
    left = tmp_path / ".sample.partial"
    left.mkdir()
    (left / "usage.csv").write_text("half a li")
    made(tmp_path / "sample")
    assert list(tmp_path.iterdir()) == [tmp_path / "sample"]
    assert "half a li" not in lines(tmp_path / "sample", "usage")


def test_two_runs_do_not_write_to_one_folder_at_once(tmp_path: Path) -> None:
    def again(_done: int) -> None:
        with pytest.raises(KpiError, match="Another run is writing"):
            made(tmp_path / "sample")

    write(tmp_path / "sample", PLAN, again)
    assert set(hashes(tmp_path / "sample")) == {f"{name}.csv" for name in COLUMNS}


def test_progress_is_told_account_by_account(tmp_path: Path) -> None:
    told: list[int] = []
    write(tmp_path / "sample", PLAN, told.append)
    assert told == [1] * PLAN.accounts


@pytest.mark.parametrize(
    ("text", "cell"),
    [("plain", "plain"), ("a, b", '"a, b"'), ('so "good"', '"so ""good"""'), ("two\nlines", '"two\nlines"')],
)
def test_texts_are_quoted_where_they_must_be(text: str, cell: str) -> None:
    assert quoted(text) == cell


@pytest.mark.parametrize("until", [date(2000, 3, 1), date(2024, 3, 1), date(2100, 12, 31)])
def test_a_portfolio_can_end_on_any_day_and_be_as_short_as_one(tmp_path: Path, until: date) -> None:
    plan = Plan(30, until.replace(day=until.day - 1) if until.day > 1 else date(until.year, 2, 29), until, 3)
    assert made(tmp_path / "sample", plan).rows["accounts"] == 30

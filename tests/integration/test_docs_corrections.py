"""What docs/corrections.md shows is done, command by command."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import cli
from kpi.errors import KpiError

PAGE = (Path(__file__).parents[2] / "docs" / "corrections.md").read_text(encoding="utf-8")


def shown() -> Iterator[tuple[str, list[str]]]:
    """Each command of the page with the lines it prints there; `…` stands for any lines."""
    for block in re.findall(r"^```console\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE):
        for step in block.removeprefix("$ ").split("\n$ "):
            command, *lines = step.splitlines()
            yield command, [line.rstrip() for line in lines]


def printed(command: str) -> list[str]:
    ended = CliRunner().invoke(cli, shlex.split(command.removeprefix("kpibot ")))
    assert ended.exception is None or isinstance(ended.exception, KpiError | SystemExit), ended.exception
    said = str(ended.exception) if isinstance(ended.exception, KpiError) else ended.output
    return [line.rstrip() for line in said.splitlines()]


def as_pattern(lines: list[str]) -> str:
    return "".join("(.*\n)*" if line == "…" else f"{re.escape(line)}\n" for line in lines)


def test_every_command_of_the_page_prints_what_the_page_shows(
    migrated_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "portfolio").mkdir()
    for name, text in re.findall(r"^`(\S+)`:\n\n```csv\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE):
        (tmp_path / "portfolio" / name).write_text(text, encoding="utf-8")
    (tmp_path / "config").mkdir()
    monkeypatch.chdir(tmp_path)
    for name, value in (("DATABASE_URL", migrated_url), ("KPIBOT_CONFIG", "config"), ("KPIBOT_DATA", "data")):
        monkeypatch.setenv(name, value)
    steps = list(shown())
    assert len(steps) > 12
    for command, lines in steps:
        told = printed(command)
        assert re.fullmatch(as_pattern(lines), "".join(f"{line}\n" for line in told)), (command, told)

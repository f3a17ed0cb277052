"""`kpibot kpi` called as people and programs call it, over a small portfolio."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bot.cli import cli
from kpi.errors import KpiError
from kpi.store.store import Store
from tests.builders import Portfolio, at

AS_OF = ("--as-of", "2026-10-05T12:00Z")
LAST = ("--period", "last 90 days")


def at_home(url: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command works in a folder of its own, on this database."""
    (folder / "config").mkdir()
    monkeypatch.chdir(folder)
    for name, value in (("DATABASE_URL", url), ("KPIBOT_CONFIG", "config"), ("KPIBOT_DATA", "data")):
        monkeypatch.setenv(name, value)


def small_portfolio(store: Store) -> Portfolio:
    """Clients with six, five, one and four answers; Anna has all but the first, and one of them has left."""
    found = Portfolio(store)
    anna = found.owner("Anna Arendt")
    for number, (name, scores) in enumerate(
        (("Acme GmbH", [5] * 6), ("Globex", [5, 1, 1, 1, 1]), ("Initech", [3]), ("Umbra", [2] * 4))
    ):
        account = found.account(name, owner_id=anna if number else None, segment="small" if number else None)
        found.term(account, "2024-01-01", "2026-08-01" if name == "Initech" else None)
        for score in scores:
            found.reply(account, score, at("2026-09-01"))
    return found


class Told:
    """What a call printed, and how it ended."""

    def __init__(self, *words: str) -> None:
        ended = CliRunner().invoke(cli, ["kpi", *words], env={"COLUMNS": "80"})
        fault = ended.exception
        assert fault is None or isinstance(fault, KpiError | SystemExit), fault
        self.out, self.said = ended.stdout, ended.stderr + (str(fault) if isinstance(fault, KpiError) else "")
        self.status = 1 if isinstance(fault, KpiError) else ended.exit_code

    @property
    def document(self) -> Any:
        """The one JSON document on standard output."""
        return json.loads(self.out)

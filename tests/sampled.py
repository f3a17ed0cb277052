"""Sample portfolios as tests read them back, made once for all tests of a process."""

import csv
import tempfile
from collections import defaultdict
from datetime import date
from functools import cache
from pathlib import Path

from kpi.sources.sample import Made, Wish, planned, write

UNTIL = date(2026, 10, 1)
Row = dict[str, str]


class Sampled:
    """What was made, and its files as rows."""

    def __init__(self, accounts: int, months: int, seed: int) -> None:
        plan = planned(Wish(accounts, months, seed=seed), UNTIL)
        with tempfile.TemporaryDirectory() as folder:
            self.made: Made = write(Path(folder) / "sample", plan, lambda _done: None)
            self._texts = {path.stem: path.read_text(encoding="utf-8") for path in self.made.folder.iterdir()}
        self._rows: dict[str, list[Row]] = {}

    def __getitem__(self, name: str) -> list[Row]:
        if name not in self._rows:
            self._rows[name] = list(csv.DictReader(self._texts[name].splitlines(keepends=True), strict=True))
        return self._rows[name]

    def header(self, name: str) -> str:
        """The first line of a file."""
        return self._texts[name].partition("\n")[0]

    def by_account(self, name: str) -> dict[str, list[Row]]:
        """The rows of a file by account."""
        found = defaultdict(list)
        for row in self[name]:
            found[row["account"]].append(row)
        return found


@cache
def small() -> Sampled:
    """60 accounts, 15 months: every rule can be checked on every row."""
    return Sampled(60, 15, 7)


@cache
def large() -> Sampled:
    """300 accounts, 24 months: shares mean something."""
    return Sampled(300, 24, 1)

"""What an import tells where there is little room."""

import io

from rich.console import Console

from bot.cli.import_report import Report
from kpi.services.intake import Fate, Mode, Taken


def test_names_and_figures_stay_whole_on_a_terminal_of_eighty_columns() -> None:
    said = io.StringIO()
    much = Taken("interactions", "interactions.csv", Fate.CHECKED, rows=1_234_567, new=1_000_000, unchanged=234_567)
    Report([much], Mode(dry_run=True), [], 1.0).show(Console(width=80, file=said))
    assert "interactions.csv  1,234,567  1,000,000        0    234,567" in said.getvalue()
    assert "…" not in said.getvalue()

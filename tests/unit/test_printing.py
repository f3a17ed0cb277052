"""What commands print."""

import pytest
from rich.table import Table

from bot.cli.session import console


def test_names_with_brackets_are_printed_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    table = Table("Why", box=None)
    table.add_row("unexpected body [/html]")
    console.print("BAD Acme [/] [gmbh] has no channel")
    console.print(table)
    said = capsys.readouterr().out
    assert "BAD Acme [/] [gmbh] has no channel" in said
    assert "unexpected body [/html]" in said

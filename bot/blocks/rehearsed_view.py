"""What the programmes would have asked, for a terminal."""

from rich.console import Group
from rich.table import Table
from rich.text import Text

from bot.blocks import rehearsed
from bot.blocks.reader import Reader
from kpi.services.surveys.rehearsal import Rehearsed


def rehearsed_view(found: Rehearsed, by: str, reader: Reader) -> Group:
    """The whole in a sentence, a table, and every reason."""
    table = Table(by.capitalize(), *rehearsed.COLUMNS)
    for row in rehearsed.rows(found, by, reader):
        table.add_row(*(Text(cell) for cell in row))
    reasons = [Text(f"  {line}") for line in rehearsed.reasons(found, reader)]
    return Group(Text(rehearsed.sentence(found, reader)), table, *reasons)

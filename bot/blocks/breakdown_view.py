"""A KPI by segment, owner or account, for a terminal."""

from rich.console import Group
from rich.text import Text

from bot.blocks.console import cells, standing
from bot.blocks.groups import title
from bot.blocks.reader import Reader
from bot.blocks.rows import COLUMNS, group_name
from bot.blocks.tables import lines
from kpi.records.reading import visible
from kpi.services.breakdowns import Breakdown


def breakdown_view(found: Breakdown, reader: Reader) -> Group:
    """A line for each group, the worst first; below them those without a value and why."""
    if not found.values:
        return Group(Text(visible(title(found, reader))))
    table = lines(found.by.capitalize(), *COLUMNS)
    for value in found.values:
        table.add_row(Text(visible(group_name(value))), *cells(value, reader), Text(standing(value)))
    return Group(Text(f"{visible(title(found, reader))}, the worst first", style="bold"), table)

"""A KPI by segment, owner or account, for a terminal."""

from rich.console import Group
from rich.text import Text

from bot.blocks.console import cells, standing
from bot.blocks.reader import Reader
from bot.blocks.tables import lines
from kpi.records.reading import visible
from kpi.services.breakdowns import Breakdown


def breakdown_view(found: Breakdown, reader: Reader) -> Group:
    """A line for each group, the worst first; below them those without a value and why."""
    if not found.values:
        return Group(Text(f"{visible(found.label)}: there is no {found.by} to break it down by."))
    title = f"{visible(found.label)} by {found.by} {reader.within(found.values[0].period)}, the worst first"
    table = lines(found.by.capitalize(), "Value", "n", "95% interval", "Change", "Status")
    for value in found.values:
        name = f"without {found.by}" if value.scope.name is None else visible(value.scope.name)
        table.add_row(Text(name), *cells(value, reader), Text(standing(value)))
    return Group(Text(title, style="bold"), table)

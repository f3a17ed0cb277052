"""Tables for a terminal of any width: what does not fit is folded, nothing is cut."""

from collections.abc import Iterable

from rich.console import JustifyMethod
from rich.table import Table
from rich.text import Text

_LABEL_WIDTH, _NAME_WIDTH = 24, 14


def lines(*names: str) -> Table:
    """A table with these headings; n stands to the right."""
    table = Table(box=None, header_style="bold")
    for place, name in enumerate(names):
        justify: JustifyMethod = "right" if name == "n" else "left"
        table.add_column(name, overflow="fold", justify=justify, min_width=None if place else _NAME_WIDTH)
    return table


def pairs(told: Iterable[tuple[str, str]]) -> Table:
    """Labels and what they say, one under the other."""
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(max_width=_LABEL_WIDTH, style="dim", overflow="fold")
    table.add_column(overflow="fold")
    for label, words in told:
        table.add_row(Text(label), Text(words))
    return table

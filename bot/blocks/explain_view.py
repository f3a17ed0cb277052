"""Why a KPI is what it is, for a terminal."""

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.text import Text

from bot.blocks import reasons, tables
from bot.blocks.console import value_view
from bot.blocks.reader import Reader
from kpi.records.reading import visible
from kpi.services.explained import Explanation, Shown


def explain_view(found: Explanation, reader: Reader) -> Group:
    """The value with its evidence, the accounts behind it, and what was counted how and when."""
    lists = [part for shown in found.lists for part in _listed(shown, reader)]
    meaning = tables.pairs((label, visible(said)) for label, said in reasons.meaning(found, reader))
    return Group(value_view(found.value, reader), *lists, _heading("How to read it"), meaning)


def _listed(shown: Shown, reader: Reader) -> Iterator[RenderableType]:
    yield _heading(reasons.heading(shown, reader))
    more = reasons.more(shown, reader)
    if not shown.columns:
        names = ", ".join(visible(account) for account, _ in shown.rows) or "none"
        yield Text(f"{names} {more}".rstrip())
        return
    table = tables.lines(*reasons.columns(shown))
    for cells in reasons.lines(shown, reader):
        table.add_row(*(Text(visible(cell)) for cell in cells))
    yield table
    if more:
        yield Text(more)


def _heading(said: str) -> Text:
    return Text(f"\n{said}", style="bold")

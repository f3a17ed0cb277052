"""How asking went, for a terminal."""

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.text import Text

from bot.blocks import fates, tables
from bot.blocks.reader import Reader
from kpi.records.reading import visible
from kpi.services.surveys.covered import Coverage


def surveys_view(found: Coverage, reader: Reader) -> Group:
    """The whole in bold, a table, and lists of what needs somebody's eye."""
    tally = found.whole.tally
    head = f"{fates.title(found, reader)}: {fates.came_to(tally, reader)}"
    beside = fates.not_asked(tally, reader)
    told = [f"{fates.rate(found.whole.rate, reader).capitalize().rstrip('.')}."] + ([f"{beside}."] if beside else [])
    parts: list[RenderableType] = [Text(visible(head), style="bold"), *(Text(visible(words)) for words in told)]
    return Group(*parts, *_table(found, reader), *_lists(found, reader))


def _table(found: Coverage, reader: Reader) -> Iterator[RenderableType]:
    if found.lines:
        table = tables.lines(found.by.capitalize(), *fates.COLUMNS)
        for line in found.lines:
            row = (fates.called(line, found.by), *fates.cells(line, reader))
            table.add_row(*(Text(visible(cell)) for cell in row))
        yield table


def _lists(found: Coverage, reader: Reader) -> Iterator[RenderableType]:
    for name, lines in fates.lists(found, reader):
        yield Text(f"\n{name}", style="bold")
        yield from (Text(visible(f"  {line}")) for line in lines)

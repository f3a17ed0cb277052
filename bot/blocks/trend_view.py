"""A KPI over time, for a terminal."""

from collections.abc import Sequence

from rich.console import Group
from rich.text import Text

from bot.blocks.console import cells, whose
from bot.blocks.reader import Reader
from bot.blocks.rows import when
from bot.blocks.signals import signals_sentence
from bot.blocks.tables import lines
from kpi.records.reading import visible
from kpi.services.trends import Trend

_WIDEST = 10
_EIGHTHS = " ▏▎▍▌▋▊▉█"


def trend_view(found: Trend, reader: Reader) -> Group:
    """A line for each period, oldest first, with a bar; then what they say together."""
    last = found.values[-1]
    scope = whose(last.scope)
    title = f"{visible(found.label)}{f' for {scope}' if scope else ''}, {len(found.values)} periods"
    table = lines("Period", "Value", "n", "95% interval", "Change", "")
    for value, bar in zip(found.values, bars([value.value for value in found.values]), strict=True):
        table.add_row(Text(when(value, reader)), *cells(value, reader), Text(bar))
    return Group(Text(title, style="bold"), table, Text(signals_sentence(found.signals, found.values, reader)))


def bars(values: Sequence[float | None]) -> list[str]:
    """A bar for each value from the least (0 where none is below it) to the most; none where there is no value."""
    known = [value for value in values if value is not None]
    least, most = min([0.0, *known]), max([0.0, *known])
    return ["" if value is None or most == least else _bar((value - least) / (most - least)) for value in values]


def _bar(share: float) -> str:
    whole, eighths = divmod(round(share * _WIDEST * 8), 8)
    return "█" * whole + (_EIGHTHS[eighths] if eighths else "")

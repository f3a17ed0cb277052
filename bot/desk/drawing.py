"""A trend as a line to be drawn, where it has more periods than Slack draws."""

from bot.blocks.reader import Reader
from bot.blocks.rows import when
from bot.blocks.ticks import tick
from bot.blocks.trend_card import needs_picture
from bot.pictures import Line
from kpi.services.trends import Trend


def line(found: Trend, reader: Reader) -> Line | None:
    """The trend's line with its intervals and the target they share; None where Slack draws it."""
    if not needs_picture(found):
        return None
    first, last = found.values[0], found.values[-1]
    intervals = [value.interval for value in found.values]
    targets = {value.target.value if value.target else None for value in found.values}
    whose = f" for {last.scope.name}" if last.scope.name else ""
    return Line(
        title=f"{found.label}{whose}, {when(first, reader)} to {when(last, reader)}",
        unit=reader.currency if last.unit == "money" else last.unit,
        labels=[tick(value.period, reader) for value in found.values],
        values=[value.value for value in found.values],
        low=[interval.low if interval else None for interval in intervals],
        high=[interval.high if interval else None for interval in intervals],
        target=targets.pop() if len(targets) == 1 else None,
    )

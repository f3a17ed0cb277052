"""A KPI's groups in words: for a breakdown's card and for a terminal's table."""

from bot.blocks.reader import Reader
from kpi.services.breakdowns import Breakdown


def title(found: Breakdown, reader: Reader) -> str:
    """What is broken down, and when; of nothing, that there is nothing. Not escaped."""
    if not found.values:
        return f"{found.label}: there is no {found.by} to break it down by."
    return f"{found.label} by {found.by} {reader.within(found.values[0].period)}"

"""Periods in as few letters as an axis has room for."""

import re
from datetime import UTC, datetime

from babel import dates

from bot.blocks.reader import DAY, Reader
from kpi.model import PeriodRef


def tick(period: PeriodRef, reader: Reader) -> str:
    """Sep 2026, W40 2026, Q3 2026; days in a row, and the last 90 days, go by their last one."""
    key = period.key
    if ".." in key or key.startswith("last "):
        return reader.day(period.end - DAY)
    if month := re.fullmatch(r"(\d{4})-(\d\d)", key):
        first = datetime(int(month[1]), int(month[2]), 1, tzinfo=UTC)
        return dates.format_skeleton("yMMM", first, locale=reader.locale)
    week = re.fullmatch(r"(\d{4})-W(\d\d)", key)
    return f"W{week[2]} {week[1]}" if week else reader.spoken(key)

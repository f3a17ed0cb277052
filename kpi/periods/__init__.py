"""Periods: half-open runs of local days, the words for them and their instants (KPIS.md, Time)."""

from kpi.periods.instants import bounds, local_day, midnight
from kpi.periods.period import Period, previous, shift, spoken, year_before
from kpi.periods.words import parse

__all__ = ["Period", "bounds", "local_day", "midnight", "parse", "previous", "shift", "spoken", "year_before"]
